/** How far batch time may be ahead of the clock. Clocks of a fleet differ by less, so a takeover never sets batch time back. */
export const MAX_AHEAD_MS = 60_000;

export interface BatchTime {
  readonly now: number;
  /** By how much batch time is set back after a clock was wrong; 0 normally. */
  readonly takenBackMs: number;
}

/**
 * The batch time after a batch of time `last`: the clock's time, and always later than `last`. When `last` is further ahead than clocks can
 * differ, a clock was wrong, and batch time continues from the current clock. A batch with a written intent keeps its time.
 */
export function nextBatchTime(clockNow: number, last: number): BatchTime {
  const wall = Math.floor(clockNow);
  if (last - wall >= MAX_AHEAD_MS) return { now: wall, takenBackMs: last - wall };
  return { now: Math.max(wall, last + 1), takenBackMs: 0 };
}
