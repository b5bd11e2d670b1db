import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';

type Own = Pick<NativeEvent, 'service_name' | 'trace_id' | 'session_id' | 'user_id'>;
const MODEL = { provider: 'openai', request_model: 'gpt-4o', response_model: 'gpt-4o' };

/** A turn of an agent with all that its page shows: a decision, a run of the same tool, a failure and its recovery, log lines, tokens. */
export function richTurn(id: string, at: number): NativeEvent[] {
  const own: Own = { service_name: 'travel', trace_id: id, session_id: 'trip', user_id: 'traveller' };
  const under = (span: string, parent: string, from: number, ms: number) => ({ ...own, id: span, span_id: span, parent_span_id: parent, ts: at + from, duration_ms: ms, status: 'ok' as const });
  const quote = (n: number, from: number, error?: string): NativeEvent => ({
    ...under(`${id}-quote-${n}`, `${id}-agent`, from, 120), kind: 'tool', name: 'get_quote', ...(error && { status: 'error', error: { type: 'Timeout', message: error } }),
    tool: { name: 'get_quote', arguments: { hotel: 'H-7', nights: n }, ...(error ? {} : { result: { price: 120, lines: Array.from({ length: 150 }, (_, i) => ({ night: i, price: 100 + i })) } }) },
  });
  return [
    { ...under(`${id}-agent`, id, 5, 3_000), kind: 'agent', name: 'planner', agent_name: 'planner', decision: { options: ['search', 'ask'], chosen: 'search', why: 'The dates are known' } },
    {
      ...under(`${id}-llm`, `${id}-agent`, 10, 900), ...MODEL, kind: 'llm', name: 'chat gpt-4o', input: [{ role: 'system', content: 'You plan trips' }, { role: 'user', content: 'A hotel in Porto' }],
      output: [{ role: 'assistant', content: 'Let me look' }], usage: { input_tokens: 400, output_tokens: 80 }, finish_reasons: ['stop'],
    },
    ...Array.from({ length: 8 }, (_, n): NativeEvent => ({ ...under(`${id}-search-${n}`, `${id}-agent`, 950 + 60 * n, 50), kind: 'tool', name: 'search_hotels', tool: { name: 'search_hotels', arguments: { page: n }, result: { hotels: n } } })),
    quote(1, 1_500, 'no answer in 120 ms'),
    quote(2, 1_700),
    { ...under(`${id}-log`, `${id}-agent`, 1_650, 0), kind: 'log', severity: 'warn', body: 'quote service is slow' },
    { ...under(`${id}-last`, `${id}-agent`, 1_900, 1_100), ...MODEL, kind: 'llm', name: 'chat gpt-4o', input: 'x'.repeat(30_000) + ' the needle is here', output: [{ role: 'assistant', content: 'The Grand, 120 a night' }], usage: { input_tokens: 900, output_tokens: 240 } },
    { ...under(id, '', 0, 3_010), kind: 'turn', name: 'turn', input: 'A hotel in Porto', output: 'The Grand, 120 a night' },
  ];
} // prettier-ignore

/** The same question three times, and then for a person. */
export const hardSession = (at: number): NativeEvent[] =>
  ['Where is my parcel with the number 77?', 'Where is my parcel with the number 77?', 'I want to talk to a person, please'].flatMap((asked, n): NativeEvent[] => {
    const own: Own = { service_name: 'parcels', trace_id: `parcel-${n}`, session_id: 'parcel', user_id: 'waiting' };
    const from = at + n * MINUTE_MS;
    return [
      { ...own, kind: 'tool', id: `parcel-${n}-tool`, span_id: `parcel-${n}-tool`, parent_span_id: `parcel-${n}`, name: 'track', ts: from + 10, duration_ms: 40, status: n === 0 ? 'error' : 'ok', tool: { name: 'track', arguments: { parcel: 77 } }, ...(n === 0 && { error: { type: 'Unavailable', message: 'tracking is down' } }) },
      { ...own, kind: 'turn', id: `parcel-${n}`, span_id: `parcel-${n}`, name: 'turn', ts: from, duration_ms: 12_000, status: n === 0 ? 'error' : 'ok', input: asked, output: n === 0 ? 'Sorry, I could not find it.' : 'It is on its way.' },
    ];
  }); // prettier-ignore

/** Names beyond so many a tenant are not kept apart. */
const NAMES = 300;

/** A turn of so many calls, one after the other. */
export function longTurn(id: string, at: number, calls: number): NativeEvent[] {
  const own: Own = { service_name: 'long', trace_id: id, session_id: id };
  const steps = Array.from({ length: calls }, (_, i): NativeEvent => ({ ...own, kind: 'tool', id: `${id}-${i}`, span_id: `${id}-${i}`, parent_span_id: id, name: `step_${i % NAMES}`, ts: at + i * 5, duration_ms: 4, status: 'ok', tool: { name: `step_${i % NAMES}`, arguments: { i } } }));
  return [...steps, { ...own, kind: 'turn', id, span_id: id, name: 'turn', ts: at, duration_ms: calls * 5, status: 'ok', input: 'Much', output: 'Done' }];
} // prettier-ignore

/** A turn with the same text in every field that holds any. */
export function hostileTurn(id: string, at: number, text: string): NativeEvent[] {
  const own = { service_name: 'hostile', trace_id: id, session_id: `session ${text}`, user_id: `user ${text}`, service_version: text, deployment_environment: text, release: text, region: text, instance: text, feature_flags: { [text]: text }, attributes: { [text]: text } };
  const under = (span: string, from: number) => ({ ...own, id: `${id} ${span}`, span_id: span, parent_span_id: 'root', ts: at + from, duration_ms: 20 });
  return [
    { ...under('llm', 1), kind: 'llm', status: 'ok', name: text, provider: text, request_model: text, response_model: `${text} `, agent_name: text, prompt_name: text, prompt_version: text, finish_reasons: [text], input: [{ role: text, content: text }, { role: 'user', content: text }], output: [{ role: 'assistant', content: text, tool_calls: [{ id: text, type: 'function', function: { name: text, arguments: text } }] }], decision: { options: [text, 'other'], chosen: text, why: text } },
    { ...under('tool', 5), kind: 'tool', status: 'error', name: text, tool: { name: text, call_id: text, arguments: { [text]: { [text]: [text] } }, result: { [text]: text } }, error: { type: text, message: text, stack: text } },
    { ...under('log', 9), kind: 'log', status: 'ok', name: text, severity: 'error', body: text },
    { ...under('feedback', 15), kind: 'feedback', status: 'ok', name: text, score: { name: text, label: text }, input: text },
    { ...own, kind: 'turn', id: `${id} root`, span_id: 'root', name: text, ts: at, duration_ms: 30, status: 'error', error: { type: text, message: text }, input: text, output: text },
  ];
} // prettier-ignore
