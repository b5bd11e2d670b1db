import { HOUR_MS } from '@telltale/kernel';
import { type InsertLoad } from '../ports/row-store';

/** More than a task gets through, by docs/BENCHMARKS.md. */
const MOST_RECORDS_PER_SECOND = 20_000;
/** No range is announced, stored and settled faster, even without a pause between two. */
const SHORTEST_RANGE_MS = 20;
/** Steps that retention is rounded up to: a batch has rows of no more partitions. */
const RETENTION_STEPS = 5;

/** The most inserts that a table can get: full ranges follow each other as fast as a task reads, others after the linger time. */
export function insertLoad(options: {
  readonly tasks: number;
  readonly lingerMs: number;
  readonly maxRecords: number;
  /** Days that rows are kept, of all tenants. */
  readonly retentions: readonly number[];
}): InsertLoad {
  const perSecond = Math.max(
    1000 / Math.max(options.lingerMs, SHORTEST_RANGE_MS),
    Math.min(MOST_RECORDS_PER_SECOND / options.maxRecords, 1000 / SHORTEST_RANGE_MS),
  );
  return {
    insertsPerHour: Math.ceil((options.tasks * perSecond * HOUR_MS) / 1000),
    partitionsPerInsert: Math.min(RETENTION_STEPS, Math.max(1, new Set(options.retentions).size)),
  };
}
