import { type EventRecord, type Measure } from '@telltale/contracts';
import { hashId, windowStart } from '@telltale/kernel';
import { type Cell, createPartialAggregates, type PackedBatch, type Series, seriesKey, WINDOW_MS } from './partial-aggregates';
import { type IsShared, seriesOf, type SeriesValue } from './series-of-event';

/** Stands for every value of a dimension once a tenant has too many series. */
export const OTHER = '__overflow__';

/** Dimensions with few values, which keep them in an overflow series. */
const KEPT_DIMENSIONS: ReadonlySet<string> = new Set(['kind', 'severity']);
const MAX_REMEMBERED = 100_000;

export interface MeasureOptions {
  /** Whether the tenant may have this series; asked once per series and batch. */
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

interface KnownSeries extends Series {
  readonly isOther: boolean;
  /** Its dimensions where it is one too many. */
  readonly other: readonly string[];
}

/** What measures are made of. */
interface Weighted {
  readonly tenant: string;
  /** How many items it represents. */
  readonly sampling_weight: number;
}

export interface Measures<Of extends Weighted = EventRecord> {
  /** Adds an item to the window of `at`, unless it has no weight. */
  add(one: Of, at: number): void;
  /** How many values of the batch went to `__overflow__`. */
  readonly othered: number;
  /** How many series and windows ended batches have brought since the last flush. */
  readonly pending: number;
  /** Ends the batch: what it brought is pending now, and answered as it is written to state; null where it brought nothing. */
  endBatch(): PackedBatch | null;
  /** Adds what a batch brought to what is pending. */
  restore(batch: PackedBatch): void;
  /** All that is pending, in order of first value. */
  flush(): Measure[];
}

/** Of events. `isShared`: see `seriesOf`; without it no operation is. */
export const createMeasures = ({
  isShared = () => false,
  ...options
}: MeasureOptions & { readonly isShared?: IsShared }): Measures =>
  createMeasuresOf(options, (event, add) => seriesOf(event, add, isShared));

/**
 * Aggregates items into count, sum, min, max, errors and a sketch per series and 10 s window. A sampled item counts with its weight.
 * `seriesIn` yields the series of an item.
 */
export function createMeasuresOf<Of extends Weighted>(
  { admits }: MeasureOptions,
  seriesIn: (one: Of, add: SeriesValue) => void,
): Measures<Of> {
  const pending = createPartialAggregates();
  const known = new Map<string, KnownSeries>();
  let admitted = new Map<string, KnownSeries>();
  let cells = new Map<string, Cell>();
  let othered = 0;

  function seriesFor(tenant: string, metric: string, dimensions: readonly string[], part?: readonly string[]): KnownSeries {
    const name = `${tenant}\u0000${metric}\u0000${dimensions.join('\u0000')}`;
    const key = part === undefined ? name : `${name}\u0001${part.join('\u0000')}`;
    const before = known.get(key);
    if (before) return before;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const other = dimensions.map((text, i) => (i % 2 === 0 || KEPT_DIMENSIONS.has(dimensions[i - 1] ?? '') ? text : OTHER));
    // One that is named so by its events counts as any other, unless nothing of it is left.
    const isOther = dimensions.every((text, i) => text === other[i]);
    const id = seriesId(tenant, metric, dimensions);
    const made = {
      tenant,
      id,
      metric,
      dimensions: [...dimensions],
      isOther,
      other,
      ...(part && { part }),
      key: seriesKey(id, part),
    };
    known.set(key, made);
    return made;
  }

  function admittedSeries(series: KnownSeries): KnownSeries {
    const before = admitted.get(series.key);
    if (before) return before;
    const isAdmitted = series.isOther || admits(series.tenant, series.id);
    const found = isAdmitted ? series : seriesFor(series.tenant, series.metric, series.other, series.part);
    admitted.set(series.key, found);
    return found;
  }

  return {
    add(one, at) {
      // Others stand for it; a series of what goes wrong alone would look as if all did.
      if (one.sampling_weight === 0) return;
      const window = windowStart(at, WINDOW_MS);
      const weight = Math.min(MAX_WEIGHT, Math.max(LEAST, one.sampling_weight));
      seriesIn(one, (metric, dimensions, measured, isError, part) => {
        const value = bounded(measured);
        const wanted = seriesFor(one.tenant, metric, dimensions, part);
        const series = admittedSeries(wanted);
        if (series !== wanted) othered++;
        const key = `${series.key}${window}`;
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
    get pending() {
      return pending.size;
    },
    endBatch() {
      const batch = cells.size > 0 ? pending.add(cells.values()) : null;
      cells = new Map();
      admitted = new Map();
      othered = 0;
      return batch;
    },
    restore: pending.restore,
    flush: pending.flush,
  };
}
