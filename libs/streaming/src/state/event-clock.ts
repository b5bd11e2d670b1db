import { type BatchState } from './batch-state';
import { createStateCodec, createStateSection } from './state-codec';

const SECTION = createStateSection('watermark', createStateCodec<number>(1));

/** The maximum event time of a task, in ms since the epoch; capped at the batch time, because producers' clocks may be ahead. */
export interface EventClock extends BatchState {
  /** Adds the time of an event. */
  add(at: number): void;
  current(): number;
}

export function createEventClock(restored: ReadonlyMap<string, Buffer>): EventClock {
  let stored = SECTION.restore(restored)[0]?.[1] ?? 0;
  let reached = stored;
  let now = 0;
  return {
    startBatch(time) {
      now = time;
    },
    add(at) {
      if (at > reached) reached = Math.min(at, now);
    },
    current: () => reached,
    flush(effects) {
      if (reached === stored) return;
      stored = reached;
      SECTION.put(effects, '', reached);
    },
    due: () => false,
  };
}
