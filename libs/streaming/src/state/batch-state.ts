import { type Effects } from '../pipeline/effects';

/**
 * A part of what a task remembers. A batch begins with `startBatch`, adds to it, and ends with `flush`. What it holds after a batch follows
 * from what it held before and what was added, never from how the batches were cut or whether the task was restored in between.
 */
export interface BatchState {
  /** Begins a batch; `now`: its time, ms since the epoch. What is over by then is forgotten. A batch that is tried again begins again. */
  startBatch(now: number): void;
  /** Ends it: writes what changed, its rows, and counts of what had to be forgotten. */
  flush(effects: Effects): void;
  /** Whether an empty batch at `now` would change it. */
  due(now: number): boolean;
}

/** Several parts as one, in this order. */
export const allOf = (...parts: readonly BatchState[]): BatchState => ({
  startBatch: (now) => parts.forEach((part) => part.startBatch(now)),
  flush: (effects) => parts.forEach((part) => part.flush(effects)),
  due: (now) => parts.some((part) => part.due(now)),
});
