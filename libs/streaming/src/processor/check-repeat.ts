import { type Clock, messageOf } from '@telltale/kernel';
import { type Logger, type Metrics } from '../ports/metrics';
import { type DedupWindow, type RowStore } from '../ports/row-store';
import { type OffsetRange } from './offset-range';

/**
 * Before a batch is repeated: logs an error for each table that may no longer remember the tokens of the first run. The batch is repeated
 * anyway, because its rows may never have been inserted.
 */
export async function checkRepeat(
  range: OffsetRange,
  tables: readonly string[],
  deps: { readonly rows: RowStore; readonly clock: Clock; readonly logger: Logger; readonly metrics: Metrics },
  labels: { readonly service: string; readonly partition: string },
): Promise<void> {
  const now = deps.clock.now();
  let windows: DedupWindow[] = [];
  try {
    windows = await deps.rows.dedupWindows(range.now, now);
  } catch (error) {
    // If the store is down, the insert that follows waits for it; without permission to read its system tables, nothing more can be known.
    deps.logger.warn('dedup_window_unknown', { ...labels, error: messageOf(error) });
  }
  const ageSeconds = Math.max(0, Math.round((now - range.now) / 1000));
  for (const { table, blocks, seconds, insertedSince } of windows) {
    if (!tables.includes(table) || (insertedSince <= blocks && ageSeconds <= (seconds ?? Infinity))) continue;
    deps.metrics.count('telltale_dedup_window_exceeded_total', { service: labels.service, table });
    deps.logger.error('dedup_window_exceeded', {
      ...labels,
      table,
      age_seconds: ageSeconds,
      inserts_since: insertedSince,
      remembers: blocks,
      positions: Object.fromEntries(range.spans),
      runbook: 'docs/runbooks/dedup-window-exceeded.md',
    });
  }
}
