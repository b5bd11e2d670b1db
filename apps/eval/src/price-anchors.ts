import { disjointUsage, readUsage, type UsageBuckets } from '@telltale/domain-normalize';
import { type PriceBook, type PricedCall } from '@telltale/domain-pricing';

/** A bill that is known, and the usage it is for. */
export interface Anchor {
  readonly id: string;
  readonly provider: string;
  readonly model?: string;
  readonly provider_usage: Readonly<Record<string, unknown>>;
  readonly billed_usd?: number;
  readonly expected_usd?: number;
  readonly expected_tokens?: Readonly<Record<string, number>>;
  readonly wrong_usd_seen?: number;
  readonly [more: string]: unknown;
}

export interface AnchorResult {
  readonly id: string;
  readonly right: boolean;
  /** What it was held against: money, token counts, or that no token is lost or counted twice. */
  readonly by: 'money' | 'tokens' | 'accounting';
  readonly expected: string;
  readonly found: string;
}

const SHARE = 0.001;
/** From this many decimals on a figure is the rounding of a bill, not a bill. */
const ROUNDED_FROM = 4;

/** To 0.1 %, or to the precision of the figure where it has few digits: $0.0056 may be 0.00555. */
export function isSameMoney(found: number, expected: number): boolean {
  const decimals = /\.(\d+)$/.exec(String(expected))?.[1]?.length ?? 0;
  const rounding = decimals >= ROUNDED_FROM ? 0.5 * 10 ** -decimals : 0;
  return Math.abs(found - expected) <= Math.max(SHARE * Math.abs(expected), rounding);
}

export function callOf(buckets: UsageBuckets, provider: string, model: string, at: number): PricedCall {
  return {
    provider,
    requestModel: model,
    responseModel: '',
    at,
    inputUncached: buckets.usage_input_uncached,
    cacheRead: buckets.usage_cache_read,
    cacheWrite: buckets.usage_cache_write,
    cacheWrite1h: buckets.usage_cache_write_1h ?? null,
    output: buckets.usage_output,
    reasoning: buckets.usage_reasoning,
    inputAudio: buckets.usage_input_audio ?? null,
    inputImage: buckets.usage_input_image ?? null,
    outputAudio: buckets.usage_output_audio ?? null,
    outputImage: buckets.usage_output_image ?? null,
  };
}

/** All tokens of input by bucket. */
const inputOf = (b: UsageBuckets): number =>
  (b.usage_input_uncached ?? 0) +
  (b.usage_input_audio ?? 0) +
  (b.usage_input_image ?? 0) +
  (b.usage_cache_read ?? 0) +
  (b.usage_cache_write ?? 0) +
  (b.usage_cache_write_1h ?? 0);

function moneyOf(anchor: Anchor): number | null {
  const computed = Object.entries(anchor).find(([name]) => /^genai_prices_.*_usd$/.test(name))?.[1];
  const expected = anchor.billed_usd ?? anchor.expected_usd ?? computed;
  return typeof expected === 'number' ? expected : null;
}

function byTokens(anchor: Anchor, buckets: UsageBuckets, expected: Readonly<Record<string, number>>): AnchorResult {
  const found: Readonly<Record<string, number | null>> = {
    input: buckets.usage_input_uncached,
    input_cached: buckets.usage_cache_read,
    total_input: inputOf(buckets),
    output: buckets.usage_output,
  };
  const right = Object.entries(expected).every(([name, tokens]) => found[name] === tokens);
  return { id: anchor.id, right, by: 'tokens', expected: JSON.stringify(expected), found: JSON.stringify(found) };
}

/** No bill is known: each token reported must be in one bucket, and a model must have a price that is not the wrong one seen. */
function byAccounting(
  anchor: Anchor,
  counts: NonNullable<ReturnType<typeof readUsage>>,
  buckets: UsageBuckets,
  cost: number | null,
): AnchorResult {
  const cached = (counts.cacheRead ?? 0) + (counts.cacheWrite ?? 0) + (counts.cacheWrite1h ?? 0);
  const reported = (counts.input ?? 0) + (counts.cacheBeside || cached > (counts.input ?? 0) ? cached : 0);
  const isPriced =
    anchor.model === undefined ||
    (cost !== null && (anchor.wrong_usd_seen === undefined || !isSameMoney(cost, anchor.wrong_usd_seen)));
  return {
    id: anchor.id,
    right: inputOf(buckets) === reported && isPriced,
    by: 'accounting',
    expected: `${reported} input tokens, each once${anchor.model === undefined ? '' : ', and a price'}`,
    found: `${inputOf(buckets)} input tokens${anchor.model === undefined ? '' : `, ${String(cost)} USD`}`,
  };
}

/** Holds usage and price of one anchor against what is known of it. `at`: ms since the epoch. */
export function checkAnchor(anchor: Anchor, book: PriceBook, at: number): AnchorResult {
  const counts = readUsage(anchor.provider_usage);
  if (!counts) return { id: anchor.id, right: false, by: 'tokens', expected: 'usage of a known form', found: 'an unknown form' };
  const buckets = disjointUsage(counts);
  const nano = anchor.model === undefined ? null : book.priceOf(callOf(buckets, anchor.provider, anchor.model, at))?.costNanoUsd;
  const cost = nano == null ? null : nano / 1e9;
  const money = moneyOf(anchor);
  if (money === null)
    return anchor.expected_tokens
      ? byTokens(anchor, buckets, anchor.expected_tokens)
      : byAccounting(anchor, counts, buckets, cost);
  const right = cost !== null && isSameMoney(cost, money);
  return { id: anchor.id, right, by: 'money', expected: `${money} USD`, found: cost === null ? 'unknown' : `${cost} USD` };
}
