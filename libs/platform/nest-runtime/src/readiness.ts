import { type LaneHealth } from '@telltale/engine';

/** A pause this long is no hiccup of a backend: somebody has to look. */
const PAUSED_TOO_LONG_MS = 60_000;

/** Why these lanes make the process not ready, or null: one restores its state, or has stood still for too long. */
export function notReadyBecause(lanes: readonly LaneHealth[]): string | null {
  if (lanes.some(({ phase }) => phase === 'restoring')) return 'restoring state';
  const [longest] = lanes.filter(({ pausedMs }) => pausedMs > PAUSED_TOO_LONG_MS).sort((a, b) => b.pausedMs - a.pausedMs);
  if (!longest) return null;
  const { service, lane, pausedMs, detail } = longest;
  return `lane ${lane} of ${service} has been paused for ${Math.floor(pausedMs / 1000)} s (${detail}); see docs/runbooks/lane-paused.md`;
}
