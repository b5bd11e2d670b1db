import { type RowsOf } from '../define/definition';
import { type Period } from '../define/params';
import { numberOf, type Row, textOf } from '../define/row-values';
import { SINCE_FIRST_MINUTE } from '../define/where';
import { countedFrom } from '../fields/list-values';
import { EVENT_PAIRS, TURN_PAIRS } from './dimensions';
import { UNHELPED } from './panel-sql';
import { type DimensionShape, type KindShape, type ServiceShape, type Shape, type ValueShape } from './shape';

/** The newest events of the range that are looked at one by one; figures of services are those of the whole range. */
export const MOST_EVENTS = 200_000;
const MOST_SERVICES = 50;
const VALUES_A_DIMENSION = 40;
const MOST_VALUES = 2_000;

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
const OF_SERVICES = '(empty({services:Array(String)}) OR has({services:Array(String)}, service_name))';
const momentsOf = (name: string): string => `count(${name}) AS ${name}_n, sum(ifNull(${name}, 0)) AS ${name}_sum, sum(ifNull(${name} * ${name}, 0)) AS ${name}_squares`; // prettier-ignore

interface Asked {
  readonly period: Period;
  readonly services: readonly string[];
}

/** Figures of every value of every dimension, the most frequent of each first. */
const valuesSql = (rows: string): string =>
  `SELECT *, count() OVER (PARTITION BY dimension) AS distinct_values, sum(n) OVER (PARTITION BY dimension) AS of_dimension FROM
    (SELECT dimension, value, count() AS n, sum(weight_of) AS weight, countIf(is_known) AS known_n, countIf(is_bad) AS bad_n, sum(nano_of) AS nano, ${momentsOf('duration_of')}, ${momentsOf('cost_of')}
     FROM (SELECT *, pair.1 AS dimension, pair.2 AS value FROM (${rows})) WHERE value != '' GROUP BY dimension, value)
   ORDER BY weight DESC, dimension, value LIMIT ${VALUES_A_DIMENSION} BY dimension LIMIT ${MOST_VALUES}`;

const NUMBERS =
  'sampling_weight AS weight_of, ifNull(cost_nano_usd, 0) * sampling_weight AS nano_of, if(ifNull(cost_nano_usd, 0) > 0, log(cost_nano_usd), NULL) AS cost_of';

const TURN_ROWS = `SELECT ${NUMBERS}, outcome != 'unknown' AS is_known, ${UNHELPED} AS is_bad, if(has_root AND duration_ms > 0, log(duration_ms), NULL) AS duration_of, arrayJoin(${TURN_PAIRS}) AS pair
  FROM telltale.turns ${SINCE_FIRST_MINUTE} AND first_minute < ${moment('until')} AND ${OF_SERVICES}`;

const ofEvents = `telltale.events_core WHERE tenant = {tenant:String} AND ts >= ${moment('since')} AND ts < ${moment('until')} AND ${OF_SERVICES}`;
const EVENT_ROWS = `SELECT ${NUMBERS}, toBool(1) AS is_known, status = 'error' AS is_bad, if(ifNull(duration_ms, 0) > 0, log(duration_ms), NULL) AS duration_of, arrayJoin(${EVENT_PAIRS}) AS pair FROM ${ofEvents}`;

const KINDS_SQL = `SELECT kind, count() AS rows, sum(sampling_weight) AS weight, countIf(status = 'error') AS errors, sum(ifNull(cost_nano_usd, 0) * sampling_weight) AS nano,
    countIf(cost_nano_usd IS NULL AND kind IN ('llm', 'embedding')) AS unpriced, count(duration_ms) AS timed, count(time_to_first_token_ms) AS streamed,
    sum(ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0) + ifNull(usage_output, 0)) AS tokens, sum(ifNull(usage_cache_read, 0)) AS cached,
    countIf(score_name != '' AND score_value IS NOT NULL) AS scored, countIf(decision_chosen != '') AS decided, countIf(severity IN ('warn', 'error', 'fatal')) AS warned
  FROM ${ofEvents} GROUP BY kind ORDER BY rows DESC, kind`;

const TURNS_SQL = `SELECT count() AS rows, countIf(outcome != 'unknown') AS known, countIf(${UNHELPED}) AS bad, countIf(has_root) AS timed, sum(ifNull(cost_nano_usd, 0) * sampling_weight) AS nano
  FROM telltale.turns ${SINCE_FIRST_MINUTE} AND first_minute < ${moment('until')} AND ${OF_SERVICES}`;

