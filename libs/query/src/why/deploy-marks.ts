import { type Change, type ChangeKind } from '@telltale/domain-rootcause';
import { HOUR_MS } from '@telltale/kernel';
import { type RowsOf } from '../define/definition';
import { numberOf, textOf } from '../define/row-values';
import { type Compared } from './turn-rows';

const MOST_MARKS = 500;
const KINDS: Readonly<Record<string, ChangeKind>> = { version: 'version', prompt_version: 'prompt_version', flag: 'flag' };

/** Deploy marks of the time that is looked at, as people reported them or as turns showed them first; of one value the earliest. */
export async function readDeployMarks(
  rowsOf: RowsOf,
  { since, until }: Compared,
  service: string | undefined,
): Promise<Change[]> {
  const rows = await rowsOf({
    sql: `SELECT kind, if({service:String} = '' AND kind = 'version', concat(service_name, ' ', version), version) AS value, toUnixTimestamp64Milli(min(at)) AS first_ms, countIf(source != 'seen') AS reported
      FROM telltale.deploys WHERE tenant = {tenant:String} AND at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
        AND ({service:String} = '' OR service_name = {service:String}) GROUP BY kind, value ORDER BY first_ms DESC LIMIT ${MOST_MARKS}`,
    params: { service: service ?? '', since: since - HOUR_MS, until },
  });
  return rows.flatMap((row): Change[] => {
    const kind = KINDS[textOf(row, 'kind')];
    return kind ? [{ kind, value: textOf(row, 'value'), at: numberOf(row, 'first_ms'), source: numberOf(row, 'reported') > 0 ? 'deploy' : 'first_seen' }] : []; // prettier-ignore
  });
}
