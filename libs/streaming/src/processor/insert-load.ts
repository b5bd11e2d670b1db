import { HOUR_MS } from '@telltale/kernel';
import { type InsertLoad } from '../ports/row-store';

/** More than a task processes, see docs/BENCHMARKS.md. */
const MAX_RECORDS_PER_SECOND = 20_000;
/** The shortest time in which a task writes an intent, stores and commits a batch. */
const MIN_BATCH_MS = 20;
/** Retention is rounded up to this many steps, so a batch has rows in at most as many partitions. */
const RETENTION_STEPS = 5;

/** Each insert makes a part, and ClickHouse merges about this many a second and table without falling behind. */
const MOST_INSERTS_PER_SECOND = 25;

/**
 * How long a task waits between batches that are not full. All tasks of a service insert into the same tables, so each waits the longer the
 * more there are: together they make no more inserts than a table merges.
 */
export const lingerFor = (tasks: number, lingerMs: number): number =>
  Math.max(lingerMs, Math.ceil((tasks * 1000) / MOST_INSERTS_PER_SECOND));

/** Upper bound of the inserts into a table: full batches follow each other as fast as a task reads, others after the linger time. */
export function insertLoad(options: {
  readonly tasks: number;
  readonly lingerMs: number;
  readonly maxRecords: number;
  /** Retention in days of every tenant. */
  readonly retentions: readonly number[];
}): InsertLoad {
  const perSecond = Math.max(
    1000 / Math.max(options.lingerMs, MIN_BATCH_MS),
    Math.min(MAX_RECORDS_PER_SECOND / options.maxRecords, 1000 / MIN_BATCH_MS),
  );
  return {
    insertsPerHour: Math.ceil((options.tasks * perSecond * HOUR_MS) / 1000),
    partitionsPerInsert: Math.min(RETENTION_STEPS, Math.max(1, new Set(options.retentions).size)),
  };
}
