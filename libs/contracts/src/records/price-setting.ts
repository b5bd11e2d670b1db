import { z } from 'zod';
import { isoTime, text } from './fields';

const usd = z.number().nonnegative();
const moment = z.union([isoTime, z.iso.date()], {
  error: 'is no time: give ISO 8601 in UTC, such as 2026-11-23T03:00:00Z, or a day, 2026-11-23, for its begin',
});

/** A price of people's own; `*` in provider and model stands for any characters. */
export const priceValue = z
  .strictObject({
    provider: text.max(200).default('*'),
    model: text.min(1).max(200),
    from: moment.optional().describe('First moment it holds; ever since when absent'),
    to: moment.optional().describe('First moment it does not hold any more; without end when absent'),
    service_tier: z.enum(['standard', 'batch', 'flex', 'priority']).optional().describe('For all tiers when absent'),
    usd_per_million: z.strictObject({
      input: usd,
      output: usd,
      cache_read: usd.optional(),
      cache_write: usd.optional(),
      cache_write_1h: usd.optional(),
      input_audio: usd.optional(),
      input_image: usd.optional(),
      output_audio: usd.optional(),
      output_image: usd.optional(),
    }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'lies not after from: give a later to or an earlier from',
  });
