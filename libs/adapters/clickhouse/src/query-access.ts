import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { PermanentError } from '@telltale/kernel';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ClickHouseOptions, tlsOf } from './clickhouse-row-store';
import { classify, isEngineError } from './error-class';
import { migrationsFolder, renderSql, statementsOf, type Topology } from './migrations/read-migrations';

/** The user that `access.sql` makes. */
export const QUERY_USER = 'telltale_query';
const ACCESS_FILE = join('access', 'access.sql');

const ACCESS_DENIED = '497';
/** What a server's configuration has to allow. By code, for their texts differ between releases. */
const SERVER_FIXES: Readonly<Record<string, string>> = {
  '115': "add SQL_ to custom_settings_prefixes in the server's configuration",
  '495': 'give the server a user_directories/local_directory: its users are in files that SQL cannot change',
  '514': 'give the server a user_directories/local_directory: its users are in files that SQL cannot change',
};
/** The server says it in one sentence since grants exist; it is shown, and nothing depends on it. */
const GRANT_IN_MESSAGE = /have the grant (.+?)\.?\s*(?:\(|$)/m;

/** Why the user was not made: `grant` where one is missing, else what the server lacks. */
export class AccessRefused extends PermanentError {
  constructor(message: string, cause: unknown) {
    super('config', message, { cause });
  }
}

/** `deploy/clickhouse/access/access.sql`, rendered; its order matters: rows are bounded before tables are granted. */
export function accessStatements(topology: Topology, password: string, folder = dirname(migrationsFolder())): readonly string[] {
  const file = join(folder, ACCESS_FILE);
  if (!existsSync(file)) throw new PermanentError('config', `${file} is not there: ship it with the program`);
  const digest = createHash('sha256').update(password).digest('hex');
  return statementsOf(renderSql(readFileSync(file, 'utf8'), topology).replaceAll('@PASSWORD_SHA256', digest));
}

/**
 * Makes the read-only user for people's queries, or brings it up to date; a repeat changes nothing. The server gets the digest of the
 * password alone. Throws AccessRefused where the user of `url` may not, or the server cannot.
 */
export async function applyQueryAccess(
  { url, cluster, tls, requestTimeoutMs }: ClickHouseOptions,
  password: string,
): Promise<number> {
  const client = createClient({
    url,
    application: 'telltale',
    log: { level: ClickHouseLogLevel.OFF },
    ...(requestTimeoutMs && { request_timeout: requestTimeoutMs }),
    ...(tls && { tls: tlsOf(tls) }),
  });
  const statements = accessStatements(cluster ? { kind: 'replicated', cluster } : { kind: 'single' }, password);
  try {
    for (const query of statements) {
      // Nothing but the first words: what follows may hold the digest.
      const doing = query.split(/\s+/, 3).join(' ');
      await client.command({ query }).catch((error: unknown) => {
        throw refusalOf(error, doing) ?? classify(error, doing);
      });
    }
    return statements.length;
  } finally {
    await client.close();
  }
}

function refusalOf(error: unknown, doing: string): AccessRefused | null {
  if (!isEngineError(error)) return null;
  if (error.code === ACCESS_DENIED) {
    const grant = GRANT_IN_MESSAGE.exec(error.message)?.[1] ?? doing;
    return new AccessRefused(`the user of CLICKHOUSE_URL lacks the grant ${grant}`, error);
  }
  const fix = SERVER_FIXES[error.code];
  return fix === undefined ? null : new AccessRefused(`${doing}: ClickHouse refuses it (code ${error.code}): ${fix}`, error);
}
