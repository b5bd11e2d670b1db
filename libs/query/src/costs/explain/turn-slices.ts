import { type ByToken, type CallGroup, PRICED_TOKENS, type PeriodFacts, type Slice } from '@telltale/domain-cost';
import { type RowsOf } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy } from '../../define/where';
import { type Chosen } from '../top/sums';
import { WEIGHTED_COST } from '../weighted-cost';
import { type createListPrices } from './list-price';
import { numberOf, type Row } from '../../define/row-values';

const mapEntries = (map: string): string =>
  `arrayJoin(arrayMap((k, v) -> concat(k, '=', v), mapKeys(${map}), mapValues(${map})))`;
const nameIn = (value: string): string => value.split('=')[0] ?? '';
/** What only turns know. A value of a flag or a dimension is `<name>=<value>`. `familyOf`: what values share that take each other's place. */
const TURN_SLICES: readonly {
  readonly dimension: string;
  readonly value: string;
  readonly familyOf?: (value: string) => string;
}[] = [
  { dimension: 'release', value: 'release', familyOf: () => '' },
  { dimension: 'flag', value: mapEntries('feature_flags'), familyOf: nameIn },
  { dimension: 'intent', value: 'intent' },
  { dimension: 'user', value: 'user_id' },
  { dimension: 'region', value: 'region', familyOf: () => '' },
  { dimension: 'dimension', value: mapEntries('dimensions') },
];
const MAX_VALUES = 30;
const MAX_ROWS = 5_000;
/** Between the names of the models of one turn. */
const BETWEEN = '\u001f';

const sumOf = (...columns: string[]): string => columns.map((name) => `ifNull(${name}, 0)`).join(' + ');
const TOKENS = {
  input: sumOf('usage_input_uncached', 'usage_input_audio', 'usage_input_image'),
  cache_read: sumOf('usage_cache_read'),
  cache_write: sumOf('usage_cache_write', 'usage_cache_write_1h'),
  output: sumOf('usage_output', 'usage_reasoning', 'usage_output_audio', 'usage_output_image'),
} as const;

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
const byToken = (of: (name: keyof ByToken) => number): ByToken =>
  Object.fromEntries(PRICED_TOKENS.map((name) => [name, of(name)])) as Record<keyof ByToken, number>;

/** The mean of the list prices of several models: turns have their tokens together. */
function meanPrice(prices: readonly (ByToken | null)[]): ByToken | null {
  const known = prices.filter((price) => price !== null);
  return known.length === 0 ? null : byToken((name) => known.reduce((sum, price) => sum + price[name], 0) / known.length);
}

/** Slices by intent, user, region, release, flag and the tenant's own dimensions: of each the values whose cost changed most. */
export async function readTurnSlices(
  rowsOf: RowsOf,
  { service, environment }: Chosen,
  before: Period,
  after: Period,
  listPriceOf: ReturnType<typeof createListPrices>,
): Promise<Slice[]> {
  const { where, params } = filterBy({ service_name: service, deployment_environment: environment });
  const bounds = {
    before_since: before.since,
    before_until: before.until,
    after_since: after.since,
    after_until: after.until,
    first: Math.min(before.since, after.since),
  };
  const isAfter = `ts >= ${moment('after_since')} AND ts < ${moment('after_until')}`;
  const turns = (value: string): string =>
    `(SELECT ${value} AS value, ${isAfter} AS is_after, *, ${WEIGHTED_COST} AS cost
      FROM telltale.turns FINAL PREWHERE tenant = {tenant:String} AND first_minute >= toStartOfMinute(${moment('first')})
      WHERE ${where} AND ((${isAfter}) OR (ts >= ${moment('before_since')} AND ts < ${moment('before_until')})))`;
  const middle = ({ since, until }: Period): number => Math.floor((since + until) / 2);

  function groupOf(row: Row, isLater: boolean): CallGroup {
    const [provider = ''] = row['providers'] as string[];
    const at = middle(isLater ? after : before);
    const model = String(row['model']);
    return {
      key: model,
      calls: numberOf(row, 'n_calls'),
      nano: numberOf(row, 'nano'),
      tokens: byToken((name) => numberOf(row, `n_${name}`)),
      listPrice: meanPrice(model.split(BETWEEN).map((one) => listPriceOf(provider, one, at))),
    };
  }

  function factsOf(rows: readonly Row[], isLater: boolean): PeriodFacts {
    const mine = rows.filter((row) => (Number(row['is_after']) === 1) === isLater);
    const sum = (name: string): number => mine.reduce((total, row) => total + numberOf(row, name), 0);
    const groups = mine.map((row) => groupOf(row, isLater)).filter(({ calls }) => calls > 0);
    return { turns: sum('n_turns'), sessions: sum('n_sessions'), retries: sum('n_retries'), groups };
  }

  async function slicesOf({ dimension, value, familyOf }: (typeof TURN_SLICES)[number]): Promise<Slice[]> {
    const rows = await rowsOf({
      sql: `SELECT value, is_after, arrayStringConcat(models, char(31)) AS model, any(providers) AS providers, sum(sampling_weight) AS n_turns,
          uniqExactIf(session_id, session_id != '') AS n_sessions, sum(retries * sampling_weight) AS n_retries,
          sum((calls['llm'] + calls['embedding']) * sampling_weight) AS n_calls, sum(cost) AS nano,
          ${PRICED_TOKENS.map((name) => `sum((${TOKENS[name]}) * sampling_weight) AS n_${name}`).join(', ')}
        FROM ${turns(value)} WHERE value IN (
          SELECT value FROM ${turns(value)} WHERE value != '' GROUP BY value
          ORDER BY abs(sumIf(cost, is_after) - sumIf(cost, NOT is_after)) DESC LIMIT ${MAX_VALUES})
        GROUP BY value, is_after, model ORDER BY nano DESC LIMIT ${MAX_ROWS}`,
      params: { ...params, ...bounds },
    });
    return [...new Set(rows.map((row) => String(row['value'])))].map((of): Slice => {
      const mine = rows.filter((row) => row['value'] === of);
      const family = familyOf ? { family: familyOf(of) } : {};
      return { dimension, value: of, level: 'turn', before: factsOf(mine, false), after: factsOf(mine, true), ...family };
    });
  }

  const slices: Slice[] = [];
  // One after another: each reads the turns of both periods.
  for (const one of TURN_SLICES) slices.push(...(await slicesOf(one)));
  return slices;
}
