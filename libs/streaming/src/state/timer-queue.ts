/** A timer, e.g. when a window may close. Equal times are ordered by key, so the order never depends on history. */
export interface Timer {
  readonly at: number;
  readonly key: string;
}

export interface TimerQueue {
  add(timer: Timer): void;
  /** The earliest timer, if any. */
  peek(): Timer | undefined;
  /** Removes and returns the earliest timer if its time is at most `time`. */
  takeUntil(time: number): Timer | undefined;
  readonly size: () => number;
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.key < b.key);

/** A binary heap. Timers cannot be removed early: the caller checks whether a returned timer is still valid. */
export function createTimerQueue(): TimerQueue {
  const heap: Timer[] = [];
  const at = (i: number): Timer => heap[i] as Timer;
  const swap = (i: number, j: number): void => {
    const kept = at(i);
    heap[i] = at(j);
    heap[j] = kept;
  };

  function rise(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!isBefore(at(i), at(parent))) return;
      swap(i, parent);
      i = parent;
    }
  }

  function sink(): void {
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && isBefore(at(left + 1), at(left)) ? left + 1 : left;
      if (!isBefore(at(child), at(i))) return;
      swap(i, child);
      i = child;
    }
  }

  return {
    add(timer) {
      heap.push(timer);
      rise(heap.length - 1);
    },
    peek: () => heap[0],
    takeUntil(time) {
      const first = heap[0];
      if (!first || first.at > time) return undefined;
      const last = heap.pop() as Timer;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
    size: () => heap.length,
  };
}
