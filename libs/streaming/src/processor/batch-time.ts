/** How far the time of a task may be ahead of the clock. Clocks of a fleet differ by less, so that a takeover never takes time back. */
export const MAX_AHEAD_MS = 60_000;

export interface BatchTime {
  readonly now: number;
  /** By how much a clock that was wrong has been left behind: the task's time is taken back by this; 0 when it goes on. */
  readonly takenBackMs: number;
}

/**
 * The time of the batch after one of time `last`: that of the clock, and always later. Where the last one is further ahead of the clock
 * than clocks differ, a clock had been wrong: time goes on from the clock as it is now. A batch that is announced keeps its time.
 */
export function nextBatchTime(clockNow: number, last: number): BatchTime {
  const wall = Math.floor(clockNow);
  if (last - wall >= MAX_AHEAD_MS) return { now: wall, takenBackMs: last - wall };
  return { now: Math.max(wall, last + 1), takenBackMs: 0 };
}
