import { type DedupWindow, type Logger, type Metrics, type RowStore } from '@telltale/streaming';
import { type Clock, messageOf, MINUTE_MS } from '@telltale/kernel';

/** The value for an idle table, which forgets nothing. */
const LONGEST_SECONDS = 7 * 86_400;
const LEAST_SECONDS = 3_600;

/** For each table, how far back it recognizes a repeated insert, at the insert rate since the last check. */
export function coveredSeconds(
  before: readonly DedupWindow[],
  now: readonly DedupWindow[],
  elapsedMs: number,
): Map<string, number> {
  const inserted = new Map(before.map((window) => [window.table, window.inserted]));
  return new Map(
    now.map(({ table, blocks, seconds, inserted: total }) => {
      const perSecond = Math.max(0, total - (inserted.get(table) ?? total)) / (elapsedMs / 1000);
      return [table, Math.min(seconds ?? LONGEST_SECONDS, LONGEST_SECONDS, blocks / perSecond)];
    }),
  );
}

/** Updates `telltale_dedup_window_seconds` until `signal` aborts. */
export async function watchDedupWindows(deps: {
  readonly rows: RowStore;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { rows, metrics, clock, logger, signal } = deps;
  let last: { readonly at: number; readonly windows: readonly DedupWindow[] } | null = null;
  while (!signal.aborted) {
    try {
      const at = clock.monotonic();
      const windows: readonly DedupWindow[] = await rows.dedupWindows(clock.now(), clock.now());
      for (const [table, seconds] of last ? coveredSeconds(last.windows, windows, at - last.at) : []) {
        metrics.set('telltale_dedup_window_seconds', { table }, seconds);
        if (seconds < LEAST_SECONDS)
          logger.warn('dedup_window_short', {
            table,
            seconds: Math.round(seconds),
            runbook: 'docs/runbooks/dedup-window-exceeded.md',
          });
      }
      last = { at, windows };
    } catch (error) {
      // The tasks report that the store is down; here only a gauge is missing.
      logger.debug('dedup_windows_unknown', { error: messageOf(error) });
    }
    await clock.sleep(MINUTE_MS, signal);
  }
}
