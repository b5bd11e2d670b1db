import { differenceInDifferences, differenceOf, LEAST_CLUSTERS, LEAST_POINTS } from '@telltale/domain-effect';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../../define/api-error';
import { named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { momentOf, type Period, text, timeParam } from '../../define/params';
import { count, isoTime } from '../../define/row-fields';
import { numberOf } from '../../define/row-values';
import { SINCE_FIRST_MINUTE, type Where, within } from '../../define/where';
import { chosenSessions, whereChosen } from '../chosen-sessions';
import { fromTo } from '../from-to';
import { comparedMetric, comparedMetrics, type Estimated } from './answer';
import { isMetric, isQuantileMetric, METRIC_NAMES, metricOf, type MetricName } from './metrics';
import { momentsIn, momentsStatement } from './moments';
import { COHORTS, type CohortName, readPanel, stretchOf } from './panel';
import { compareQuantiles } from './quantiles';
import { byParam, type ComparedBy, pairOf, sideOf, sideParams, USER, valuesOf } from './sides';

const MAX_METRICS = 10;
const DEFAULT_METRICS = 'turns,cost,duration,friction,unhelped';
const DEFAULT_COHORTS = 'intent,language,region';

/** Names in a list with commas, each one of `known`. */
function namesIn(parameter: string, list: string, known: readonly string[], most: number): string[] {
  const names = [...new Set(list.split(',').map((name) => name.trim()).filter((name) => name !== ''))]; // prettier-ignore
  const wrong = names.find((name) => !known.includes(name));
  const fix = `give some of ${known.join(', ')}, with commas between`;
  if (wrong !== undefined) throw badParameter(parameter, `has ${wrong.slice(0, 50)}, which there is not`, fix);
  if (names.length === 0) throw badParameter(parameter, 'names nothing', fix);
  if (names.length > most) throw badParameter(parameter, `names more than ${most}`, `give at most ${most}`);
  return names;
}

interface Change {
  readonly before: number;
  readonly after: number;
}
/** When the change was made; null where sides are compared that are there at the same time. */
function changeOf({ before, after }: { readonly before?: string | undefined; readonly after?: string | undefined }, period: Period, now: number): Change | null {
  if (before === undefined && after === undefined) return null;
  const [end, start] = [before, after].map((value, i) => (value === undefined ? undefined : momentOf(i === 0 ? 'before' : 'after', value, now)));
  const change = { before: end ?? start ?? 0, after: start ?? end ?? 0 };
  if (change.before > change.after) throw badParameter('after', 'lies before the end of before', 'give an after that is not earlier than before');
  if (change.before <= period.since || change.after >= period.until)
    throw badParameter(after === undefined ? 'before' : 'after', 'lies not within from and to', 'give a from that is earlier and a to that is later');
  return change;
} // prettier-ignore

interface Counts {
  readonly sessions_a: number;
  readonly sessions_b: number;
  readonly users_a: number;
  readonly users_b: number;
  readonly sessions_with_both: number;
  readonly sessions_with_neither: number;
  readonly overlap: number | null;
}
/** Sessions and users of the sides, and how much of their time they have in common. */
async function countsOf(side: string, chosen: Where, rowsOf: RowsOf): Promise<Counts> {
  const times = (of: number): string => `quantilesIf(0.05, 0.95)(toUnixTimestamp(started_at), side = ${of})`;
  const [row] = await rowsOf({
    sql: `SELECT countIf(side = 1) AS a, countIf(side = 2) AS b, countIf(side = 3) AS n_both, countIf(side = 0) AS n_neither, uniqIf(cluster, side = 1) AS users_a, uniqIf(cluster, side = 2) AS users_b,
        ${times(1)} AS times_a, ${times(2)} AS times_b
      FROM (SELECT ${side} AS side, ${USER} AS cluster, started_at FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${chosen.where})`,
    params: chosen.params,
  });
  const [a, b] = [row?.['times_a'], row?.['times_b']].map((times_) => (Array.isArray(times_) ? times_.map(Number) : []));
  const [[fromA = 0, toA = 0], [fromB = 0, toB = 0]] = [a ?? [], b ?? []];
  const [sessionsA, sessionsB] = [numberOf(row, 'a'), numberOf(row, 'b')];
  const longest = Math.max(toA, toB) - Math.min(fromA, fromB);
  const common = Math.max(0, Math.min(toA, toB) - Math.max(fromA, fromB));
  return {
    sessions_a: sessionsA,
    sessions_b: sessionsB,
    users_a: numberOf(row, 'users_a'),
    users_b: numberOf(row, 'users_b'),
    sessions_with_both: numberOf(row, 'n_both'),
    sessions_with_neither: numberOf(row, 'n_neither'),
    overlap: sessionsA > 0 && sessionsB > 0 && longest > 0 ? common / longest : null,
  };
} // prettier-ignore

async function compareSides(metrics: readonly string[], by: ComparedBy, chosen: Where, rowsOf: RowsOf): Promise<Estimated[]> {
  const means = metrics.filter(isMetric);
  const why = `fewer than ${LEAST_CLUSTERS} users on a side have it, or nothing varies`;
  const [row] = means.length === 0 ? [] : await rowsOf({ sql: momentsStatement(means.map(metricOf), sideOf(by), chosen), params: chosen.params });
  const estimated: Estimated[] = [];
  for (const metric of metrics) {
    if (isMetric(metric)) {
      const { moments, clusters } = momentsIn(row, means.indexOf(metric));
      estimated.push({ metric, found: differenceOf(moments, clusters, metricOf(metric).scale), why });
    } else if (isQuantileMetric(metric))
      estimated.push({ metric, found: await compareQuantiles(metric, sideOf(by), chosen, rowsOf), why: `${why}, or too few lie beyond the quantile` });
  }
  return estimated;
} // prettier-ignore

interface BeforeAndAfter {
  readonly metrics: readonly MetricName[];
  readonly cohorts: readonly CohortName[];
  readonly side: string;
  readonly hasControl: boolean;
  readonly period: Period;
  readonly change: Change;
}
async function compareTimes({ metrics, cohorts, side, hasControl, period, change }: BeforeAndAfter, chosen: Where, rowsOf: RowsOf): Promise<Estimated[]> {
  const stretch = stretchOf(period, change.before, change.after);
  const panels = await readPanel({ metrics: metrics.map(metricOf), cohorts, side, period, ...change, stretch }, chosen, rowsOf);
  return metrics.map((metric, m) => ({
    metric,
    found: differenceInDifferences(panels[m] ?? [], { hasControl, scale: metricOf(metric).scale }),
    why: `${hasControl ? 'cohorts with a control are' : 'sessions are'} there in fewer than ${LEAST_POINTS} stretches of ${stretch / 60_000} min before or after`,
  }));
} // prettier-ignore

const METHOD_OF_SIDES =
  "difference of ratios of sums, linearized (delta method), with the variance between users as error; Student's t, degrees of freedom by Welch and Satterthwaite; durations as logarithms; quantiles by Woodruff's intervals, squared and added";
const METHOD_OF_TIMES =
  'difference in differences of matched cohorts by stretch of time; the error is that between stretches, wider where they are like the ones before, or that between users where it is larger';
const NO_CONTROL = 'there is no control: what else changed at that time counts as effect';
const APART =
  'the sides are hardly there at the same time, so what else changed between them counts as effect: give after, the time of the change, and a control';

export const compare = defineQuery({
  name: 'compare',
  about: 'What a change made of sessions: two sides at the same time, or before and after it beside a control; each metric with interval, sample sizes and what could have been found.',
  tag: 'conversations',
  scope: 'read',
  mcp: {
    name: 'compare',
    about: 'What a change (flag, version, prompt version) made of sessions: each metric of two sides, or before and after it, with intervals.',
    next: 'find_turns(service, since) shows turns of a side; query_sql counts what it has no metric for',
  }, // prettier-ignore
  path: '/api/compare',
  params: {
    by: byParam,
    metric: text(`What is compared, with commas: ${METRIC_NAMES.join(', ')}`).default(DEFAULT_METRICS),
    a: text('Value of the first side, or of the control; the two most frequent when left out').optional(),
    b: text('Value of the second side, or of what was changed').optional(),
    before: timeParam('End of the time before the change; `after` when left out').optional(),
    after: timeParam('Start of the time after the change; `before` when left out').optional(),
    match: text(`What sessions are matched by before and after a change, with commas: ${Object.keys(COHORTS).join(', ')}; none`).default(DEFAULT_COHORTS),
    from: timeParam('First moment: an age such as 7d, or ISO 8601; 7 d before `to` when left out, at most 90 d').optional(),
    to: timeParam('First moment after the period; now when left out').optional(),
    ...chosenSessions,
  },
  example: { by: 'flag:new_prompt', metric: 'friction,duration', from: '7d' },
  answer: named(
    'CompareAnswer',
    z.object({
      by: z.string(),
      a: z.string().nullable().describe('null: there are not two values, or (before and after) the control is all that is not b'),
      b: z.string().nullable(),
      from: isoTime,
      to: isoTime,
      before: isoTime.nullable(),
      after: isoTime.nullable(),
      method: z.string(),
      counts: z.object({ sessions_a: count, sessions_b: count, users_a: count, users_b: count, sessions_with_both: count.describe('In no side: both values were met in them'), sessions_with_neither: count, overlap: z.number().nullable().describe('Part of the time in which both sides are there') }).nullable(),
      metrics: z.array(comparedMetric),
      notes: z.array(z.string()),
      values: z.array(z.object({ value: z.string(), sessions: z.number(), first_seen: isoTime })).describe('What there is to compare'),
    }),
  ),
  limits: { maxRows: 1, maxRangeMs: 90 * DAY_MS },
  run: async ({ by, metric, a, b, before, after, match, from, to, ...filters }, { clock, rowsOf }) => {
    const now = clock.now();
    const metrics = namesIn('metric', metric, METRIC_NAMES, MAX_METRICS);
    const cohorts = match === 'none' ? [] : (namesIn('match', match, Object.keys(COHORTS), MAX_METRICS) as CohortName[]);
    const period = fromTo({ from, to }, now);
    const change = changeOf({ before, after }, period, now);
    const quantile = metrics.find(isQuantileMetric);
    if (change && quantile !== undefined)
      throw badParameter('metric', `${quantile} is not compared before and after a change`, 'leave it out, or leave before and after out');
    const chosen = within(whereChosen(filters), 'started_at', period);
    const values = await valuesOf(by, chosen, rowsOf);
    const moments = { from: isoTimeOf(period.since), to: isoTimeOf(period.until), before: change && isoTimeOf(change.before), after: change && isoTimeOf(change.after) };
    const answer = { by: by.by, ...moments, method: change ? METHOD_OF_TIMES : METHOD_OF_SIDES, values };

    const treated = change ? (b ?? null) : null;
    const pair = change && a === undefined ? null : pairOf(by, values, { a, b });
    if (!pair && treated === null)
      return {
        ...answer, a: null, b: null, counts: null, metrics: [],
        notes: [change ? 'b, the value that was changed, is not given: give it' : values.length === 0 ? `no session has a value of ${by.by}` : `there are not two values of ${by.by} to compare`],
      };
    const sides = pair ?? { a: '', b: treated ?? '' };
    // Without a value for the control it is all that has not the other.
    const side = pair ? sideOf(by) : `toUInt8(if(has(${by.list}, {side_b:String}), 2, 1))`;
    const where: Where = { where: chosen.where, params: { ...chosen.params, ...sideParams(by, sides) } };
    const counts = await countsOf(side, where, rowsOf);
    const hasControl = counts.sessions_a > 0;
    // A cohort by what tells the sides apart has no control.
    const matched = cohorts.filter((name) => name !== by.by);
    const estimated = change
      ? await compareTimes({ metrics: metrics.filter(isMetric), cohorts: matched, side, hasControl, period, change }, where, rowsOf)
      : await compareSides(metrics, by, where, rowsOf);
    const notes = change ? (hasControl ? [] : [NO_CONTROL]) : (counts.overlap ?? 1) < 0.5 ? [APART] : [];
    return { ...answer, a: pair?.a ?? null, b: sides.b, counts, metrics: comparedMetrics(estimated), notes };
  },
}); // prettier-ignore
