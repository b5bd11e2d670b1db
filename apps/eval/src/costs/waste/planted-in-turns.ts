import { type WasteRule } from '@telltale/contracts';
import { type Random } from '@telltale/simulator';
import { type ConversationScript, wordsOf } from './conversation-script';

/** A conversation with waste of one kind, or, where `rule` is null, one that looks like it and is none. */
export interface Planted {
  readonly name: string;
  readonly rule: WasteRule | null;
  write(conversation: ConversationScript, random: Random): void;
}

const planted = (rule: WasteRule | null, name: string, write: Planted['write']): Planted => ({ name, rule, write });
const order = (random: Random): { order: string } => ({ order: `A${random.int(1_000, 99_999)}` });
const ANSWER = 'Your parcel will be there on Thursday.';
const times = (n: number, act: (nth: number) => void): void => {
  for (let nth = 0; nth < n; nth++) act(nth);
};

/** Asks for a tool as agents do, each time with all that was said before: no two prompts are the same. */
function ask(turn: ReturnType<ConversationScript['turn']>, random: Random, of: { readonly input?: number } = {}): void {
  turn.llm({ prompt: 'plan', asks: true, given: wordsOf(random, 300), ...of });
}
function answer(turn: ReturnType<ConversationScript['turn']>, random: Random, says = ANSWER): void {
  turn.llm({ prompt: 'answer', given: wordsOf(random, 300), says });
  turn.end(says);
}

