import { type EventRecord, type MeasureRecord } from '@telltale/contracts';
import { hashId, isoTime, windowStart } from '@telltale/kernel';
import { seriesOf, type SeriesValue } from './series-of-event';
import { createSketch, encodeSketch } from './sketch';

export const WINDOW_MS = 10_000;
/** Stands for every value of a dimension once a tenant has too many series. */
export const OTHER = '__overflow__';

/** What stays when a series is one too many: dimensions with few values. */
const KEPT: ReadonlySet<string> = new Set(['kind', 'severity']);
const MAX_REMEMBERED = 100_000;

export interface MeasureOptions {
  /** Whether the tenant may have this series; asked once per series and range. */
  readonly admits: (tenant: string, seriesId: string) => boolean;
}

// A sketch has a bin for every percent between its least and its greatest value: what no duration, cost or score can be must not stretch it.
const LEAST = 1e-6;
const GREATEST = 1e15;
const MAX_WEIGHT = 1e6;
/** `dimensions` are name and value, in turn, as `seriesOf` gives them. */
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
  /** Value and weight in turn; the sketch is built from them at the end, when it is known that there is a need. */
  readonly values: number[];
}

/** What measures are made of. */
interface Weighted {
  readonly tenant: string;
  /** How many of its kind it stands for. */
  readonly sampling_weight: number;
}

export interface Measures<Of extends Weighted = EventRecord> {
  /** Adds what one, in the window of `at`, says. */
  add(one: Of, at: number): void;
  /** How many values went to `__overflow__` since the last flush. */
  readonly othered: number;
  /** The measures of the range, in order of first value, since the last flush. */
  flush(source: string, watermark: number | null): MeasureRecord[];
}

export const createMeasures = (options: MeasureOptions): Measures => createMeasuresOf(options, seriesOf);

/**
 * Folds what comes into count, sum, min, max, errors and a sketch per series and 10 s window. Values weigh as many as they stand for.
 * `seriesIn`: the series that one belongs to.
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
    const other = dimensions.map((text, i) => (i % 2 === 0 || KEPT.has(dimensions[i - 1] ?? '') ? text : OTHER));
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
      seriesIn(one, (metric, dimensions, said, isError) => {
        const value = bounded(said);
        const asked = seriesFor(one.tenant, metric, dimensions);
        const series = admittedSeries(asked);
        if (series !== asked) othered++;
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
