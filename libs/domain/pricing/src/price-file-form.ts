import { escapeInvisible } from '@telltale/kernel';
import { type ModelPrices } from './model-prices';

/** What is wrong with one entry of a price file. */
export interface FileProblem {
  readonly entry: string;
  /** '' for the entry as a whole. */
  readonly field: string;
  /** The rest of a sentence that begins with the field. */
  readonly problem: string;
}

/** What a price file says, or the first thing that is wrong with it. */
export type ReadModels =
  | {
      readonly models: readonly ModelPrices[];
      /** Entries whose calls cannot be priced by what the file says, by reason. */
      readonly leftOut: Readonly<Record<string, number>>;
    }
  | FileProblem;

export const problem = (entry: string, field: string, what: string): FileProblem => ({ entry, field, problem: what });

/** More than any model costs: a price per million tokens that was taken for one per token. */
const MOST_USD_PER_MILLION = 100_000;
/** A product of binary fractions: the digits that were meant. */
const DIGITS = 12;

/** A price in dollars per million tokens; `factor` makes it one. undefined where there is none. */
export function perMillion(entry: string, field: string, price: unknown, factor: number): number | undefined | FileProblem {
  if (price === undefined || price === null) return undefined;
  if (typeof price !== 'number' || !Number.isFinite(price) || price < 0)
    return problem(entry, field, `is ${shown(price)}: give a number of dollars, at least 0`);
  const usd = Number((price * factor).toPrecision(DIGITS));
  if (usd > MOST_USD_PER_MILLION)
    return problem(entry, field, `is ${price}, which is $${usd} for a million tokens: give dollars ${factor === 1 ? 'per million tokens' : 'per token'}`);
  return usd;
} // prettier-ignore

const shown = (value: unknown): string => escapeInvisible(JSON.stringify(value) ?? 'nothing').slice(0, 40);
