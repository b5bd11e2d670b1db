import { type Cause } from '@telltale/domain-rootcause';
import { type RowsOf } from '../define/definition';
import { textOf } from '../define/row-values';
import { type Asked } from './read-turns';
import { dimensionsOf, tagOf, turnRowsOf } from './turn-rows';

const MAX_TURNS = 5;

export interface Evidence {
  /** Bad turns with the cause. */
  readonly bad: readonly string[];
  /** Good turns since the onset without it, of the intents of the bad ones where there are any. */
  readonly good: readonly string[];
}

/** Turns to look at: some that a cause made bad, and others like them that went well. */
export async function evidenceOf(
  rowsOf: RowsOf,
  { subject, compared, bad, sampled, deploys }: Asked,
  cause: Cause,
): Promise<Evidence> {
  // Turns since the onset are enough.
  const { from, params, tagsOf } = turnRowsOf(subject, { ...compared, since: compared.onset }, bad);
  const has = cause.values.length > 0 ? `hasAll(${tagsOf(dimensionsOf(cause.values))}, {cause:Array(String)})` : '1';
  const columns = { turn_id: 'turn_id', intent: 'intent', bad, has_cause: has, order: 'cityHash64(turn_id)' }; // prettier-ignore
  const given = { ...params, deploys: deploys.map(String), cause: cause.values.map(tagOf) };
  const turns = from(columns, sampled);
  const rows = await rowsOf({
    sql: `SELECT turn_id, intent FROM ${turns} WHERE bad AND has_cause ORDER BY order LIMIT ${MAX_TURNS}`,
    params: given,
  });
  const intents = [...new Set(rows.map((row) => textOf(row, 'intent')))];
  const others = await rowsOf({
    sql: `SELECT turn_id FROM ${turns} WHERE NOT bad AND ${cause.values.length > 0 ? 'NOT has_cause' : '1'}
      ORDER BY has({intents:Array(String)}, toString(intent)) DESC, order LIMIT ${MAX_TURNS}`,
    params: { ...given, intents },
  });
  return { bad: rows.map((row) => textOf(row, 'turn_id')), good: others.map((row) => textOf(row, 'turn_id')) };
}