const SERVICES_SQL = `SELECT service_name, sumIf(weight, kind = 'turn') AS turns, sum(weight) AS events_n, sum(errors) AS errors_n, sum(cost_nano_usd) AS nano
  FROM telltale.operations_minute WHERE tenant = {tenant:String} AND minute >= toStartOfMinute(${moment('since')}) AND minute < ${moment('until')} AND ${OF_SERVICES}
  GROUP BY service_name ORDER BY turns DESC, events_n DESC, service_name LIMIT ${MOST_SERVICES}`;

const momentsIn = (row: Row, name: string) => ({
  n: numberOf(row, `${name}_n`),
  sum: numberOf(row, `${name}_sum`),
  squares: numberOf(row, `${name}_squares`),
});

function dimensionsIn(of: DimensionShape['of'], rows: readonly Row[]): DimensionShape[] {
  const byName = new Map<string, { distinct: number; rows: number; values: ValueShape[] }>();
  for (const row of rows) {
    const name = textOf(row, 'dimension');
    const found = byName.get(name) ?? {
      distinct: numberOf(row, 'distinct_values'),
      rows: numberOf(row, 'of_dimension'),
      values: [],
    };
    byName.set(name, found);
    found.values.push({
      value: textOf(row, 'value'),
      rows: numberOf(row, 'n'),
      weight: numberOf(row, 'weight'),
      known: numberOf(row, 'known_n'),
      bad: numberOf(row, 'bad_n'),
      nano: numberOf(row, 'nano'),
      duration: momentsIn(row, 'duration_of'),
      cost: momentsIn(row, 'cost_of'),
    });
  }
  return [...byName].map(([name, found]) => ({ of, name, ...found }));
}

const kindIn = (row: Row): KindShape => ({
  kind: textOf(row, 'kind'),
  rows: numberOf(row, 'rows'),
  weight: numberOf(row, 'weight'),
  errors: numberOf(row, 'errors'),
  nano: numberOf(row, 'nano'),
  unpriced: numberOf(row, 'unpriced'),
  timed: numberOf(row, 'timed'),
  streamed: numberOf(row, 'streamed'),
  tokens: numberOf(row, 'tokens'),
  cached: numberOf(row, 'cached'),
  scored: numberOf(row, 'scored'),
  decided: numberOf(row, 'decided'),
  warned: numberOf(row, 'warned'),
});

/** The services of the range, those with the most turns first. */
export async function readServices(rowsOf: RowsOf, { period, services }: Asked): Promise<ServiceShape[]> {
  const rows = await rowsOf({ sql: SERVICES_SQL, params: { ...period, services: [...services] } });
  return rows.map((row) => ({
    name: textOf(row, 'service_name'),
    turns: numberOf(row, 'turns'),
    events: numberOf(row, 'events_n'),
    errors: numberOf(row, 'errors_n'),
    nano: numberOf(row, 'nano'),
  }));
}

/** What the newest events of the range are made of, and since when they were looked at. */
export async function readShape(rowsOf: RowsOf, { period, services }: Asked): Promise<{ shape: Shape; from: number }> {
  const from = await countedFrom(period, MOST_EVENTS, rowsOf);
  const params = { since: from, until: period.until, services: [...services] };
  const [ofTurns, ofEventRows, kinds, [turns], seen] = await Promise.all([
    rowsOf({ sql: valuesSql(TURN_ROWS), params }),
    rowsOf({ sql: valuesSql(EVENT_ROWS), params }),
    rowsOf({ sql: KINDS_SQL, params }),
    rowsOf({ sql: TURNS_SQL, params }),
    readServices(rowsOf, { period, services }),
  ]);
  return {
    from,
    shape: {
      services: seen,
      turns: {
        rows: numberOf(turns, 'rows'),
        known: numberOf(turns, 'known'),
        bad: numberOf(turns, 'bad'),
        timed: numberOf(turns, 'timed'),
        nano: numberOf(turns, 'nano'),
      },
      kinds: kinds.map(kindIn),
      dimensions: [...dimensionsIn('turns', ofTurns), ...dimensionsIn('events', ofEventRows)],
    },
  };
}
