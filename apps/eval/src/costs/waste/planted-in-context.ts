import { MINUTE_MS } from '@telltale/kernel';
import { type Random } from '@telltale/simulator';
import { wordsOf } from './conversation-script';
import { type Planted } from './planted-in-turns';

const planted = (rule: Planted['rule'], name: string, write: Planted['write']): Planted => ({ name, rule, write });
const times = (n: number, act: (nth: number) => void): void => {
  for (let nth = 0; nth < n; nth++) act(nth);
};
const DONE = 'It is done.';
const CLAUDE = 'claude-sonnet-4-5';
const tokensIn = (text: string): number => Math.ceil(text.length / 4);
const clock = (random: Random): string => `Now: 2026-01-31T${random.int(10, 23)}:${random.int(10, 59)}:${random.int(10, 59)}Z. `;

export const PLANTED_IN_CONTEXT: readonly Planted[] = [
  planted('tool_result_oversized', 'a long result that is read again and again', (talk, random) => {
    const chars = random.int(36_000, 90_000);
    const turn = talk.turn('Which of the orders is the oldest?');
    turn.llm({ prompt: 'plan', asks: true, input: 1_500 });
    turn.tool('export_orders', { year: random.int(2_000, 2_026) }, wordsOf(random, chars));
    times(random.int(2, 5), (nth) => {
      turn.llm({ prompt: 'plan', asks: true, given: wordsOf(random, 400), input: 1_600 + chars / 4 + 100 * nth });
      turn.tool('get_order', { nth, of: random.hex(4) }, { nth });
    });
    turn.llm({ given: wordsOf(random, 400), input: 2_200 + chars / 4, says: DONE });
    turn.end(DONE);
  }),
  planted(null, 'a long result that is read once', (talk, random) => {
    const chars = random.int(36_000, 90_000);
    const turn = talk.turn('Sum the document up.');
    turn.llm({ prompt: 'plan', asks: true, input: 1_500 });
    turn.tool('read_document', { id: random.hex(4) }, wordsOf(random, chars));
    turn.llm({ prompt: 'summarize', given: wordsOf(random, 400), input: 1_000 + chars / 4, says: 'It is about orders.' });
    turn.llm({ given: wordsOf(random, 400), input: 1_200, says: DONE });
    turn.end(DONE);
  }),
  planted(null, 'results of common length', (talk, random) => {
    const turn = talk.turn('Which of the orders is the oldest?');
    times(4, (nth) => {
      turn.llm({ prompt: 'plan', asks: true, given: wordsOf(random, 400), input: 4_000 + 500 * nth });
      turn.tool('list_orders', { nth }, wordsOf(random, random.int(2_000, 6_000)));
    });
    turn.llm({ given: wordsOf(random, 400), input: 6_500, says: DONE });
    turn.end(DONE);
  }),
  planted('cache_prefix_broken', 'the time at the beginning of the prompt of an agent', (talk, random) => {
    let said = wordsOf(random, random.int(9_000, 20_000));
    const turn = talk.turn('Book it.');
    times(random.int(4, 7), (nth) => {
      const given = clock(random) + said;
      turn.llm({ prompt: 'plan', asks: true, given, input: tokensIn(given) });
      turn.tool('find_seat', { nth, of: random.hex(4) }, { seat: nth });
      said += wordsOf(random, 600);
    });
    turn.llm({ given: wordsOf(random, 300), says: DONE });
    turn.end(DONE);
  }),
  planted('cache_prefix_broken', 'an id in the middle of the prompt of a conversation', (talk, random) => {
    const rules = wordsOf(random, 3_000);
    let said = wordsOf(random, random.int(9_000, 14_000));
    times(random.int(4, 6), () => {
      const given = `${rules} request ${random.hex(32)} ${said}`;
      const turn = talk.turn(`And seat ${random.hex(4)}?`);
      turn.llm({ given, input: tokensIn(given), read: 500, says: `Seat ${random.hex(4)}.` });
      turn.end(`Seat ${random.hex(4)}.`);
      said += wordsOf(random, 500);
    });
  }),
  planted(null, 'prompts that go on', (talk, random) => {
    let said = wordsOf(random, random.int(9_000, 14_000));
    let before = 0;
    times(random.int(4, 6), () => {
      const turn = talk.turn(`And seat ${random.hex(4)}?`);
      turn.llm({ given: said, input: tokensIn(said), read: before, says: `Seat ${random.hex(4)}.` });
      turn.end(`Seat ${random.hex(4)}.`);
      before = tokensIn(said) - 100;
      said += wordsOf(random, 900);
    });
  }),
  planted(null, 'a context that is made shorter once', (talk, random) => {
    const rules = wordsOf(random, 2_000);
    let said = wordsOf(random, 12_000);
    let before = 0;
    times(6, (nth) => {
      if (nth === 3) said = wordsOf(random, 4_000);
      const given = rules + said;
      const turn = talk.turn(`And seat ${random.hex(4)}?`);
      turn.llm({ given, input: tokensIn(given), read: nth === 3 ? 400 : before, says: `Seat ${random.hex(4)}.` });
      turn.end(`Seat ${random.hex(4)}.`);
      before = tokensIn(given) - 100;
      said += wordsOf(random, 900);
    });
  }),
  planted(null, 'a time at the beginning, with pauses longer than caches live', (talk, random) => {
    let said = wordsOf(random, 12_000);
    times(5, () => {
      const given = clock(random) + said;
      const turn = talk.turn(`And seat ${random.hex(4)}?`);
      turn.llm({ given, input: tokensIn(given), says: `Seat ${random.hex(4)}.` });
      turn.end(`Seat ${random.hex(4)}.`);
      said += wordsOf(random, 900);
      talk.wait(random.int(8, 20) * MINUTE_MS);
    });
  }),
  planted('context_growth', 'an agent that keeps all it has seen', (talk, random) => {
    const turn = talk.turn('Go through the orders.');
    const [calls, step] = [random.int(9, 14), random.int(2_500, 4_000)];
    times(calls, (nth) => {
      turn.llm({ prompt: 'plan', asks: true, given: wordsOf(random, 400), input: 2_000 + nth * step });
      turn.tool('get_order', { nth, of: random.hex(4) }, wordsOf(random, 3_000));
    });
    turn.llm({ given: wordsOf(random, 400), input: 1_500, says: DONE });
    turn.end(DONE);
  }),
  planted('context_growth', 'a conversation that keeps all that was said', (talk, random) => {
    const step = random.int(3_000, 6_000);
    times(random.int(6, 10), (nth) => {
      const turn = talk.turn(`And order ${random.hex(4)}?`);
      turn.llm({ given: wordsOf(random, 400), input: 1_800 + nth * step, says: `It is ${random.hex(4)}.` });
      turn.end(`It is ${random.hex(4)}.`);
    });
  }),
  planted(null, 'a context that is long from the beginning', (talk, random) => {
    const input = random.int(20_000, 60_000);
    times(random.int(5, 8), (nth) => {
      const turn = talk.turn(`And clause ${random.hex(4)}?`);
      turn.llm({ given: wordsOf(random, 400), input: input + 300 * nth, says: `It is ${random.hex(4)}.` });
      turn.end(`It is ${random.hex(4)}.`);
    });
  }),
  planted(null, 'a context that grows a little', (talk, random) => {
    const turn = talk.turn('Go through the orders.');
    times(8, (nth) => {
      turn.llm({ prompt: 'plan', asks: true, given: wordsOf(random, 400), input: 2_000 + nth * random.int(300, 600) });
      turn.tool('get_order', { nth, of: random.hex(4) }, wordsOf(random, 800));
    });
    turn.llm({ given: wordsOf(random, 400), input: 1_500, says: DONE });
    turn.end(DONE);
  }),
  planted('cache_write_unread', 'caching in sessions of one turn', (talk, random) => {
    const given = wordsOf(random, random.int(8_000, 30_000));
    const turn = talk.turn('Classify this.');
    turn.llm({ model: CLAUDE, given, input: tokensIn(given), write: tokensIn(given) - 200, says: 'tracking' });
    turn.end('tracking');
  }),
  planted('cache_write_unread', 'caching with pauses longer than caches live', (talk, random) => {
    let said = wordsOf(random, random.int(8_000, 20_000));
    times(random.int(2, 4), () => {
      const turn = talk.turn(`And ${random.hex(4)}?`);
      turn.llm({
        model: CLAUDE,
        given: said,
        input: tokensIn(said),
        write: tokensIn(said) - 200,
        says: `It is ${random.hex(4)}.`,
      });
      turn.end(`It is ${random.hex(4)}.`);
      said += wordsOf(random, 400);
      talk.wait(random.int(8, 20) * MINUTE_MS);
    });
  }),
  planted(null, 'a cache that is read within its time', (talk, random) => {
    let said = wordsOf(random, random.int(8_000, 20_000));
    let before = 0;
    times(random.int(2, 4), () => {
      const turn = talk.turn(`And ${random.hex(4)}?`);
      const input = tokensIn(said);
      turn.llm({ model: CLAUDE, given: said, input, read: before, write: input - before, says: `It is ${random.hex(4)}.` });
      turn.end(`It is ${random.hex(4)}.`);
      before = input;
      said += wordsOf(random, 5_000);
      talk.wait(random.int(1, 3) * MINUTE_MS);
    });
  }),
  planted('idle_agent_polling', 'an agent by the clock that finds nothing', (talk, random) => {
    times(random.int(4, 7), () => {
      const turn = talk.turn('Look for new mail.');
      turn.llm({ prompt: 'plan', asks: true });
      turn.tool('list_mail', { folder: 'in' }, []);
      turn.llm({ given: wordsOf(random, 300), says: 'There is nothing new.' });
      turn.end('There is nothing new.');
      talk.wait(5 * MINUTE_MS);
    });
  }),
  planted(null, 'an agent by the clock that finds something', (talk, random) => {
    times(random.int(4, 7), () => {
      const turn = talk.turn('Look for new mail.');
      turn.llm({ prompt: 'plan', asks: true });
      turn.tool('list_mail', { folder: 'in' }, [random.hex(6)]);
      turn.llm({ given: wordsOf(random, 300), says: 'There is new mail.' });
      turn.end('There is new mail.');
      talk.wait(5 * MINUTE_MS);
    });
  }),
];
