import { type PricedCall } from './price-book';

/** Dollars per million tokens; a bucket without its own price costs what its parent bucket costs. */
export interface TokenRates {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cache_read?: number | undefined;
  readonly cache_write?: number | undefined;
  readonly cache_write_1h?: number | undefined;
  readonly input_audio?: number | undefined;
  readonly input_image?: number | undefined;
  readonly output_audio?: number | undefined;
  readonly output_image?: number | undefined;
}
export const RATE_NAMES = [
  'input', 'output', 'cache_read', 'cache_write', 'cache_write_1h', 'input_audio', 'input_image', 'output_audio', 'output_image',
] as const satisfies readonly (keyof TokenRates)[]; // prettier-ignore

/** Nano-dollars per token, for a price in dollars per million tokens. */
export const NANO_A_TOKEN = 1_000;

const tokensOf = (...parts: readonly (number | null | undefined)[]): number =>
  parts.reduce<number>((all, one) => all + (one ?? 0), 0);

/** Total input and total output: a tier of sizes applies to the whole call. */
export const totalsOf = (call: PricedCall): { readonly input: number; readonly output: number } => ({
  input: tokensOf(call.inputUncached, call.inputAudio, call.inputImage, call.cacheRead, call.cacheWrite, call.cacheWrite1h),
  output: tokensOf(call.output, call.reasoning, call.outputAudio, call.outputImage),
});

/** Tokens times rates over all buckets, in nano-dollars, not rounded. NaN where tokens were used that have no price: they are not free. */
export function sumOf(call: PricedCall, rates: TokenRates): number {
  const of = (tokens: number | null | undefined, ...found: readonly (number | undefined)[]): number =>
    tokens ? tokens * (found.find((rate) => rate !== undefined) ?? NaN) : 0;
  const sum =
    of(call.inputUncached, rates.input) +
    of(call.inputAudio, rates.input_audio, rates.input) +
    of(call.inputImage, rates.input_image, rates.input) +
    of(call.cacheRead, rates.cache_read, rates.input) +
    of(call.cacheWrite, rates.cache_write, rates.input) +
    of(call.cacheWrite1h, rates.cache_write_1h, rates.cache_write, rates.input) +
    of(tokensOf(call.output, call.reasoning), rates.output) +
    of(call.outputAudio, rates.output_audio, rates.output) +
    of(call.outputImage, rates.output_image, rates.output);
  return sum * NANO_A_TOKEN;
}
