import { z } from 'zod';
import { moment, text } from './fields';
import { DATES, isInOrder, ratesOf } from './price-fields';

const usd = z.number().nonnegative();

/** A price of people's own; `*` in provider and model stands for any characters. */
export const priceValue = z
  .strictObject({
    provider: text.max(200).default('*'),
    model: text.min(1).max(200),
    from: moment.optional().describe('First moment it holds; ever since when absent'),
    to: moment.optional().describe('First moment it does not hold any more; without end when absent'),
    service_tier: z.enum(['standard', 'batch', 'flex', 'priority']).optional().describe('For all tiers when absent'),
    usd_per_million: z.strictObject({
      ...ratesOf(usd),
      input: usd,
      output: usd,
    }),
  })
  .refine(isInOrder, DATES);

const nanoUsd = z.number().int().nonnegative();
/** Where the units of a call of a tool are: in its arguments or its result, then keys and indices. */
const unitPath = text
  .max(200)
  .regex(
    /^(?:arguments|result)(?:\.[^.]+){0,8}$/,
    'is no path: give arguments or result, then up to 8 keys or indices with dots between, such as result.pages',
  );

/** What a call of a tool costs; the setting has the name of the tool. */
export const toolPriceValue = z
  .strictObject({
    per_call_nano_usd: nanoUsd.optional().describe('For each call, in nano-dollars (1e-9 USD)'),
    per_unit_nano_usd: nanoUsd.optional().describe('For each unit, in nano-dollars; beside what each call costs'),
    unit_path: unitPath.optional().describe('Where the number of units is: a path such as result.pages or arguments.count'),
  })
  .refine(({ per_call_nano_usd: call, per_unit_nano_usd: unit }) => call !== undefined || unit !== undefined, {
    path: ['per_call_nano_usd'],
    message: 'is missing, as is per_unit_nano_usd: give at least one of them',
  })
  .refine(({ per_unit_nano_usd: unit, unit_path: path }) => unit === undefined || path !== undefined, {
    path: ['unit_path'],
    message: 'is missing: say where the number of units is, such as result.pages, or leave per_unit_nano_usd out',
  })
  .refine(({ per_unit_nano_usd: unit, unit_path: path }) => path === undefined || unit !== undefined, {
    path: ['per_unit_nano_usd'],
    message: 'is missing: give the price of a unit, or leave unit_path out',
  });
