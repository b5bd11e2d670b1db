import { type WasteRule, wasteRule } from '@telltale/contracts';
import { PROMPT_CHANGES, type PromptChange, promptChange, WASTE_FIXES } from '@telltale/domain-waste';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { choice, limitOf, type Period, periodOf, rangeParams, text } from '../../define/params';
import { isoTime } from '../../define/row-fields';
import { withIsoTimes } from '../../define/iso-times';
import { promptsOf, WASTE_GROUPINGS, type WasteGrouping, wasteSums } from './waste-sums';
import { numberOf, type Row } from '../../define/row-values';

const RANGE = { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS };
const GROUPINGS = Object.keys(WASTE_GROUPINGS) as [WasteGrouping, ...WasteGrouping[]];
/** Prompts are long: they are compared for so many findings of an answer. */
const MAX_COMPARED = 5;

const sums = {
  turns: z.number().describe('Turns in which it was found, weighted; in a sum over rules a turn counts once for each'),
  calls: z.number().describe('Calls that were wasted, in whole or in part'),
  unpriced_calls: z.number().describe('Of these, calls whose cost is unknown; not in the money'),
  nano_lost: z.int().describe('Nano-dollars that bought nothing; no call is counted twice'),
  nano_avoidable: z.int().describe('Nano-dollars of these that the fix saves'),
  usd_lost: z.number(),
  usd_avoidable: z.number(),
};
const wasteGroup = named(
  'WasteGroup',
  z.object({
    rule: z.enum(wasteRule.options).optional().describe('By finding and by rule only'),
    service_name: z.string().optional().describe('By finding and by service only'),
    model: z.string().optional().describe('By finding and by model only; empty: calls of tools'),
    intent: z.string().optional().describe('By finding and by intent only'),
    hour: isoTime.optional().describe('By hour only'),
    ...sums,
    evidence: z.array(z.string()).describe('Turns that lost most (at most 5)'),
    detail: z.string().describe('Of the first of these: what was repeated, where its prompt breaks off, or what else would do'),
    change: z
      .object({
        kind: z.enum(PROMPT_CHANGES).describe('What changes in the prompt'),
        at: z.int().describe('Where, in characters'),
        behind: z.string().describe('What stands before it'),
        before: z.string().describe('Its shape in the earlier prompt: digits as 0, letters as a'),
        after: z.string().describe('Its shape in the later one'),
      })
      .nullable()
      .describe('Of prompts that break off, compared in two calls; null where it is unknown'),
    fix: z.string().describe('What to do; empty where there are several rules in the group'),
  }),
);
type WasteGroup = z.infer<typeof wasteGroup>;

const sumsOf = (row: Row | undefined) => ({
  turns: numberOf(row, 'n_turns'),
  calls: numberOf(row, 'n_calls'),
  unpriced_calls: numberOf(row, 'n_unpriced'),
  nano_lost: numberOf(row, 'lost'),
  nano_avoidable: numberOf(row, 'avoidable'),
  usd_lost: numberOf(row, 'lost') / 1e9,
  usd_avoidable: numberOf(row, 'avoidable') / 1e9,
});

async function changeOf(spans: readonly string[], period: Period, rowsOf: RowsOf): Promise<PromptChange | null> {
  const rows = await rowsOf(promptsOf(spans, period));
  const [earlier, later] = spans.map((span) => rows.find((row) => row['span_id'] === span)?.['prompt']);
  return typeof earlier === 'string' && typeof later === 'string' ? promptChange(earlier, later) : null;
}

export const getWaste = defineQuery({
  name: 'getWaste',
  about:
    'What was wasted: by finding, a rule in a service with a model for an intent, or summed by one of these; what lost most first.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/waste',
  params: {
    by: choice(GROUPINGS, 'What the waste is summed by').default('finding'),
    rule: choice(wasteRule.options as [WasteRule, ...WasteRule[]], 'Only of this rule').optional(),
    service: text('Only of this service').optional(),
    model: text('Only of this model').optional(),
    intent: text('Only of this intent').optional(),
    limit: limitOf({ fallback: 50, max: 1_000 }),
    ...rangeParams(RANGE),
  },
  example: { by: 'rule', since: '30d' },
  answer: named(
    'GetWasteAnswer',
    z.object({
      by: z.enum(GROUPINGS),
      since: isoTime,
      until: isoTime,
      groups: z.array(wasteGroup),
      total: z.object(sums).describe('All waste of the period, beyond the limit too'),
    }),
  ),
  limits: { maxRows: 1_000, maxRangeMs: RANGE.maxMs },
  run: async ({ by, rule, service, model, intent, limit, ...times }, { clock, rowsOf }) => {
    const period = periodOf(times, clock.now(), RANGE);
    const filters = { rule, service, model, intent };
    const [[all], rows] = await Promise.all([
      rowsOf(wasteSums(null, filters, period, 1)),
      rowsOf(wasteSums(by, filters, period, limit)),
    ]);
    let compared = 0;
    const groups: WasteGroup[] = [];
    for (const row of rows) {
      const { shown_detail: detail, shown_spans: spans, evidence, ...of } = row;
      const named = wasteRule.safeParse(of['rule'] ?? rule);
      const isBroken = named.data === 'cache_prefix_broken' && compared++ < MAX_COMPARED;
      const columns = Object.fromEntries(WASTE_GROUPINGS[by].map((column) => [column, of[column]]));
      groups.push({
        ...withIsoTimes(columns),
        ...sumsOf(row),
        evidence: evidence as string[],
        detail: String(detail),
        change: isBroken ? await changeOf(spans as string[], period, rowsOf) : null,
        fix: named.success ? WASTE_FIXES[named.data] : '',
      });
    }
    const [since, until] = [new Date(period.since).toISOString(), new Date(period.until).toISOString()];
    return { by, since, until, groups, total: sumsOf(all) };
  },
});
