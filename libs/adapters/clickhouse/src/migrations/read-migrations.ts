import { PermanentError } from '@telltale/kernel';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Topology = { readonly kind: 'single' } | { readonly kind: 'replicated'; readonly cluster: string };

export interface Migration {
  /** File name without `.sql`. */
  readonly name: string;
  /** SHA-256 of the file as it is shipped, the same for every topology. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** Least number of tokens; tables are altered to what the rate of inserts needs. */
const DEDUP_WINDOW = 10_000;
/** A replicated table forgets by time, too: as late as possible, because the number of tokens bounds what the keeper holds. */
const DEDUP_WINDOW_SECONDS = 7 * 86_400;
const MIGRATIONS = join('deploy', 'clickhouse', 'migrations');

/** `deploy/clickhouse/migrations` of this checkout or image, looked for upwards from here. */
export function migrationsFolder(from: string = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, MIGRATIONS);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new PermanentError('config', `${MIGRATIONS} was not found above ${from}: ship it with the program`);
  }
}

/** One set of files, rendered for a single node (chDB too) or a replicated cluster. */
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

const withoutComments = (sql: string): string => sql.replace(/^--.*$/gm, '').trim();

export function readMigrations(folder: string, topology: Topology): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(folder, file), 'utf8');
      return {
        name: file.slice(0, -4),
        checksum: createHash('sha256').update(sql).digest('hex'),
        statements: renderSql(sql, topology)
          .split(/;\s*$/m)
          .map(withoutComments)
          .filter((statement) => statement !== ''),
      };
    });
}
