import { testData } from '@telltale/testkit';
import { readFileSync } from 'node:fs';
import { isToolError } from './chat-messages';
import { normalizeConversation } from './conversation';
import { type EventDraft } from './draft';

const T = Date.UTC(2026, 0, 31, 12);
const arrival = { tenant: 'acme', receivedAt: T };
const call = (id: string, name: string, args = '{}') => ({ id, type: 'function', function: { name, arguments: args } });
const eventsOf = (item: unknown): EventDraft[] => {
  const result = normalizeConversation(item, arrival);
  if (!result.ok) throw new Error(result.error.error);
  return result.value;
};
const kind = (drafts: readonly EventDraft[], of: string): EventDraft[] => drafts.filter(({ event }) => event.kind === of);

const chat = {
  id: 'c1', model: 'gpt-4o', provider: 'openai', user_id: 'mia', reward: 0.5, task_id: 7,
  messages: [
    { role: 'system', content: 'be kind' },
    { role: 'user', content: 'weather?' },
    { role: 'assistant', content: null, tool_calls: [call('x', 'weather', '{"city":"Oslo"}'), call('y', 'clock')] },
    { role: 'tool', tool_call_id: 'x', content: 'rain' },
    { role: 'tool', tool_call_id: 'y', content: 'Error: no clock' },
    { role: 'assistant', content: 'It rains.' },
    { role: 'user', content: 'and now?' },
    { role: 'assistant', content: null, tool_calls: [call('x', 'weather')] },
    { role: 'tool', tool_call_id: 'x', content: '{"error": "down"}' },
    { role: 'assistant', content: 'I do not know.' },
  ],
}; // prettier-ignore