export const PLANTED_IN_TURNS: readonly Planted[] = [
  planted('retry_storm', 'a tool that the agent tries again and again', (talk, random) => {
    const [turn, args] = [talk.turn('Where is my order?'), order(random)];
    times(random.int(3, 6), () => {
      ask(turn, random);
      turn.tool('find_parcel', args, null, { failed: true });
    });
    answer(turn, random, 'The carrier does not answer. I will write to you.');
  }),
  planted('retry_storm', 'a call of a model that is tried by its client', (talk, random) => {
    const [turn, given] = [talk.turn('Where is my order?'), wordsOf(random, 400)];
    times(random.int(3, 5), () => turn.llm({ given, failed: true }));
    turn.llm({ given, says: ANSWER });
    turn.end(ANSWER);
  }),
  planted(null, 'a retry that succeeds', (talk, random) => {
    const [turn, args] = [talk.turn('Where is my order?'), order(random)];
    ask(turn, random);
    times(random.int(1, 2), () => turn.tool('find_parcel', args, null, { failed: true }));
    turn.tool('find_parcel', args, { at: 'depot' });
    answer(turn, random);
  }),
  planted(null, 'failures of different questions', (talk, random) => {
    const turn = talk.turn('Where are my orders?');
    times(random.int(3, 5), () => {
      ask(turn, random);
      turn.tool('find_parcel', order(random), null, { failed: true });
    });
    answer(turn, random, 'The carrier knows none of them.');
  }),
  planted('loop', 'two tools that lead to each other', (talk, random) => {
    const [turn, args] = [talk.turn('Change my booking.'), order(random)];
    times(random.int(3, 6), () => {
      ask(turn, random);
      turn.tool('get_booking', args, { state: 'locked' });
      ask(turn, random);
      turn.tool('get_fare_rules', args, { see: 'booking' });
    });
    answer(turn, random, 'It cannot be changed.');
  }),
  planted(null, 'rounds that get further', (talk, random) => {
    const [turn, args] = [talk.turn('Change my booking.'), order(random)];
    times(random.int(3, 6), (nth) => {
      ask(turn, random);
      turn.tool('get_next_task', args, { task: nth });
      ask(turn, random);
      turn.tool('finish_task', { task: nth }, { left: 9 - nth });
    });
    answer(turn, random, 'All is done.');
  }),
  planted('idle_agent_polling', 'a job whose state does not change', (talk, random) => {
    const [turn, args] = [talk.turn('Make the report.'), { job: random.hex(6) }];
    times(random.int(4, 9), () => {
      ask(turn, random);
      turn.tool('get_job_status', args, { state: 'running' });
    });
    answer(turn, random, 'The report is still being made.');
  }),
  planted(null, 'a job that makes progress', (talk, random) => {
    const [turn, args] = [talk.turn('Make the report.'), { job: random.hex(6) }];
    times(random.int(4, 8), (nth) => {
      ask(turn, random);
      turn.tool('get_job_status', args, { done: `${nth * 12} %` });
    });
    answer(turn, random, 'Here is the report.');
  }),
  planted(null, 'a job that is soon done', (talk, random) => {
    const [turn, args] = [talk.turn('Make the report.'), { job: random.hex(6) }];
    times(2, () => {
      ask(turn, random);
      turn.tool('get_job_status', args, { state: 'running' });
    });
    turn.tool('get_job_status', args, { state: 'done' });
    answer(turn, random, 'Here is the report.');
  }),
  planted('repeated_tool_call', 'the same question to a tool', (talk, random) => {
    const [turn, args] = [talk.turn('Which orders are open?'), order(random)];
    turn.llm({ prompt: 'plan', asks: true });
    turn.tool('get_order', args, { state: 'open' });
    times(random.int(1, 2), () => {
      ask(turn, random);
      if (random.chance(0.5)) turn.tool('list_shipments', order(random), [random.int(1, 9)]);
      turn.tool('get_order', args, { state: 'open' });
    });
    answer(turn, random);
  }),
  planted(null, 'the same question after a change', (talk, random) => {
    const [turn, args] = [talk.turn('Cancel what can be cancelled.'), order(random)];
    ask(turn, random);
    turn.tool('get_order', args, { state: 'open' });
    ask(turn, random);
    turn.tool('cancel_order', args, { ok: true });
    ask(turn, random);
    turn.tool('get_order', args, { state: random.chance(0.5) ? 'open' : 'cancelled' });
    answer(turn, random, 'It is cancelled.');
  }),
  planted(null, 'pages of one list', (talk, random) => {
    const turn = talk.turn('Which orders are open?');
    times(random.int(3, 6), (page) => {
      ask(turn, random);
      turn.tool('list_orders', { page }, [random.int(1, 1_000)]);
    });
    answer(turn, random);
  }),
  planted('repeated_llm_call', 'the same prompt again', (talk, random) => {
    const [turn, given] = [talk.turn('Where is my order?'), wordsOf(random, 500)];
    times(random.int(2, 3), () => turn.llm({ prompt: 'classify', given, says: 'tracking' }));
    answer(turn, random);
  }),
  planted(null, 'a vote of several answers', (talk, random) => {
    const [turn, given] = [talk.turn('Is it allowed?'), wordsOf(random, 500)];
    times(3, (nth) => turn.llm({ given, says: `Opinion ${nth}: ${random.hex(6)}`, isBeside: true }));
    talk.wait(2_000);
    answer(turn, random, 'It is allowed.');
  }),
  planted(null, 'two people who ask the same', (talk) => {
    const turn = talk.turn('What are your opening hours?');
    turn.llm({ says: 'From nine to five.' });
    turn.end('From nine to five.');
  }),
  planted('embedding_repeated', 'a text that is embedded again in a turn', (talk, random) => {
    const [turn, text] = [talk.turn('Find the rule.'), wordsOf(random, 800)];
    times(random.int(2, 4), () => turn.embed(text));
    answer(turn, random);
  }),
  planted('embedding_repeated', 'a text that is embedded again in a session', (talk, random) => {
    const text = wordsOf(random, 800);
    times(random.int(2, 3), () => {
      const turn = talk.turn(`Find the rule of ${random.hex(4)}.`);
      turn.embed(text);
      answer(turn, random);
    });
  }),
  planted(null, 'different texts that are embedded', (talk, random) => {
    const turn = talk.turn('Find the rule.');
    times(random.int(2, 4), () => turn.embed(wordsOf(random, 800)));
    answer(turn, random);
  }),
  planted('output_cap', 'an answer that is cut and asked for again', (talk, random) => {
    const [turn, given] = [talk.turn('Write the letter.'), wordsOf(random, 500)];
    turn.llm({ given, output: random.int(250, 1_000), isCut: true, says: 'Dear customer, we' });
    turn.llm({ given, output: 1_500, says: 'Dear customer, we thank you.' });
    turn.end('Dear customer, we thank you.');
  }),
  planted('output_cap', 'a turn that fails with an answer that is cut', (talk, random) => {
    const turn = talk.turn('Write the letter as JSON.');
    turn.llm({ given: wordsOf(random, 500), output: random.int(250, 1_000), isCut: true, says: '{"letter": "Dear' });
    turn.end(null);
  }),
  planted(null, 'a long answer that is the answer', (talk, random) => {
    const [turn, says] = [talk.turn('Write the letter.'), wordsOf(random, 2_000)];
    turn.llm({ given: wordsOf(random, 500), output: 4_000, isCut: random.chance(0.5), says });
    turn.end(says);
  }),
  planted('output_unused', 'two calls of which one is used', (talk, random) => {
    const [turn, given] = [talk.turn('Where is my order?'), wordsOf(random, 500)];
    turn.llm({ given, ms: random.int(600, 900), says: ANSWER, isBeside: true });
    turn.llm({ given: `${given} please`, ms: random.int(950, 1_500), says: `No idea, ${random.hex(8)}.` });
    turn.end(ANSWER);
  }),
  planted(null, 'a title that is made beside the answer', (talk, random) => {
    const turn = talk.turn('Where is my order?');
    turn.llm({ given: wordsOf(random, 500), ms: 900, says: ANSWER, isBeside: true });
    turn.llm({ prompt: 'title', given: 'Title of: where is my order', ms: 700, says: `Order ${random.hex(4)}` });
    turn.end(ANSWER);
  }),
  planted(null, 'drafts that another call reads', (talk, random) => {
    const [turn, given] = [talk.turn('Where is my order?'), wordsOf(random, 500)];
    turn.llm({ given, ms: 900, says: ANSWER, isBeside: true });
    turn.llm({ given: `${given} please`, ms: 950, says: `No idea, ${random.hex(8)}.` });
    turn.llm({ prompt: 'judge', given: wordsOf(random, 300), says: 'the first' });
    turn.end(ANSWER);
  }),
  planted('failed_turn', 'a turn without an answer', (talk, random) => {
    const turn = talk.turn('Book the flight.');
    times(random.int(1, 4), () => {
      ask(turn, random);
      turn.tool('search_flights', order(random), [random.int(1, 9)]);
    });
    turn.tool('book_flight', order(random), null, { failed: true });
    turn.end(null);
  }),
  planted(null, 'a turn that gets over a failure', (talk, random) => {
    const turn = talk.turn('Book the flight.');
    ask(turn, random);
    turn.tool('book_flight', order(random), null, { failed: true });
    answer(turn, random, 'The seat was sold. Shall I look for another?');
  }),
];
