import { type NativeEvent } from '@telltale/contracts';
import { HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type Random } from '@telltale/simulator';

type Model = readonly [provider: string, model: string];
const MODELS: readonly [Model, ...Model[]] = [['openai', 'gpt-4o'], ['openai', 'gpt-4o-mini'], ['anthropic', 'claude-sonnet-4-5'], ['acme', 'acme-large-2'], ['openai', 'text-embedding-3-small']]; // prettier-ignore
/** The model that no price table lists. */
export const UNKNOWN_MODEL = 'acme-large-2';
/** One in so many was kept; most are no whole number when turned into weights. */
const KEPT_SHARES: readonly [number, ...number[]] = [0.3, 0.07, 0.015, 0.42, 0.9];

/** Calls of models with what makes spend hard to sum: weights with fractions, unknown prices, counted usage, and turns that include the cost of their calls. */
export function randomCall(random: Random, nth: number, now: number): NativeEvent {
  const [provider, model] = random.pick(MODELS);
  const isEmbedding = model.startsWith('text-');
  const isLate = random.chance(0.15);
  const at = now - (isLate ? random.int(MINUTE_MS, 30 * HOUR_MS) : random.int(0, 5_000));
  const isCounted = !isEmbedding && random.chance(0.1);
  const input = random.int(1, 9_000);
  const cached = random.chance(0.4) ? random.int(0, input) : 0;
  const weight = random.chance(0.5) ? 1 : 1 / random.pick(KEPT_SHARES);
  const trace = `trace-${Math.floor(nth / 4)}`;
  const isRoot = nth % 4 === 3;
  return {
    kind: isRoot ? 'turn' : isEmbedding ? 'embedding' : 'llm',
    id: `exact-${nth}`,
    name: isRoot ? 'turn' : `chat ${model}`,
    ts: isoTime(at),
    duration_ms: random.int(20, 9_000),
    service_name: random.pick(['shop', 'desk', 'pay']),
    service_version: random.pick(['1.0', '1.1', '']),
    deployment_environment: random.pick(['prod', 'staging']),
    trace_id: trace,
    session_id: `session-${Math.floor(nth / 40)}`,
    span_id: `span-${nth}`,
    sampling_weight: weight,
    provider,
    request_model: model,
    response_model: model,
    ...(random.chance(0.7) && { prompt_name: 'answer', prompt_version: random.pick(['v1', 'v2']) }),
    ...(isCounted
      ? { input: [{ role: 'user', content: 'Where is my parcel? '.repeat(random.int(1, 40)) }], output: [{ role: 'assistant', content: 'On its way. '.repeat(random.int(1, 9)) }] }
      : { usage: { input_tokens: input, cache_read_tokens: cached, ...(!isEmbedding && { output_tokens: random.int(1, 900) }) } }),
  }; // prettier-ignore
}
