import { type TaskHealth } from '@telltale/streaming';

/** A longer pause is not a short failure of a backend and needs attention. */
const PAUSED_TOO_LONG_MS = 60_000;

/** Why these tasks make the process not ready, or null: one is restoring its state, or has been paused too long. */
export function notReadyBecause(tasks: readonly TaskHealth[]): string | null {
  if (tasks.some(({ phase }) => phase === 'restoring')) return 'restoring state';
  const [longest] = tasks.filter(({ pausedMs }) => pausedMs > PAUSED_TOO_LONG_MS).sort((a, b) => b.pausedMs - a.pausedMs);
  if (!longest) return null;
  const { service, partition, pausedMs, detail } = longest;
  return `task ${partition} of ${service} has been paused for ${Math.floor(pausedMs / 1000)} s (${detail}); see docs/runbooks/task-stalled.md`;
}
