import { createTokenCounter } from '@telltale/adapter-tokenizer';
import { type EventDraft, normalizeSpan } from '@telltale/domain-normalize';
import { type TokenCounter } from '@telltale/streaming';
import { estimateUsage } from '@telltale/pipeline-enrich';
import { median } from 'simple-statistics';
import { tracesUnder } from './normalize';

/** How far estimates are from what was reported, as shares of that: the error is above 0 where too much was counted. */
export type UsageReport = Readonly<
  Record<`${Side}_${'calls' | 'within_10_percent'}`, number> & Record<`${Side}_median_${'error' | 'off_by'}`, number | null>
>;
type Side = 'input' | 'output';

/** Tokens reported and tokens counted, of one call. */
interface Pair {
  readonly side: Side;
  readonly reported: number;
  readonly counted: number;
}

const sum = (...tokens: readonly (number | null)[]): number | null =>
  tokens.every((one) => one === null) ? null : tokens.reduce<number>((all, one) => all + (one ?? 0), 0);
const inputOf = ({ event }: EventDraft): number | null =>
  sum(event.usage_input_uncached, event.usage_cache_read, event.usage_cache_write, event.usage_cache_write_1h);
/** Thoughts that are not shown cannot be counted, so only the rest is compared. */
const outputOf = ({ event }: EventDraft): number | null => event.usage_output;

/** The same call without its reported usage. */
function withoutUsage(draft: EventDraft): EventDraft {
  const buckets = Object.keys(draft.event).filter((name) => name.startsWith('usage_') && name !== 'usage_estimated');
  return { ...draft, event: { ...draft.event, ...Object.fromEntries(buckets.map((name) => [name, null])) } };
}

async function pairsOf(reported: EventDraft, counter: TokenCounter): Promise<Pair[]> {
  const estimate = withoutUsage(reported);
  await estimateUsage([estimate], counter, () => undefined);
  const pair = (side: Side, said: number | null, counted: number | null): Pair[] =>
    said && counted !== null ? [{ side, reported: said, counted }] : [];
  return [...pair('input', inputOf(reported), inputOf(estimate)), ...pair('output', outputOf(reported), outputOf(estimate))];
}

const CLOSE = 0.1;
const rounded = (share: number): number => Math.round(share * 1000) / 1000;
const medianOf = (values: readonly number[]): number | null => (values.length > 0 ? rounded(median(values)) : null);
const errorsOf = (pairs: readonly Pair[], side: Side): number[] =>
  pairs.filter((one) => one.side === side).map(({ reported, counted }) => (counted - reported) / reported);
const closeIn = (errors: readonly number[]): number => errors.filter((error) => Math.abs(error) <= CLOSE).length;

/** Estimates the usage of every stored call that reports its own and has content, and compares. */
export async function evaluateUsage(...dataPaths: readonly string[]): Promise<UsageReport> {
  const counter = createTokenCounter();
  const pairs: Pair[] = [];
  try {
    for (const { spans } of (await Promise.all(dataPaths.map(tracesUnder))).flat())
      for (const { span, resource, scope } of spans) {
        const head = { resource, scope: { name: scope, version: '', attributes: {} } };
        const events = normalizeSpan(span, head, { tenant: 'eval', receivedAt: 0 });
        const calls = events.ok ? events.value.filter(({ event: { kind } }) => kind === 'llm' || kind === 'embedding') : [];
        for (const call of calls) pairs.push(...(await pairsOf(call, counter)));
      }
  } finally {
    await counter.close();
  }
  const [input, output] = [errorsOf(pairs, 'input'), errorsOf(pairs, 'output')];
  return {
    input_calls: input.length,
    input_median_error: medianOf(input),
    input_median_off_by: medianOf(input.map(Math.abs)),
    input_within_10_percent: closeIn(input),
    output_calls: output.length,
    output_median_error: medianOf(output),
    output_median_off_by: medianOf(output.map(Math.abs)),
    output_within_10_percent: closeIn(output),
  };
}
