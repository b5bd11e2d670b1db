import { createTokenCounter } from '@telltale/adapter-tokens';
import { type EventDraft, normaliseSpan } from '@telltale/domain-normalize';
import { type TokenCounter } from '@telltale/engine';
import { estimateUsage } from '@telltale/stages';
import { tracesUnder } from './normalize';

/** How far estimates are from what was told: shares of what was told, above 0 too much. */
export interface UsageFigures {
  readonly calls: number;
  readonly median_error: number | null;
  readonly median_off_by: number | null;
  readonly within_10_percent: number;
}
export interface UsageReport {
  readonly input: UsageFigures;
  readonly output: UsageFigures;
  readonly by_model: Readonly<Record<string, { readonly input: UsageFigures; readonly output: UsageFigures }>>;
}

/** Tokens told and tokens counted, of one call. */
interface Pair {
  readonly model: string;
  readonly side: 'input' | 'output';
  readonly told: number;
  readonly counted: number;
}

const sum = (...tokens: readonly (number | null)[]): number | null =>
  tokens.every((one) => one === null) ? null : tokens.reduce<number>((all, one) => all + (one ?? 0), 0);
const inputOf = ({ event }: EventDraft): number | null =>
  sum(event.usage_input_uncached, event.usage_cache_read, event.usage_cache_write, event.usage_cache_write_1h);
/** Thoughts that are not shown cannot be counted, so only the rest is compared. */
const outputOf = ({ event }: EventDraft): number | null => event.usage_output;

/** The same call as if nobody had told its tokens. */
function untold(draft: EventDraft): EventDraft {
  const buckets = Object.keys(draft.event).filter((name) => name.startsWith('usage_') && name !== 'usage_estimated');
  return { ...draft, event: { ...draft.event, ...Object.fromEntries(buckets.map((name) => [name, null])) } };
}

async function pairsOf(told: EventDraft, counter: TokenCounter): Promise<Pair[]> {
  const estimate = untold(told);
  await estimateUsage([estimate], counter, () => undefined);
  const model = told.event.response_model || told.event.request_model || 'no model';
  const pair = (side: Pair['side'], said: number | null, counted: number | null): Pair[] =>
    said && counted !== null ? [{ model, side, told: said, counted }] : [];
  return [...pair('input', inputOf(told), inputOf(estimate)), ...pair('output', outputOf(told), outputOf(estimate))];
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : rounded((low + high) / 2);
}
function figuresOf(pairs: readonly Pair[], side: Pair['side']): UsageFigures {
  const errors = pairs.filter((one) => one.side === side).map(({ told, counted }) => (counted - told) / told);
  return {
    calls: errors.length,
    median_error: median(errors),
    median_off_by: median(errors.map(Math.abs)),
    within_10_percent: errors.filter((error) => Math.abs(error) <= 0.1).length,
  };
}

/** Estimates the usage of every stored call that tells its own and has content, and compares. */
export async function evaluateUsage(dataPath: string): Promise<UsageReport> {
  const counter = createTokenCounter();
  const pairs: Pair[] = [];
  try {
    for (const { spans } of await tracesUnder(dataPath))
      for (const { span, resource, scope } of spans) {
        const head = { resource, scope: { name: scope, version: '', attributes: {} } };
        const events = normaliseSpan(span, head, { tenant: 'eval', receivedAt: 0 });
        const calls = events.ok ? events.value.filter(({ event: { kind } }) => kind === 'llm' || kind === 'embedding') : [];
        for (const call of calls) pairs.push(...(await pairsOf(call, counter)));
      }
  } finally {
    await counter.close();
  }
  const models = [...new Set(pairs.map(({ model }) => model))].sort();
  const both = (of: readonly Pair[]) => ({ input: figuresOf(of, 'input'), output: figuresOf(of, 'output') });
  return { ...both(pairs), by_model: Object.fromEntries(models.map((model) => [model, both(pairs.filter((one) => one.model === model))])) }; // prettier-ignore
}
