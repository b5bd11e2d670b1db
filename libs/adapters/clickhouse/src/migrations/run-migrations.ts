import { type MigrationMode } from '@telltale/streaming';
import { PermanentError, TransientError } from '@telltale/kernel';
import { type Engine } from '../engine';
import { acquireLease, type HeldLease } from './lease';
import { createLeaseTables } from './lease-tables';
import { type Migration } from './read-migrations';

/** Longer than any statement may take, so that the lease of a running process does not expire meanwhile. */
const LEASE_MS = 120_000;
const APPLIED = 'migrations';

/** Checksums of the applied files, by name. */
async function appliedFiles({ select, database }: Engine): Promise<Map<string, string>> {
  const [found] = await select<{ n: string }>(
    `SELECT toString(count()) AS n FROM system.tables WHERE database = '${database}' AND name = '${APPLIED}'`,
  );
  if (found?.n !== '1') return new Map();
  const rows = await select<{ name: string; checksum: string }>(`SELECT name, checksum FROM ${database}.${APPLIED}`);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

/** Migrations only ever come after those that a release has, so one that it does not have is of a later release. */
function refuseNewer(applied: ReadonlyMap<string, string>, files: readonly Migration[]): void {
  const known = new Set(files.map(({ name }) => name));
  const newer = [...applied.keys()].filter((name) => !known.has(name)).sort();
  if (newer.length > 0)
    throw new PermanentError(
      'config',
      `the tables of ClickHouse are those of a newer release (${newer.join(', ')} ${newer.length > 1 ? 'are' : 'is'} applied and unknown to this one): ` +
        'start that release or a later one; to go back, restore a backup that the older release wrote (docs/OPERATIONS.md)',
    );
}

/**
 * The files that are not applied yet. Throws PermanentError('config') when an applied file has changed, or a newer release has applied
 * others.
 */
export async function pendingMigrations(engine: Engine, files: readonly Migration[]): Promise<Migration[]> {
  const applied = await appliedFiles(engine);
  refuseNewer(applied, files);
  for (const { name, checksum } of files) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum)
      throw new PermanentError(
        'config',
        `migration ${name} has changed since it was applied (checksum ${before.slice(0, 12)} then, ${checksum.slice(0, 12)} now): ` +
          'restore the file and put the change into a new one with the next number; tables without data worth keeping can be made again in an empty database',
      );
  }
  return files.filter(({ name }) => !applied.has(name));
}

async function createAppliedTable({ run, database, onCluster, topology }: Engine): Promise<void> {
  // Every node of the cluster is a replica of it.
  const engine =
    topology.kind === 'replicated' ? "ReplicatedMergeTree('/clickhouse/telltale/migrations', '{shard}_{replica}')" : 'MergeTree';
  await run(
    `CREATE TABLE IF NOT EXISTS ${database}.${APPLIED}${onCluster}
     (
         name String COMMENT 'Name of the file',
         checksum String COMMENT 'SHA-256 of the file when it was applied',
         applied_at DateTime('UTC') DEFAULT now() COMMENT 'When it was applied',
         applied_by String COMMENT 'Host and process that applied it'
     )
     ENGINE = ${engine}
     ORDER BY name
     COMMENT 'Files of deploy/clickhouse/migrations that were applied.'`,
    'create the table of migrations',
  );
  if (topology.kind === 'replicated') await run(`SYSTEM SYNC REPLICA ${database}.${APPLIED}`, 'read the table of migrations');
}

async function apply(engine: Engine, pending: readonly Migration[], lease: HeldLease): Promise<string[]> {
  const { run, database, holder } = engine;
  const applied: string[] = [];
  for (const { name, checksum, statements } of pending) {
    for (const statement of statements) {
      await lease.renew();
      await run(statement, `migration ${name}`);
    }
    await run(
      `INSERT INTO ${database}.${APPLIED} (name, checksum, applied_by) VALUES ('${name}', '${checksum}', '${holder}')`,
      `migration ${name}`,
    );
    applied.push(name);
  }
  return applied;
}

/** Runs `work` under the lease. Throws TransientError while another process holds it. */
export async function underLease<T>(engine: Engine, work: (lease: HeldLease) => Promise<T>): Promise<T> {
  await engine.run(`CREATE DATABASE IF NOT EXISTS ${engine.database}${engine.onCluster}`, 'create the database');
  const lease = await acquireLease(createLeaseTables(engine), {
    holder: engine.holder,
    ttlMs: LEASE_MS,
    isDead: engine.isDead,
  });
  try {
    return await work(lease);
  } finally {
    // If this fails, the lease expires by itself; the earlier error matters more.
    await lease.release().catch(() => undefined);
  }
}

/**
 * Applies missing files, or waits for the process that does (TransientError: retry). Concurrent callers apply each file once. Returns the
 * names of the files that this call applied.
 */
export async function runMigrations(engine: Engine, files: readonly Migration[], mode: MigrationMode): Promise<string[]> {
  if (mode === 'off') return [];
  const pending = await pendingMigrations(engine, files);
  if (pending.length === 0) return [];
  if (mode === 'wait')
    throw new TransientError(
      'unavailable',
      `MIGRATIONS=wait, and ${pending.map(({ name }) => name).join(', ')} are not applied yet: start one process with MIGRATIONS=apply`,
    );
  return underLease(engine, async (lease) => {
    await createAppliedTable(engine);
    return apply(engine, await pendingMigrations(engine, files), lease);
  });
}
