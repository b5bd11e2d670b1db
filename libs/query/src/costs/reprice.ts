import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { defineCommand, named } from '../define/definition';
import { isoTimeParam } from '../define/params';
import { count } from '../define/row-fields';

/** Half-open range of the time of calls, ms since the epoch. */
export interface RepriceRange {
  readonly from: number;
  readonly to: number;
  /** Says what would change and sends nothing. */
  readonly dryRun: boolean;
}

const answer = z.object({
  calls: count.describe('Calls that were looked at'),
  corrections: count.describe('Of these, calls whose price differs'),
  delta_nano_usd: z.int().describe('Change of spend, weighted, against what it was before'),
  unpriced: z.record(z.string(), count).describe('Calls for which no price is known, by provider/model'),
  price_versions: z.record(z.string(), count).describe('Calls by the price table that knows their price'),
  pending: count.describe('Corrections that costs has not taken yet; it will, when it runs'),
});
export type RepriceAnswer = Readonly<z.infer<typeof answer>>;

export const reprice = defineCommand({
  name: 'reprice',
  about: 'Prices the stored calls of a range again; what differs goes to costs as corrections. Asking again is harmless.',
  tag: 'costs',
  scope: 'admin',
  path: '/api/costs/reprice',
  status: 200,
  params: {
    from: isoTimeParam('First moment'),
    to: isoTimeParam('First moment after the range'),
    dry_run: z.boolean('is not true or false; give true to send nothing').default(false).describe('Only says what would change'),
  },
  example: { from: '2026-11-23T00:00:00Z', to: '2026-11-23T01:00:00Z', dry_run: true },
  answer: named('RepriceAnswer', answer),
  run: ({ from, to, dry_run: dryRun }, context) => {
    if (from >= to) throw badParameter('from', 'lies not before to', 'give an earlier from or a later to');
    return context.reprice({ from, to, dryRun });
  },
});
