import { type AnomalyRecord } from '@telltale/contracts';
import { PER_SERIES_DAY } from '@telltale/domain-detector';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { type AskContext, named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { withIsoTimes } from '../../define/iso-times';
import { text, type Period, periodOf, rangeParams } from '../../define/params';
import { count, isoTime } from '../../define/row-fields';
import { filterBy, within } from '../../define/where';
import { metric, service, SERVICE_OF_SERIES } from '../findings';
import { countBy, type Outcome, outcomeOf, type Raised } from './outcome';
import { chooseSeries, readCandidates, readSeries, type Scope, shareOfTenant } from './read-series';
import { type StoredSeries } from './replay';
import { type KnownSettings, readSettings } from './settings-in-force';
import { asBudget, MAX_TRIES, numbersParam, type Try, triesOf } from './settings-to-try';

const RANGE = { defaultMs: 3 * DAY_MS, maxMs: 30 * DAY_MS };
const MAX_RAISED = 5_000;
const MAX_LOST = 20;
const LONGEST = 300;

/** Of what a stored window keeps and the question reads, what it cannot know. */
const CANNOT_KNOW = {
  values:
    'Of a window with more than four calls the least, median, 95th percentile and greatest value are stored; values between them are interpolated where windows are evaluated together.',
  history:
    'The detector starts from nothing where the replay begins (replayed_from): what it had learned before is not stored, so a daily rhythm or the rate at which a series surprises may be known less well.',
  labels:
    'Labels are not applied: the ten times lower alert rate of a series that was labeled expected or false_positive is not in it.',
  sensitivities: 'Rate multipliers that are in force now are applied to all of the range; those that are over are not.',
  novelty: 'What is new (tools, models, versions, errors) is not counted: no sensitivity decides it.',
  part: 'Only a part of the tenant’s series is replayed, with its share of the budget: what others’ anomalies add to the budget or explain is not in it.',
} as const;

const raisedRow = z.object({
  id: z.string(),
  series_id: z.string(),
  channel: z.string(),
  started_at: isoTime,
  summary: z.string(),
});
const counts = z.record(z.string(), count);
const answer = named(
  'DetectorBacktestAnswer',
  z.object({
    since: isoTime,
    until: isoTime,
    replayed_from: isoTime.describe('The detector learns from here on; anomalies are counted from since'),
    series: count.describe('Series that are replayed'),
    series_left_out: count.describe('Series of the scope for which there was no room'),
    windows: count.describe('Stored windows that are replayed, at each setting'),
    share_of_tenant: z.number().describe('Of the tenant’s evaluated series, the share that is replayed; they get this share of a budget'),
    per_series_day: z.number().describe('Most that a budget gives one series: false anomalies a day'),
    present: z.object({
      false_per_day: z.number(),
      is_set: z.boolean().describe('False: nobody set a budget, and this is the scorer’s own'),
      rate_multipliers: count.describe('Rate multipliers in force, applied at every setting'),
    }),
    raised: z.object({
      anomalies: count.describe('What the service raised of these series in the range, without novelties'),
      by_label: counts,
      by_channel: counts,
      is_capped: z.boolean().describe('Whether there are more than are read'),
    }),
    settings: z.array(
      z.object({
        false_per_day: z.number(),
        rate_multiplier: z.number(),
        is_present: z.boolean(),
        anomalies: count,
        explained: count.describe('Of these, those that another one explains'),
        in_maintenance: count,
        by_channel: counts,
        kept: count.describe('Anomalies that were raised and are again: the same series, at the same time'),
        kept_by_label: counts,
        real_lost: count.describe('Labeled real, and not raised'),
        lost: z.array(raisedRow).describe(`The first ${MAX_LOST} of these`),
      }),
    ),
    cannot_know: z.array(z.object({ about: z.enum(Object.keys(CANNOT_KNOW) as [keyof typeof CANNOT_KNOW]), text: z.string() })),
  }),
); // prettier-ignore

/** What the service raised in the range, in its newest state. */
async function readRaised(rowsOf: RowsOf, scope: Scope, period: Period, { labels }: KnownSettings): Promise<Raised[]> {
  const filter = filterBy({ [SERVICE_OF_SERIES]: scope.service, series_id: scope.series });
  const { where, params } = within(filter, 'started_at', period);
  const rows = await rowsOf({
    sql: `SELECT id, series_id, channel, started_at, ended_at, summary FROM telltale.anomalies WHERE ${where} AND kind != 'novelty'
      ORDER BY state = 'closed' DESC, windows DESC LIMIT 1 BY id`,
    params,
  });
  return rows
    .map(withIsoTimes)
    .map((row) => ({ ...(row as unknown as Raised), label: labels.get(String(row['id'])) ?? '' }))
    .sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
}

/** The series that is asked for is evaluated beside those of its metric and service; nobody asks for those alone. */
async function scopeOf(
  rowsOf: RowsOf,
  { series, service, metric }: { series?: string | undefined; service?: string | undefined; metric?: string | undefined },
  { replay }: AskContext,
): Promise<Scope> {
  if (series === undefined) return { service, ...(metric === undefined ? {} : { metrics: replay.metricsWithParent(metric) }) };
  const { where, params } = filterBy({ series_id: series });
  const [row] = await rowsOf({
    sql: `SELECT metric, ${SERVICE_OF_SERIES} AS service FROM telltale.series_windows WHERE ${where} LIMIT 1`,
    params,
  });
  if (!row)
    throw new ApiError('not_found', `there is no series ${series.slice(0, 80)}`, {
      parameter: 'series',
      fix: 'GET /api/series lists them',
    });
  return { series, service: String(row['service']), metrics: replay.metricsWithParent(String(row['metric'])) };
}

const shown = ({ id, series_id, channel, started_at, summary }: Raised): z.infer<typeof raisedRow> => ({
  id,
  series_id,
  channel,
  started_at,
  summary: summary.slice(0, LONGEST),
});

function shownSetting({ falsePerDay, rateMultiplier }: Try, present: number, { real_lost: lost, ...counted }: Outcome) {
  return {
    false_per_day: falsePerDay,
    rate_multiplier: rateMultiplier,
    is_present: falsePerDay === present && rateMultiplier === 1,
    ...counted,
    real_lost: lost.length,
    lost: lost.slice(0, MAX_LOST).map(shown),
  };
}

/** Whose anomalies are counted: of one series that one's; else all, but not those of a parent that was read for its parts. */
function countedOf(asked: { series?: string | undefined; metric?: string | undefined }, all: readonly StoredSeries[]) {
  const metrics = new Map(all.map(({ id, metric }) => [id, metric]));
  return (id: string): boolean =>
    asked.series !== undefined
      ? id === asked.series
      : asked.metric === undefined || (metrics.get(id) ?? asked.metric) === asked.metric;
}

export const backtestDetector = defineQuery({
  name: 'backtestDetector',
  about:
    'How many anomalies the detector would have raised at other sensitivities, over the stored windows of a series, a metric, a service or all, and which that were labeled real would be lost.',
  tag: 'detection',
  scope: 'read',
  path: '/api/detector/backtest',
  params: {
    series: text('Only this series (series_id)').optional(),
    service,
    metric,
    ...rangeParams(RANGE),
    false_per_day: numbersParam(
      `Budgets to try: up to ${MAX_TRIES} numbers of false anomalies a day, separated by commas; around the present one when left out`,
    ),
    rate_multiplier: numbersParam(`In place of budgets: up to ${MAX_TRIES} rate multipliers to try, from 0.01 to 100`),
  },
  example: { service: 'shop', since: '3d', false_per_day: '0.5,5,50' },
  missing: 'there is no series of this id',
  answer,
  run: async ({ since, until, false_per_day, rate_multiplier, ...asked }, context) => {
    const { rowsOf, clock, replay, tenant } = context;
    const now = clock.now();
    const range = periodOf({ since, until }, now, RANGE);
    const period = { since: range.since, until: Math.min(range.until, Math.max(now, range.since + 1)) };
    const known = await readSettings(rowsOf, now);
    const present = known.falsePerDay ?? replay.defaultFalsePerDay;
    const tries = triesOf({ false_per_day, rate_multiplier }, present);
    const scope = await scopeOf(rowsOf, asked, context);
    const chosen = chooseSeries(await readCandidates(rowsOf, scope, period), period, tries.length, asked.series);
    const all = await readSeries(rowsOf, chosen.ids, { since: chosen.replayedFrom, until: period.until });
    const isWhole = scope.service === undefined && scope.metrics === undefined && chosen.leftOut === 0;
    const share = isWhole || all.length === 0 ? 1 : await shareOfTenant(rowsOf, chosen.ids, period);
    const isCounted = countedOf(asked, all);
    const isIn = ({ started_at: at, kind, series_id: id }: AnomalyRecord): boolean =>
      kind !== 'novelty' && isCounted(id) && Date.parse(at) >= period.since && Date.parse(at) < period.until;

    const runs: { one: Try; found: AnomalyRecord[]; ids: readonly string[] }[] = [];
    for (const one of tries) {
      const { anomalies, seriesIds } = await replay.run(all, {
        falsePerDay: asBudget(one.falsePerDay * share),
        settings: settingsAt(one, known, tenant),
        until: period.until,
      });
      runs.push({ one, found: anomalies.filter(isIn), ids: seriesIds });
    }
    const evaluated = new Set(runs[0]?.ids);
    const read = await readRaised(rowsOf, { ...scope, series: asked.series }, period, known);
    const raised = read.filter(({ series_id: id }) => evaluated.has(id) && isCounted(id)).slice(0, MAX_RAISED);
    const labeled = raised.filter(({ label }) => label !== '');
    return {
      since: isoTimeOf(period.since),
      until: isoTimeOf(period.until),
      replayed_from: isoTimeOf(chosen.replayedFrom),
      series: all.length,
      series_left_out: chosen.leftOut,
      windows: chosen.windows,
      share_of_tenant: share,
      per_series_day: PER_SERIES_DAY,
      present: { false_per_day: present, is_set: known.falsePerDay !== undefined, rate_multipliers: known.rateMultipliers },
      raised: {
        anomalies: raised.length,
        by_label: countBy(labeled, ({ label }) => label),
        by_channel: countBy(raised, ({ channel }) => channel),
        is_capped: read.length > MAX_RAISED,
      },
      settings: runs.map(({ one, found }) => shownSetting(one, present, outcomeOf(found, raised))),
      cannot_know: (Object.keys(CANNOT_KNOW) as (keyof typeof CANNOT_KNOW)[])
        .filter((about) => about !== 'part' || !isWhole)
        .map((about) => ({ about, text: CANNOT_KNOW[about] })),
    } satisfies z.infer<typeof answer>;
  },
});

const settingsAt = ({ rateMultiplier }: Try, { records }: KnownSettings, tenant: string) =>
  rateMultiplier === 1
    ? records
    : [
        ...records,
        { type: 'set_sensitivity', tenant, id: 'backtest', rate_multiplier: rateMultiplier, issued_by: 'backtest' } as const,
      ];
