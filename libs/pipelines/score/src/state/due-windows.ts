import { type Series } from './series';

/** An open window of a series, by its start in ms since the epoch. */
export interface DueWindow {
  readonly series: Series;
  readonly start: number;
}

/**
 * Open windows by the time at which they are due, ms. Those of one time come in one order, whatever the order in which they were added: parts
 * before parents, so that a parent knows which of its parts deviate, then by id, then by start. Windows cannot be removed early: the
 * caller checks whether what it takes is still open.
 */
export interface DueWindows {
  add(at: number, due: DueWindow): void;
  /** The earliest time at which a window is due; Infinity when none is. */
  earliest(): number;
  /** Removes and returns the first window that is due at `time` or before. */
  takeUntil(time: number): DueWindow | undefined;
}

/** `a/` before `b/`, as the keys of windows in the state are ordered; most ids are of one length. */
function isIdBefore(a: string, b: string): boolean {
  return a.length === b.length ? a < b : `${a}/` < `${b}/`;
}

const DIGITS = 7;
const HEX = /^[0-9a-f]{7}/;

/**
 * A small integer by which series are in order before their ids are looked at, parts before parents: the first hex digits of the id; -1 when it
 * has none. Comparing texts of 100,000 series, which are all over memory, takes as long as scoring them.
 */
export const sortNumberOf = (id: string, isParent: boolean): number =>
  HEX.test(id) ? parseInt(id.slice(0, DIGITS), 16) + (isParent ? 16 ** DIGITS : 0) : -1;

interface Entry extends DueWindow {
  /** The series' `sortNumber`. */
  readonly number: number;
}

/** From the last to the first, so that the first is taken from the end of a list. */
function compareLastToFirst(a: Entry, b: Entry): number {
  if (a.number !== b.number && a.number >= 0 && b.number >= 0) return b.number - a.number;
  if (a.series.isParent !== b.series.isParent) return a.series.isParent ? -1 : 1;
  if (a.series.id === b.series.id) return a.start === b.start ? 0 : String(a.start) < String(b.start) ? 1 : -1;
  return isIdBefore(a.series.id, b.series.id) ? 1 : -1;
}

interface Together {
  readonly list: Entry[];
  isSorted: boolean;
}

/** Sorted when the first of a time is taken: windows come in their thousands for each time, and there are few times. */
export function createDueWindows(): DueWindows {
  const byTime = new Map<number, Together>();
  /** The times of `byTime`, ascending. */
  const times: number[] = [];

  function begin(at: number): Together {
    const together = { list: [], isSorted: false };
    byTime.set(at, together);
    let place = times.length;
    while (place > 0 && (times[place - 1] as number) > at) place--;
    times.splice(place, 0, at);
    return together;
  }

  return {
    add(at, { series, start }) {
      const together = byTime.get(at) ?? begin(at);
      together.list.push({ series, start, number: series.sortNumber });
      together.isSorted = false;
    },
    earliest: () => times[0] ?? Infinity,
    takeUntil(time) {
      const [at] = times;
      if (at === undefined || at > time) return undefined;
      const together = byTime.get(at) as Together;
      if (!together.isSorted) {
        together.list.sort(compareLastToFirst);
        together.isSorted = true;
      }
      const due = together.list.pop();
      if (together.list.length === 0) {
        byTime.delete(at);
        times.shift();
      }
      return due;
    },
  };
}
