import { type Effects } from '../pipeline/effects';

/**
 * A part of a task's state. A batch calls `startBatch`, adds to it, and ends with `flush`. The content after a batch depends only on the
 * content before and on what was added, never on batch boundaries or restores.
 */
export interface BatchState {
  /** Starts a batch at batch time `now` (ms since the epoch) and removes what has expired by then. A retried batch calls it again. */
  startBatch(now: number): void;
  /** Ends the batch: emits state changes, rows, and counts of removed entries. */
  flush(effects: Effects): void;
  /** Whether an empty batch at `now` would change the state. */
  due(now: number): boolean;
}

/** Combines several parts into one, in this order. */
export const allOf = (...parts: readonly BatchState[]): BatchState => ({
  startBatch: (now) => parts.forEach((part) => part.startBatch(now)),
  flush: (effects) => parts.forEach((part) => part.flush(effects)),
  due: (now) => parts.some((part) => part.due(now)),
});
