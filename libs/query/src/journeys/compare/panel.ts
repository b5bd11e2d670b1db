import { type PanelCell } from '@telltale/domain-effect';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { type RowsOf } from '../../define/definition';
import { type Period } from '../../define/params';
import { numberOf, textOf } from '../../define/row-values';
import { SINCE_FIRST_MINUTE, type Where } from '../../define/where';
import { type Metric } from './metrics';
import { numbersOf } from './moments';
import { USER } from './sides';

/** What sessions are matched by: what they were asked, where and by whom. */
export const COHORTS = {
  intent: 'path_intents[1]', language: 'languages[1]', region: 'regions[1]', service: 'service_name', environment: 'deployment_environment', version: 'versions[1]', model: 'models[1]',
} as const; // prettier-ignore
export type CohortName = keyof typeof COHORTS;

const MAX_STRATA = 20;
/** Groups of whole users, each of which is left out once. */
const GROUPS = 16;
const STRETCHES = [7 * DAY_MS, 2 * DAY_MS, DAY_MS, 6 * HOUR_MS, HOUR_MS, 10 * MINUTE_MS, MINUTE_MS] as const;
const LEAST_STRETCHES = 7;
const MAX_STRETCHES = 60;

/** The longest stretch of time of which the shorter side of the change has seven, and the longer one no more than can be read. */
export function stretchOf({ since, until }: Period, before: number, after: number): number {
  const [longer, shorter] = [Math.max(before - since, until - after), Math.min(before - since, until - after)];
  const readable = STRETCHES.filter((stretch) => longer / stretch <= MAX_STRETCHES);
  return readable.find((stretch) => shorter / stretch >= LEAST_STRETCHES) ?? readable.at(-1) ?? STRETCHES[0];
}

export interface PanelQuestion {
  readonly metrics: readonly Metric[];
  readonly cohorts: readonly CohortName[];
  /** 2: treated, 1: control; others are neither. */
  readonly side: string;
  readonly period: Period;
  readonly before: number;
  readonly after: number;
  readonly stretch: number;
}

/** Cells of every metric. Cohorts beyond the 20 with the most sessions are one. */
export async function readPanel({ metrics, cohorts, side, before, after, stretch }: PanelQuestion, chosen: Where, rowsOf: RowsOf): Promise<PanelCell[][]> {
  const stratum = `toString(cityHash64(${["''", ...cohorts.map((name) => COHORTS[name])].join(', ')}))`;
  const from = `FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${chosen.where}`;
  const strata = await rowsOf({
    sql: `SELECT ${stratum} AS stratum, sum(sampling_weight) AS n FROM (SELECT *, ${side} AS side ${from}) WHERE side = 2 GROUP BY stratum ORDER BY n DESC, stratum LIMIT ${MAX_STRATA}`,
    params: chosen.params,
  });
  const known = strata.map((row) => `'${textOf(row, 'stratum').replace(/\D/g, '')}'`);
  const columns = metrics.map(numbersOf);
  const at = `toInt32(if(started_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC'),
      floor((toUnixTimestamp64Milli(started_at) - {before:Int64}) / {stretch:Int64}), floor((toUnixTimestamp64Milli(started_at) - {after:Int64}) / {stretch:Int64})))`;
  const rows = await rowsOf({
    sql: `SELECT at, stratum, side, user_group, ${columns.map((_, m) => `sum(y${m}) AS sum${m}, sum(n${m}) AS of${m}`).join(', ')} FROM (
        SELECT ${at} AS at, ${side} AS side, toUInt8(cityHash64(${USER}) % ${GROUPS}) AS user_group, if(${stratum} IN (${["''", ...known].join(', ')}), ${stratum}, 'other') AS stratum,
          ${columns.map(({ value, of }, m) => `${value} AS y${m}, ${of} AS n${m}`).join(', ')}
        ${from} AND (started_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC') OR started_at >= fromUnixTimestamp64Milli({after:Int64}, 'UTC')) AND side IN (1, 2)
      ) GROUP BY at, stratum, side, user_group ORDER BY at, stratum, side, user_group`,
    params: { ...chosen.params, before, after, stretch },
  });
  return metrics.map((_, m) =>
    rows.flatMap((row): PanelCell[] => {
      const weight = numberOf(row, `of${m}`);
      if (weight <= 0) return [];
      return [{ at: numberOf(row, 'at'), stratum: textOf(row, 'stratum'), isTreated: numberOf(row, 'side') === 2, group: numberOf(row, 'user_group'), sum: numberOf(row, `sum${m}`), weight }];
    }),
  );
} // prettier-ignore
