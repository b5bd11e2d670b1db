import { type EventRecord, type MeasureRecord } from '@telltale/contracts';
import { hashId, isoTime, windowStart } from '@telltale/kernel';
import { seriesOf, type SeriesValue } from './series-of-event';
import { createSketch, encodeSketch } from './sketch';

export const WINDOW_MS = 10_000;
/** Replaces the values of a dimension when a tenant has too many series. */
export const OTHER = '__overflow__';

/** Dimensions with few values, which keep them in an overflow series. */
const KEPT_DIMENSIONS: ReadonlySet<string> = new Set(['kind', 'severity']);
const MAX_REMEMBERED = 100_000;

export interface MeasureOptions {
  /** Whether the tenant may have this series; called once per series and batch. */
  readonly admits: (tenant: string, seriesId: string) => boolean;
}

// A sketch has a bin for every percent between its smallest and largest value, so impossible values must not extend it.
const LEAST = 1e-6;
const GREATEST = 1e15;
const MAX_WEIGHT = 1e6;
/** `dimensions` alternates names and values, as returned by `seriesOf`. */
export const seriesId = (tenant: string, metric: string, dimensions: readonly string[]): string =>
  hashId(20, tenant, metric, ...dimensions);

const bounded = (value: number): number => (Math.abs(value) < LEAST ? 0 : Math.min(GREATEST, Math.max(-GREATEST, value)));

interface Series {
  readonly tenant: string;
  readonly id: string;
  readonly metric: string;
  readonly dimensions: Record<string, string>;
  readonly other: readonly string[];
}

interface Cell {
  readonly series: Series;
  readonly window: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  errors: number;
  /** Alternating values and weights; the sketch is built from them in `flush`. */
  readonly values: number[];
}

/** An item that measures are made from. */
interface Weighted {
  readonly tenant: string;
  /** How many items it represents. */
  readonly sampling_weight: number;
}

export interface Measures<Of extends Weighted = EventRecord> {
  /** Adds an item to the window of `at`. */
  add(one: Of, at: number): void;
  /** Number of values counted under `__overflow__` since the last flush. */
  readonly othered: number;
  /** The measures since the last flush, in order of first value. */
  flush(source: string, watermark: number | null): MeasureRecord[];
}

export const createMeasures = (options: MeasureOptions): Measures => createMeasuresOf(options, seriesOf);

/**
 * Aggregates items into count, sum, min, max, errors and a sketch per series and 10 s window. A sampled item counts with its weight.
 * `seriesIn` yields the series of an item.
 */
export function createMeasuresOf<Of extends Weighted>(
  { admits }: MeasureOptions,
  seriesIn: (one: Of, add: SeriesValue) => void,
): Measures<Of> {
  const known = new Map<string, Series>();
  let admitted = new Map<string, Series>();
  let cells = new Map<string, Cell>();
  let othered = 0;

  function seriesFor(tenant: string, metric: string, dimensions: readonly string[]): Series {
    const key = `${tenant}\u0000${metric}\u0000${dimensions.join('\u0000')}`;
    const before = known.get(key);
    if (before) return before;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const pairs: Record<string, string> = {};
    for (let i = 0; i < dimensions.length; i += 2) pairs[dimensions[i] ?? ''] = dimensions[i + 1] ?? '';
    const other = dimensions.map((text, i) => (i % 2 === 0 || KEPT_DIMENSIONS.has(dimensions[i - 1] ?? '') ? text : OTHER));
    const made: Series = { tenant, id: seriesId(tenant, metric, dimensions), metric, dimensions: pairs, other };
    known.set(key, made);
    return made;
  }

  function admittedSeries(series: Series): Series {
    const before = admitted.get(series.id);
    if (before) return before;
    const isOther = Object.values(series.dimensions).includes(OTHER);
    const found = isOther || admits(series.tenant, series.id) ? series : seriesFor(series.tenant, series.metric, series.other);
    admitted.set(series.id, found);
    return found;
  }

  return {
    add(one, at) {
      const window = windowStart(at, WINDOW_MS);
      const weight = Math.min(MAX_WEIGHT, Math.max(LEAST, one.sampling_weight));
      seriesIn(one, (metric, dimensions, measured, isError) => {
        const value = bounded(measured);
        const wanted = seriesFor(one.tenant, metric, dimensions);
        const series = admittedSeries(wanted);
        if (series !== wanted) othered++;
        const key = `${series.id}${window}`;
        let cell = cells.get(key);
        if (!cell) {
          cell = { series, window, count: 0, sum: 0, min: value, max: value, errors: 0, values: [] };
          cells.set(key, cell);
        }
        cell.count += weight;
        cell.sum += value * weight;
        if (value < cell.min) cell.min = value;
        if (value > cell.max) cell.max = value;
        if (isError) cell.errors += weight;
        cell.values.push(value, weight);
      });
    },
    get othered() {
      return othered;
    },
    flush(source, watermark) {
      const until = watermark === null ? null : isoTime(watermark);
      const records: MeasureRecord[] = [];
      for (const { series, window, count, sum, min, max, errors, values } of cells.values()) {
        const sketch = createSketch();
        for (let i = 0; i < values.length; i += 2) sketch.accept(values[i] ?? 0, values[i + 1] ?? 1);
        records.push({
          tenant: series.tenant, series_id: series.id, metric: series.metric, dimensions: series.dimensions, window_start: isoTime(window),
          count, sum, min, max, errors, sketch: encodeSketch(sketch), source, watermark: until,
        }); // prettier-ignore
      }
      cells = new Map();
      admitted = new Map();
      othered = 0;
      return records;
    },
  };
}