describe('a conversation', () => {
  const drafts = eventsOf(chat);

  it('is a session, a turn per user message, an llm per answer, a tool per call and a score', () => {
    expect(drafts.map(({ event }) => event.kind).sort()).toEqual([
      'evaluator',
      'llm',
      'llm',
      'llm',
      'llm',
      'session',
      'tool',
      'tool',
      'tool',
      'turn',
      'turn',
    ]);
    expect(new Set(drafts.map(({ event }) => event.id)).size).toBe(drafts.length);
    for (const { event, content } of drafts) {
      expect(event).toMatchObject({ session_id: 'c1', service_name: 'imported', ingest_format: 'openai-chat', user_id: 'mia' });
      expect(content.attributes).toMatchObject({ 'telltale.time': 'synthetic' });
    }
    expect(drafts[0]!.content.attributes).toMatchObject({ task_id: 7 });
  });
  it('gives the first call of a model the instructions too, and each later one what was said since', () => {
    const roles = kind(drafts, 'llm').map(({ content }) => (content.input as { role: string }[]).map(({ role }) => role));
    expect(roles).toEqual([['system', 'user'], ['tool', 'tool'], ['user'], ['tool']]);
  });
  it('joins each call with the result that follows it, though ids repeat', () => {
    expect(
      kind(drafts, 'tool').map(({ event, content }) => [
        event.tool_name,
        content.tool_arguments,
        content.tool_result,
        event.status,
      ]),
    ).toEqual([
      ['weather', '{"city":"Oslo"}', 'rain', 'ok'],
      ['clock', '{}', 'Error: no clock', 'error'],
      ['weather', '{}', '{"error": "down"}', 'error'],
    ]);
  });
  it('ties each call to the answer that asked for it', () => {
    const [first, , third] = kind(drafts, 'llm');
    expect(first!.event.requested_tool_call_ids).toEqual(['x', 'y']);
    expect(kind(drafts, 'tool').map(({ event }) => event.requested_by_span_id)).toEqual([
      first!.event.span_id,
      first!.event.span_id,
      third!.event.span_id,
    ]);
  });
  it('has turns from the user’s words to the last answer', () => {
    expect(
      kind(drafts, 'turn').map(({ event, content, at }) => [content.input, content.output, at - T, event.duration_ms]),
    ).toEqual([
      ['weather?', 'It rains.', 1_000, 4_000],
      ['and now?', 'I do not know.', 6_000, 3_000],
    ]);
    const [first, second] = kind(drafts, 'turn');
    expect(first!.event.trace_id).not.toBe(second!.event.trace_id);
    for (const { event } of [...kind(drafts, 'llm').slice(0, 2), ...kind(drafts, 'tool').slice(0, 2)])
      expect(event).toMatchObject({ trace_id: first!.event.trace_id, parent_span_id: first!.event.span_id });
  });
  it('says what the model chose and what it was given since its last answer', () => {
    const [first, second] = kind(drafts, 'llm');
    expect(first!.event).toMatchObject({
      decision_chosen: 'weather, clock',
      finish_reasons: ['tool_calls'],
      request_model: 'gpt-4o',
      provider: 'openai',
    });
    expect(second!.content.input).toEqual(chat.messages.slice(3, 5));
  });
  it.each([
    [1, 'pass'],
    [0.99, 'fail'],
    [0, 'fail'],
  ])('with reward %d is labeled %s', (reward, label) => {
    expect(kind(eventsOf({ ...chat, reward }), 'evaluator')[0]!.event).toMatchObject({
      score_name: 'reward',
      score_value: reward,
      score_label: label,
    });
  });
  it('has the same ids again, and others in another session', () => {
    const ids = (item: unknown) => eventsOf(item).map(({ event }) => event.id);
    const nameless = { messages: chat.messages };
    expect(ids(nameless)).toEqual(ids(nameless));
    expect(ids({ ...nameless, trial: 1 })[0]).not.toBe(ids({ ...nameless, trial: 2 })[0]);
    expect(ids({ ...nameless, ts: 1_700_000_000 })).toEqual(ids(nameless));
  });
  it('loses no message: results without a call and talk before a user are events too', () => {
    const odd = eventsOf({ messages: [{ role: 'assistant', content: 'Welcome' }, { role: 'tool', name: 'lookup', content: 'x' }, { role: 'assistant', function_call: { name: 'f', arguments: '1' } }, { role: 'function', name: 'f', content: 'y' }] });
    expect(odd.map(({ event }) => event.kind)).toEqual(['session', 'llm', 'llm', 'tool', 'tool']);
    expect(kind(odd, 'tool').map(({ event, content }) => [event.tool_name, content.tool_result])).toEqual([['lookup', 'x'], ['f', 'y']]);
  }); // prettier-ignore
  it.each([
    ['no object', 3, /JSON object/],
    ['no messages', {}, /^messages is missing/],
    ['a message without a role', { messages: [{ content: 'x' }] }, /^messages\[0\]\.role must be text/],
    ['a reward in words', { messages: [], reward: 'good' }, /^reward must be a number/],
    ['no time', { messages: [], ts: 'soon' }, /^ts is no time/],
  ])('is refused for %s', (_, item, error) => {
    const result = normalizeConversation(item, arrival);
    expect(result.ok ? '' : result.error.error).toMatch(error);
  });
  it.each([
    ['Error: x', true], ['  error', true], ['{"error":"x"}', true], ['{"is_error":true}', true], ['{"error":null}', false], ['{"error":false}', false],
    ['no error here', false], ['[1]', false], ['{broken', false], [{ error: 'x' }, true], [[{ type: 'text', text: 'Error: x' }], true], [null, false],
  ])('knows whether a tool says that it failed: %j', (content, expected) => {
    expect(isToolError(content)).toBe(expected);
  }); // prettier-ignore
});

const { path: file, describeData, leftOut } = testData('tau-airline', 'gpt-4o-airline.json');
describeData(`200 real conversations${leftOut}`, () => {
  it('are 200 sessions, 1,490 turns, 2,454 llm and 1,164 tool events, 73 tool errors and 116 failed scores', () => {
    const drafts = (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).flatMap(eventsOf);
    const count = (of: string) => kind(drafts, of).length;
    expect([count('session'), count('turn'), count('llm'), count('tool'), count('evaluator')]).toEqual([
      200, 1_490, 2_454, 1_164, 200,
    ]);
    expect(kind(drafts, 'tool').filter(({ event }) => event.status === 'error')).toHaveLength(73);
    expect(kind(drafts, 'tool').filter(({ event }) => event.status === 'unset')).toEqual([]);
    expect(kind(drafts, 'evaluator').filter(({ event }) => event.score_label === 'fail')).toHaveLength(116);
    expect(new Set(drafts.map(({ event }) => event.id)).size).toBe(drafts.length);
  });
});
