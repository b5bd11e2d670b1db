import { type BatchState } from './batch-state';
import { createStateCodec, createStateSection } from './state-codec';

const NAME_DIGITS = 9;

/**
 * What a task holds back of each batch until all of it goes out. It is in the task's state, an entry a batch, so that whoever takes the
 * task over holds the same.
 */
export interface HeldBatches<Entry> extends BatchState {
  /** What was held when the task was restored, in order. */
  readonly restored: readonly Entry[];
  /** Whether it is to go out with this batch: the first in each `everyMs`, and the first after a time without any. */
  isDue(): boolean;
  hold(entry: Entry): void;
  release(): void;
}

/**
 * `everyMs` counts from the epoch, not from a batch: tasks release at the same times, whenever they began. `prefix`: of its keys in the
 * state, where a task holds more than one kind.
 */
export function createHeldBatches<Entry>(
  restored: ReadonlyMap<string, Buffer>,
  everyMs: number,
  prefix = '',
): HeldBatches<Entry> {
  const HELD = createStateSection(`${prefix}held/`, createStateCodec<unknown>(1));
  const RELEASED = createStateSection(`${prefix}released`, createStateCodec<number>(1));
  const stored = HELD.restore(restored);
  let names = stored.map(([name]) => name);
  let released = RELEASED.restore(restored)[0]?.[1] ?? Number.NEGATIVE_INFINITY;
  let isReleased = false;
  const changes = new Map<string, Entry | null>();
  let now = 0;
  /** Also where a clock was ahead and has been set right. */
  const isOver = (time: number): boolean => Math.floor(time / everyMs) !== Math.floor(released / everyMs);

  return {
    restored: stored.map(([, entry]) => entry as Entry),
    startBatch(time) {
      now = time;
    },
    isDue: () => isOver(now),
    hold(entry) {
      const name = String(names.length).padStart(NAME_DIGITS, '0');
      names.push(name);
      changes.set(name, entry);
    },
    release() {
      for (const name of names) changes.set(name, null);
      names = [];
      released = now;
      isReleased = true;
    },
    flush(effects) {
      for (const [name, entry] of changes) HELD.put(effects, name, entry);
      changes.clear();
      if (isReleased) RELEASED.put(effects, '', released);
      isReleased = false;
    },
    due: (time) => names.length > 0 && isOver(time),
  };
}
