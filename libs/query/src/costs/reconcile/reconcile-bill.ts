import { type BilledDay, type Difference, DIFFERENCES, reconcile } from '@telltale/domain-cost';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../../define/api-error';
import { defineCommand, named } from '../../define/definition';
import { readStoredDays } from './stored-days';

const MAX_LINES = 10_000;
const MAX_DAYS = 92;

const line = z.strictObject(
  {
    day: z.iso.date({ error: 'is not a day; give YYYY-MM-DD, in UTC' }).describe('Day of UTC'),
    provider: z.string().max(200, 'is longer than 200 characters; shorten it').default('').describe('Empty: the bill is of one provider'),
    model: z.string({ error: 'is not a text; give the model' }).min(1, 'is empty; give the model').max(200, 'is longer than 200 characters; shorten it'),
    usd: z.number({ error: 'is not a number; give dollars, such as 12.34' }).finite().min(-1e9, 'is out of range; give dollars').max(1e9, 'is out of range; give dollars').describe('What was billed; credits are negative'),
  },
  { error: ({ code }) => (code === 'unrecognized_keys' ? 'is no field of a line; there are day, provider, model, usd' : 'is no line of a bill; give an object with day, model and usd') },
); // prettier-ignore
const nano = z.int().describe('Nano-dollars');
const differences = named(
  'BillDifferences',
  z.object(Object.fromEntries(DIFFERENCES.map((why) => [why, nano])) as Record<Difference, typeof nano>),
);

/** Nano-dollars of dollars, without the error that multiplying brings. */
const nanoOf = (usd: number): number => Math.round(Number((usd * 1e9).toPrecision(15)));

export const reconcileBill = defineCommand({
  name: 'reconcileBill',
  about:
    'Compares a provider’s bill with what was recorded, by day and model, and says what the differences are; nothing is stored.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/reconcile',
  status: 200,
  params: {
    lines: z
      .array(line, { error: 'is not a list; give lines of day, provider, model, usd' })
      .min(1, 'is empty; give at least one line')
      .max(MAX_LINES, `has more than ${MAX_LINES} lines; sum them by day and model`)
      .describe('Lines of the bill'),
  },
  example: { lines: [{ day: '2026-11-22', model: 'gpt-4o', usd: 12.5 }] },
  answer: named(
    'ReconcileBillAnswer',
    z.object({
      billed_nano_usd: nano,
      recorded_nano_usd: nano.describe('Nano-dollars, by the prices when the calls came'),
      differences: differences.describe('What the bill has beyond what was recorded; the sum is the difference'),
      unexplained_share: z.number().describe('Of the bill, 0 to 1, without sign'),
      suggested_discounts: z.array(z.object({ provider: z.string(), model: z.string(), share: z.number() })),
      days: z.array(
        z.object({
          day: z.iso.date(),
          provider: z.string(),
          model: z.string().describe('Without date and provider'),
          billed_nano_usd: nano,
          recorded_nano_usd: nano,
          calls: z.number().describe('Calls of that day, weighted'),
          differences,
        }),
      ),
    }),
  ),
  run: async ({ lines }, { rowsOf }) => {
    const days = [...new Set(lines.map(({ day }) => day))].sort();
    const [first = '', last = ''] = [days[0], days.at(-1)];
    const end = isoTimeOf(Date.parse(last) + DAY_MS).slice(0, 10);
    if (Date.parse(end) - Date.parse(first) > MAX_DAYS * DAY_MS) throw badParameter('lines', `spans more than ${MAX_DAYS} days, ${first} to ${last}`, 'compare a shorter bill'); // prettier-ignore
    const billed = lines.map(({ usd, ...of }): BilledDay => ({ ...of, nano: nanoOf(usd) }));
    return reconcile(billed, await readStoredDays(rowsOf, first, end));
  },
});
