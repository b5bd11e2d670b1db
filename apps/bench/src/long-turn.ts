import { type NativeEvent } from '@telltale/contracts';

/** A call of a model and what it asked for: one to plan, the tools it chose. */
const TOOLS_A_STEP = 4;
const TOOLS = ['search_orders', 'get_order', 'get_customer', 'check_stock', 'refund_status'];
const WORDS = 'the order was sent on monday and the customer asks where it is now because the carrier shows no progress since then'.split(' '); // prettier-ignore

const text = (seed: number, words: number): string =>
  Array.from({ length: words }, (_, i) => WORDS[(seed * 31 + i * 7) % WORDS.length]).join(' ');

/** One turn of an agent of `operations` operations, its own event among them: each model call reads what came before, some tools fail. */
export function longTurn(operations: number, end: number): NativeEvent[] {
  const start = end - operations * 100;
  const base = { service_name: 'long-runner', session_id: 'ses-long', trace_id: 'long-turn', user_id: 'u-long' };
  const root: NativeEvent = { ...base, kind: 'turn', name: 'turn', ts: start, span_id: 'root', duration_ms: operations * 100, status: 'ok', input: 'find out what happened to all open orders', output: text(1, 120) }; // prettier-ignore
  const rest = Array.from({ length: operations - 1 }, (_, i): NativeEvent => {
    const step = Math.floor(i / (TOOLS_A_STEP + 1));
    const nth = i % (TOOLS_A_STEP + 1);
    const common = { ...base, ts: start + i * 100, span_id: `s${i}`, duration_ms: 60 + (i % 17) * 5 };
    if (nth === 0) return { ...common, kind: 'llm', name: 'chat', parent_span_id: 'root', status: 'ok', provider: 'openai', request_model: 'gpt-4o', input: text(step, 300 + step * 20), output: text(step, 40) }; // prettier-ignore
    const name = TOOLS[(step + nth) % TOOLS.length] ?? 'search_orders';
    const isFailed = i % 97 === 3;
    return {
      ...common,
      kind: 'tool',
      name,
      parent_span_id: `s${i - nth}`,
      status: isFailed ? 'error' : 'ok',
      ...(isFailed ? { error: { type: 'NotFound', message: `order ${i} is not known` } } : {}),
      tool: { name, arguments: { order: `A-${i}` }, result: { note: text(i, 120) } },
    };
  });
  return [root, ...rest];
}
