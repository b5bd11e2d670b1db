import { PermanentError } from '@telltale/kernel';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Topology = { readonly kind: 'single' } | { readonly kind: 'replicated'; readonly cluster: string };

export interface Migration {
  /** File name without `.sql`. */
  readonly name: string;
  /** SHA-256 of the shipped file, before rendering. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** Minimum number of tokens; tables are altered later to the number that the insert rate needs. */
const DEDUP_WINDOW = 10_000;
/** A replicated table also drops tokens by age: set very high, because the number of tokens already limits the keeper's memory. */
const DEDUP_WINDOW_SECONDS = 7 * 86_400;
const MIGRATIONS = join('deploy', 'clickhouse', 'migrations');

/** Finds `deploy/clickhouse/migrations` of this checkout or image in a parent folder. */
export function migrationsFolder(from: string = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, MIGRATIONS);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new PermanentError('config', `${MIGRATIONS} was not found above ${from}: ship it with the program`);
  }
}

/** Renders the migrations for a single node (also chDB) or a replicated cluster. */
export function renderSql(sql: string, topology: Topology): string {
  const replicated = topology.kind === 'replicated';
  return sql
    .replaceAll('@ON_CLUSTER', replicated ? `ON CLUSTER '${topology.cluster}'` : '')
    .replaceAll(
      '@DEDUP_WINDOW',
      replicated
        ? `replicated_deduplication_window = ${DEDUP_WINDOW}, replicated_deduplication_window_seconds = ${DEDUP_WINDOW_SECONDS}`
        : `non_replicated_deduplication_window = ${DEDUP_WINDOW}`,
    )
    .replace(/@ENGINE\((\w+)(?:, (\w+))?\)/g, (_, engine: string, version: string | undefined) => {
      const args = [
        ...(replicated ? ["'/clickhouse/tables/{shard}/{database}/{table}'", "'{replica}'"] : []),
        ...(version ? [version] : []),
      ];
      return `${replicated ? 'Replicated' : ''}${engine}(${args.join(', ')})`;
    });
}

/** The statements of a file, without its comments. */
export const statementsOf = (sql: string): string[] =>
  sql
    .split(/;\s*$/m)
    .map((statement) => statement.replace(/^--.*$/gm, '').trim())
    .filter((statement) => statement !== '');

export function readMigrations(folder: string, topology: Topology): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(folder, file), 'utf8');
      return {
        name: file.slice(0, -4),
        checksum: createHash('sha256').update(sql).digest('hex'),
        statements: statementsOf(renderSql(sql, topology)),
      };
    });
}
