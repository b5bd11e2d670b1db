import { type OpenWindow } from './window';

/**
 * The open windows of a series, by start. Mostly there is one or none, for each of 100,000 series: a list of them takes a fifth of the memory of
 * a map, and reading it touches one place less.
 */
export type OpenWindows = readonly OpenWindow[];

export const NO_WINDOWS: OpenWindows = [];

/** Index of the first window that starts at `start` or later. */
function placeOf(windows: OpenWindows, start: number): number {
  let low = 0;
  let high = windows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle] as OpenWindow).start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function findWindow(windows: OpenWindows, start: number): OpenWindow | undefined {
  const found = windows[placeOf(windows, start)];
  return found?.start === start ? found : undefined;
}

/** The windows with one more, of which none has the start. The list that is passed is not used any more. */
export function withWindow(windows: OpenWindows, window: OpenWindow): OpenWindows {
  // As large as it needs to be; a list that is pushed to has room for sixteen more.
  if (windows.length === 0) return [window];
  (windows as OpenWindow[]).splice(placeOf(windows, window.start), 0, window);
  return windows;
}

/** The windows without those that start at `upTo` or before, and these. The list that is passed is not used any more. */
export function splitWindows(windows: OpenWindows, upTo: number): readonly [taken: OpenWindows, left: OpenWindows] {
  const last = windows.at(-1);
  if (!last || last.start <= upTo) return [windows, NO_WINDOWS];
  const taken = (windows as OpenWindow[]).splice(0, placeOf(windows, upTo + 1));
  return [taken, windows];
}
