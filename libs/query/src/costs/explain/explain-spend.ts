import { type Cause, explainChange, PARTS, type Part } from '@telltale/domain-cost';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../../define/api-error';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { momentOf, type Period, text, timeParam } from '../../define/params';
import { isoTime } from '../../define/row-fields';
import { linesOf } from '../../mcp/logfmt';
import { wholeHours } from '../top/top-spend';
import { evidenceOf } from './evidence';
import { createListPrices } from './list-price';
import { readSpendCells, spendSlices } from './spend-cells';
import { readTurnSlices } from './turn-slices';
import { sentenceOf } from './words';

const MAX_RANGE_MS = 92 * DAY_MS;
/** Causes that are shown with turns. */
const WITH_EVIDENCE = 3;

const nano = (about: string) => z.int().describe(`${about}, nano-dollars`);
const parts = named('SpendParts', z.object(Object.fromEntries(PARTS.map((part) => [part, z.int()])) as Record<Part, z.ZodInt>));
const figures = named(
  'SpendFigures',
  z.object({
    sessions: z.number(),
    turns: z.number(),
    calls: z.number(),
    retries: z.number(),
    input_tokens: z.number().nullable().describe('Per call'),
    cache_read_share: z.number().nullable().describe('Of the input tokens, 0 to 1'),
    output_tokens: z.number().nullable().describe('Per call'),
    nano_usd: z.number().nullable().describe('Per call'),
  }),
);
const slice = named(
  'SpendSlice',
  z.object({
    dimension: z.string(),
    value: z.string().describe('Versions that took each other’s place: old → new'),
    before_nano_usd: nano('Spend before'),
    after_nano_usd: nano('Spend after'),
    change_nano_usd: nano('The difference'),
    share_of_change: z.number().nullable().describe('Above 1 where others changed the other way'),
    parts,
  }),
);
const cause = named(
  'SpendCause',
  z.object({
    sentence: z.string(),
    dimension: z.string().describe('all: no single value explains it'),
    value: z.string(),
    part: z.enum(PARTS),
    nano_usd: nano('What it explains of the change'),
    share_of_change: z.number(),
    before: figures,
    after: figures,
    evidence: z.array(z.object({ turn_id: z.string(), session_id: z.string(), cost_nano_usd: z.int() })).describe('Its most expensive turns; of the first causes'),
  }),
); // prettier-ignore

/** The period to compare with: as long as `period`, and right before it, or from `vs`, or so much earlier as `vs` says. */
function comparedWith(vs: string | undefined, { since, until }: Period, now: number): Period {
  const length = until - since;
  if (vs === undefined) return { since: since - length, until: since };
  const start = /^\d{1,6}[smhd]$/.test(vs) ? momentOf('vs', vs, since) : momentOf('vs', vs, now);
  const compared = wholeHours({ since: start, until: start + length });
  if (start >= since) throw badParameter('vs', 'lies not before from', 'give an earlier time, or how much earlier, such as 7d');
  return compared;
}

export const explainSpend = defineQuery({
  name: 'explainSpend',
  about:
    'Why spend changed: the change as an exact sum of its parts, the slices that changed most, and the likely causes with turns.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/explain',
  params: {
    from: timeParam('First moment of the period: ISO 8601, Unix ms, or an age such as 24h'),
    to: timeParam('First moment after it; now when left out').optional(),
    vs: timeParam('Start of the period it is compared with, or how much earlier that is (7d); the one right before when left out').optional(), // prettier-ignore
    service: text('Only of this service').optional(),
    environment: text('Only of this deployment environment').optional(),
  },
  example: { from: '24h', vs: '7d' },
  mcp: {
    name: 'explain_spend',
    about: 'Why spend changed between two periods: the likely causes in words with example turns, the exact parts of the change, and the slices that changed most.',
    next: 'get_turn(id=a turn of evidence) shows what it spent; find_operations(model, since) lists calls',
    show: ({ slices, ...rest }) => ({ items: linesOf({ ...rest, slices }) }),
  }, // prettier-ignore
  answer: named(
    'ExplainSpendAnswer',
    z.object({
      from: isoTime,
      to: isoTime,
      vs_from: isoTime,
      vs_to: isoTime,
      before_nano_usd: nano('Spend of the period it is compared with'),
      after_nano_usd: nano('Spend of the period'),
      change_nano_usd: nano('The difference'),
      parts: parts.describe('What each part changed, nano-dollars; their sum is the change'),
      unexplained_nano_usd: nano('The change without its parts'),
      unpriced_share_before: z
        .number()
        .nullable()
        .describe('Calls without a price, of all that are paid for, 0 to 1: they are in no sum'),
      unpriced_share_after: z.number().nullable(),
      slices: z.array(slice),
      causes: z.array(cause),
    }),
  ),
  limits: { maxRangeMs: MAX_RANGE_MS },
  run: async ({ from, to, vs, service, environment }, { clock, rowsOf, priceOf }) => {
    const now = clock.now();
    const asked = { since: momentOf('from', from, now), until: to === undefined ? now : momentOf('to', to, now) };
    if (asked.since >= asked.until) throw badParameter('from', 'lies not before to', 'give an earlier from or a later to');
    if (asked.until - asked.since > MAX_RANGE_MS) throw badParameter('from', `lies more than ${MAX_RANGE_MS / DAY_MS} d before to`, 'ask for a shorter period'); // prettier-ignore
    const after = wholeHours(asked);
    const before = comparedWith(vs, after, now);
    const chosen = { service, environment };
    const listPrices = createListPrices(priceOf);
    const [cellsBefore, cellsAfter] = await Promise.all(
      [before, after].map((period) => readSpendCells(rowsOf, chosen, period, listPrices)),
    );
    if (!cellsBefore || !cellsAfter) throw new TypeError('two periods were asked for');
    const turnSlices = await readTurnSlices(rowsOf, chosen, before, after, listPrices);
    const { causes, ...explanation } = explainChange(cellsBefore.whole, cellsAfter.whole, [
      ...spendSlices(cellsBefore, cellsAfter),
      ...turnSlices,
    ]);
    const sum = PARTS.reduce((total, part) => total + explanation.parts[part], 0);
    const shown = async (one: Cause, i: number) => {
      const { dimension, value, part, nano_usd, share_of_change, before: was, after: is } = one;
      const evidence = i < WITH_EVIDENCE ? await evidenceOf(rowsOf, chosen, after, one) : [];
      const sentence = sentenceOf(one, explanation.change_nano_usd);
      return { sentence, dimension, value, part, nano_usd, share_of_change, before: was, after: is, evidence };
    };
    const share = ({ unpricedCalls, calls }: typeof cellsBefore): number | null => (calls > 0 ? unpricedCalls / calls : null);
    return {
      from: isoTimeOf(after.since),
      to: isoTimeOf(after.until),
      vs_from: isoTimeOf(before.since),
      vs_to: isoTimeOf(before.until),
      ...explanation,
      unexplained_nano_usd: explanation.change_nano_usd - sum,
      unpriced_share_before: share(cellsBefore),
      unpriced_share_after: share(cellsAfter),
      causes: await Promise.all(causes.map(shown)),
    };
  },
});
