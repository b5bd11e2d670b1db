import { AccessRefused, applyQueryAccess, QUERY_USER } from '@telltale/adapter-clickhouse';
import { PermanentError } from '@telltale/kernel';
import { type CommonConfig } from '@telltale/platform-config';
import { clickHouseOptionsOf } from './backends';

export type QueryAccess =
  { readonly state: 'applied'; readonly statements: number } | { readonly state: 'skipped'; readonly reason: string };

const BY_HAND = 'or apply deploy/clickhouse/access/access.sql as an administrator';

/** Why there is nothing to apply, with the fix; null where there is. */
function unfit(config: CommonConfig, queryUrl: string | undefined): string | null {
  if (!config.CLICKHOUSE_URL) return 'the tables are those of the engine in this process, which has no users';
  if (queryUrl === undefined) return 'CLICKHOUSE_QUERY_URL is not set: people ask as the user of CLICKHOUSE_URL';
  const { username, password } = new URL(queryUrl);
  if (username !== QUERY_USER)
    return `the user of CLICKHOUSE_QUERY_URL is ${username === '' ? 'none' : decodeURIComponent(username)}: set CLICKHOUSE_QUERY_USERNAME=${QUERY_USER}, ${BY_HAND}`;
  return password === '' ? `CLICKHOUSE_QUERY_PASSWORD is not set: give the password that ${QUERY_USER} gets` : null;
}

/**
 * The read-only user for people's queries, by `CLICKHOUSE_QUERY_ACCESS`. After the migrations, for it is granted their tables. Throws
 * PermanentError('config') where it has to be applied and cannot.
 */
export async function prepareQueryAccess(config: CommonConfig): Promise<QueryAccess> {
  const mode = config.CLICKHOUSE_QUERY_ACCESS;
  if (mode === 'off') return { state: 'skipped', reason: 'CLICKHOUSE_QUERY_ACCESS=off' };
  const options = config.CLICKHOUSE_URL ? clickHouseOptionsOf(config, config.CLICKHOUSE_URL) : null;
  const reason = unfit(config, options?.queryUrl);
  if (reason !== null || options?.queryUrl === undefined) {
    if (mode === 'apply') throw new PermanentError('config', `CLICKHOUSE_QUERY_ACCESS=apply: ${reason}`);
    return { state: 'skipped', reason: reason ?? '' };
  }
  try {
    const password = decodeURIComponent(new URL(options.queryUrl).password);
    return { state: 'applied', statements: await applyQueryAccess(options, password) };
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error;
    const said = `${error.message}; ${BY_HAND}`;
    if (mode === 'apply') throw new PermanentError('config', `CLICKHOUSE_QUERY_ACCESS=apply: ${said}`, { cause: error });
    return { state: 'skipped', reason: said };
  }
}
