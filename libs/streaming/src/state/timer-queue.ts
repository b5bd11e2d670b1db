/** What is to be looked at from a time on, e.g. a window that may close. Ties go by key, so the order never depends on history. */
export interface Due {
  readonly at: number;
  readonly key: string;
}

export interface TimerQueue {
  add(due: Due): void;
  /** The earliest, if there is one. */
  peek(): Due | undefined;
  /** Takes the earliest if its time has come. */
  takeUntil(time: number): Due | undefined;
  readonly size: () => number;
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.key < b.key);

/** A binary heap. Entries are never taken back: who takes one looks whether it still holds. */
export function createTimerQueue(): TimerQueue {
  const heap: Due[] = [];
  const at = (i: number): Due => heap[i] as Due;
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
    add(due) {
      heap.push(due);
      rise(heap.length - 1);
    },
    peek: () => heap[0],
    takeUntil(time) {
      const first = heap[0];
      if (!first || first.at > time) return undefined;
      const last = heap.pop() as Due;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
    size: () => heap.length,
  };
}
