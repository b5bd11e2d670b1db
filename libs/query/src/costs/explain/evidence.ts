import { ALL, type Cause } from '@telltale/domain-cost';
import { type RowsOf } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy, SINCE_FIRST_MINUTE, within } from '../../define/where';
import { type Chosen } from '../top/sums';

const MAX_TURNS = 5;

/** Condition for turns with one of some values, by dimension; `{vN:String}` are the values, `{family:String}` what they share. */
const CONDITIONS: Readonly<Record<string, (value: string) => string>> = {
  service: (value) => `service_name = ${value}`,
  environment: (value) => `deployment_environment = ${value}`,
  version: (value) => `(service_version = ${value} AND service_name = {family:String})`,
  release: (value) => `release = ${value}`,
  prompt: (value) => `has(prompt_versions, ${value})`,
  model: (value) => `has(models, ${value})`,
  provider: (value) => `has(providers, ${value})`,
  tool: (value) => `has(tools, ${value})`,
  kind: (value) => `calls[${value}] > 0`,
  intent: (value) => `intent = ${value}`,
  user: (value) => `user_id = ${value}`,
  region: (value) => `region = ${value}`,
  flag: (value) => `arrayExists((k, v) -> concat(k, '=', v) = ${value}, mapKeys(feature_flags), mapValues(feature_flags))`,
  dimension: (value) => `arrayExists((k, v) -> concat(k, '=', v) = ${value}, mapKeys(dimensions), mapValues(dimensions))`,
};

export interface Evidence {
  readonly turn_id: string;
  readonly session_id: string;
  readonly cost_nano_usd: number;
}

/** The most expensive turns of the slice of a cause. */
export async function evidenceOf(
  rowsOf: RowsOf,
  { service, environment }: Chosen,
  period: Period,
  cause: Cause,
): Promise<Evidence[]> {
  const condition = CONDITIONS[cause.dimension];
  if (!condition && cause.dimension !== ALL) return [];
  const { where, params } = within(filterBy({ service_name: service, deployment_environment: environment }), 'ts', period);
  const values = Object.fromEntries(cause.values.map((value, i) => [`v${i}`, value]));
  const one = condition ? Object.keys(values).map((name) => condition(`{${name}:String}`)) : [];
  const rows = await rowsOf({
    sql: `SELECT turn_id, session_id, cost_nano_usd AS nano FROM telltale.turns ${SINCE_FIRST_MINUTE}
      WHERE ${where} AND cost_nano_usd > 0 ${one.length > 0 ? `AND (${one.join(' OR ')})` : ''} ORDER BY nano DESC, turn_id LIMIT ${MAX_TURNS}`,
    params: { ...params, ...values, family: cause.family ?? '' },
  });
  return rows.map((row) => ({
    turn_id: String(row['turn_id']),
    session_id: String(row['session_id']),
    cost_nano_usd: Number(row['nano']),
  }));
}
