import { type Measure } from '@telltale/contracts';
import { type SeriesKey } from './series';
import { type Bins } from '../sketch';
import { addMeasure, openWindow, type OpenWindow } from './window';

/** What one batch brought too late for one window. */
export interface LatePart {
  readonly about: SeriesKey;
  readonly window: OpenWindow;
}

/** Measures of a batch whose windows are scored. They are rows of their own that add to those windows, and train no baseline. */
export interface LateParts {
  add(measure: Measure, bins: Bins, start: number): void;
  /** The parts of the batch in the order in which they came, since the last flush. */
  drain(): LatePart[];
}

/** No state: parts that come in several batches are several rows. */
export function createLateParts(): LateParts {
  let parts = new Map<string, LatePart>();
  return {
    add(measure, bins, start) {
      const { series_id: id, tenant, metric, dimensions } = measure;
      const key = `${id}/${start}`;
      let part = parts.get(key);
      if (!part) {
        part = { about: { id, tenant, metric, dimensions }, window: openWindow(start) };
        parts.set(key, part);
      }
      addMeasure(part.window, measure, bins);
    },
    drain() {
      const all = [...parts.values()];
      parts = new Map();
      return all;
    },
  };
}
