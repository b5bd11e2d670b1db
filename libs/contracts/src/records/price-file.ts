import { z } from 'zod';
import { moment, text } from './fields';
import { DATES, isInOrder, ratesOf } from './price-fields';

/** More than any model costs for a million tokens, in dollars. */
const MOST_USD = 100_000;
const usd = z.number().nonnegative().max(MOST_USD);
const rateFields = ratesOf(usd);
const MAX_SIZES = 10;
const sized = z.strictObject({
  ...rateFields,
  above: z
    .array(z.strictObject({ tokens: z.number().nonnegative(), ...rateFields }))
    .max(MAX_SIZES)
    .optional()
    .describe('Prices of calls with more input tokens, for the whole call'),
});

const MAX_RULES = 200;
const word = text.min(1).max(200);
const nameRule: z.ZodType<NameRule> = z.lazy(() =>
  z.union([
    z.strictObject({ equals: word }),
    z.strictObject({ starts_with: word }),
    z.strictObject({ ends_with: word }),
    z.strictObject({ contains: word }),
    z.strictObject({ or: z.array(nameRule).min(1).max(MAX_RULES) }),
    z.strictObject({ and: z.array(nameRule).min(1).max(MAX_RULES) }),
  ]),
);
type NameRule =
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { or: NameRule[] }
  | { and: NameRule[] };

/** Prices of one model, in dollars per million tokens. */
export const modelPrices = z.strictObject({
  provider: text.min(1).max(200),
  model: text.min(1).max(200),
  match: nameRule.optional().describe('Names that are this model; its own alone when absent'),
  from: moment.optional(),
  rates: sized,
  tiers: z
    .strictObject({ batch: sized.optional(), flex: sized.optional(), priority: sized.optional() })
    .optional()
    .describe('Prices of the tiers of a service that differ by more than a known factor'),
});

/** Most models in one part of a price file, which keeps a record far below what a topic takes. */
export const MAX_PART_MODELS = 400;
const MAX_PARTS = 50;
/** Most price files of a tenant. */
export const MAX_PRICE_FILES = 12;
const revision = text.regex(/^[0-9a-f]{12}$/, 'is not 12 hex digits').describe('Digest of the prices');
/** Parts of the file in force are in one slot; the next file is written to the other. */
const slot = z.enum(['a', 'b']).describe('Which of its two sets of parts is in force');

/** A price file that is in force; its prices are in its parts. It counts only while all of them are there, of its revision. */
export const priceFileValue = z
  .strictObject({
    source: z.enum(['litellm', 'genai-prices']).describe('Whose published form it had'),
    revision,
    slot,
    parts: z.number().int().positive().max(MAX_PARTS),
    models: z.number().int().positive(),
    from: moment.optional().describe('First moment it holds; ever since when absent'),
    to: moment.optional().describe('First moment it does not hold any more; without end when absent'),
  })
  .refine(isInOrder, DATES);

/** Prices of some models of a price file. */
export const priceFilePartValue = z.strictObject({
  file: text.min(1).max(100).describe('Name of the price file'),
  revision,
  slot,
  part: z.number().int().nonnegative().max(MAX_PARTS),
  models: z.array(modelPrices).min(1).max(MAX_PART_MODELS),
});

/** The name of the setting that holds a part. */
export const partName = (file: string, slotOfPart: 'a' | 'b', part: number): string => `${file}.${slotOfPart}.${part}`;

/** What is taken off list prices for committed use; `*` in provider and model stands for any characters. */
export const discountValue = z
  .strictObject({
    provider: text.max(200).default('*'),
    model: text.min(1).max(200).default('*'),
    share: z.number().gt(0).lt(1).describe('Share of the list price that is not paid: 0.15 is 15 % off'),
    from: moment.optional().describe('First moment it holds; ever since when absent'),
    to: moment.optional().describe('First moment it does not hold any more; without end when absent'),
  })
  .refine(isInOrder, DATES);
