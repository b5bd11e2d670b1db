import { DAY_MS } from '@telltale/kernel';
import { type RowsOf } from '../define/definition';
import { textOf } from '../define/row-values';
import { type Named } from './parse-words';

const LOOK_BACK_MS = 7 * DAY_MS;
const MOST_NAMES = 200;

/** Services, tools and models of the last week, those with most turns. */
export async function readKnownNames(rowsOf: RowsOf, now: number): Promise<Named[]> {
  const rows = await rowsOf({
    sql: `SELECT name.1 AS kind, name.2 AS value, count() AS n FROM (
        SELECT arrayJoin(arrayConcat([('service', toString(service_name))], arrayMap(t -> ('tool', toString(t)), tools), arrayMap(m -> ('model', toString(m)), models))) AS name
        FROM telltale.turns PREWHERE tenant = {tenant:String} AND first_minute >= fromUnixTimestamp64Milli({known_since:Int64}, 'UTC'))
      WHERE value != '' GROUP BY kind, value ORDER BY n DESC LIMIT ${MOST_NAMES} BY kind`,
    params: { known_since: now - LOOK_BACK_MS },
  });
  return rows.flatMap((row): Named[] => {
    const kind = textOf(row, 'kind');
    return kind === 'service' || kind === 'tool' || kind === 'model' ? [{ kind, value: textOf(row, 'value') }] : [];
  });
}
