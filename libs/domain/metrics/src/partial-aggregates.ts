import { type Measure } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type BinCounts, binOf, encodeBins } from './sketch';

export const WINDOW_MS = 10_000;

export interface Series {
  readonly tenant: string;
  readonly id: string;
  readonly metric: string;
  /** Name and value, in turn. */
  readonly dimensions: readonly string[];
  /** Of a series over all services, whose values these are. */
  readonly part?: readonly string[];
  /** What its cells are by: see `seriesKey`. */
  readonly key: string;
}

/** Of a series and the part of it. */
export const seriesKey = (id: string, part?: readonly string[]): string => (part ? `${id}${JSON.stringify(part)}` : id);

/** What one batch says of one series and window. */
export interface Cell {
  readonly series: Series;
  readonly window: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  errors: number;
  /** Value and weight in turn. */
  readonly values: number[];
}

/** Dimensions are pairs; a last text that stands alone is the part, as JSON. */
type PackedSeries = readonly [id: string, tenant: string, metric: string, ...dimensions: string[]];
/**
 * `[series, window, count, sum, min, errors]` where all values are equal, else followed by `max, zeros, positive bins`, and bin and weight in
 * turn, of the positive values first. `series` counts those that were named since the last flush, `window` windows since the epoch.
 */
type PackedCell = readonly number[];

/** What one batch added, as it is written to state: much smaller than what it becomes. */
export interface PackedBatch {
  /** Series that no batch named since the last flush. */
  readonly series: readonly PackedSeries[];
  readonly cells: readonly PackedCell[];
}

/** What several batches said of one series and window. */
interface Aggregate {
  readonly series: Series;
  readonly window: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  errors: number;
  /** Null for as long as all values are equal. */
  bins: { zeros: number; readonly positive: BinCounts; readonly negative: BinCounts } | null;
}

/** What was measured since the last flush. It follows from the batches that were added, and so can be put together again from them. */
export interface PartialAggregates {
  /** Adds what a batch measured, and packs it. */
  add(cells: Iterable<Cell>): PackedBatch;
  /** Adds a batch as it was packed. */
  restore(batch: PackedBatch): void;
  readonly size: number;
  /** All of it, in order of first value; nothing is left. */
  flush(): Measure[];
}

export function createPartialAggregates(): PartialAggregates {
  let series: Series[] = [];
  let indexes = new Map<string, number>();
  let aggregates = new Map<string, Aggregate>();

  function name(one: Series): number {
    indexes.set(one.key, series.length);
    return series.push(one) - 1;
  }

  function merge(packed: PackedCell): void {
    const [index = 0, at = 0, count = 0, sum = 0, min = 0, errors = 0, max = min] = packed;
    const own = series[index];
    if (!own) throw new RangeError('a packed batch names a series that none before it did');
    const key = `${own.key}${at}`;
    const known = aggregates.get(key);
    const into = known ?? { series: own, window: at * WINDOW_MS, count: 0, sum: 0, min, max, errors: 0, bins: null };
    if (!known) aggregates.set(key, into);
    const areEqual = into.bins === null && into.min === min && min === max;
    if (!areEqual) addBins(spread(into), packed);
    into.count += count;
    into.sum += sum;
    into.errors += errors;
    into.min = Math.min(into.min, min);
    into.max = Math.max(into.max, max);
  }

  return {
    add(cells) {
      const from = series.length;
      const packed: PackedCell[] = [];
      for (const cell of cells) packed.push(packCell(cell, indexes.get(cell.series.key) ?? name(cell.series)));
      for (const cell of packed) merge(cell);
      return { series: series.slice(from).map(packSeries), cells: packed };
    },
    restore(batch) {
      for (const one of batch.series) name(unpackSeries(one));
      for (const cell of batch.cells) merge(cell);
    },
    get size() {
      return aggregates.size;
    },
    flush() {
      const measures = [...aggregates.values()].map(measureOf);
      series = [];
      indexes = new Map();
      aggregates = new Map();
      return measures;
    },
  };
}

const packSeries = ({ id, tenant, metric, dimensions, part }: Series): PackedSeries => [
  id,
  tenant,
  metric,
  ...dimensions,
  ...(part ? [JSON.stringify(part)] : []),
];

function unpackSeries([id, tenant, metric, ...rest]: PackedSeries): Series {
  if (rest.length % 2 === 0) return { id, tenant, metric, dimensions: rest, key: seriesKey(id) };
  const part = JSON.parse(rest.at(-1) ?? '[]') as string[];
  return { id, tenant, metric, dimensions: rest.slice(0, -1), part, key: seriesKey(id, part) };
}

function packCell({ window, count, sum, min, max, errors, values }: Cell, index: number): PackedCell {
  const packed = [index, window / WINDOW_MS, count, sum, min, errors];
  if (min === max) return packed;
  const positive: BinCounts = new Map();
  const negative: BinCounts = new Map();
  let zeros = 0;
  for (let i = 0; i < values.length; i += 2) {
    const value = values[i] ?? 0;
    const weight = values[i + 1] ?? 1;
    if (value === 0) zeros += weight;
    else addTo(value > 0 ? positive : negative, binOf(Math.abs(value)), weight);
  }
  packed.push(max, zeros, positive.size);
  for (const counts of [positive, negative]) for (const [bin, weight] of counts) packed.push(bin, weight);
  return packed;
}

const FIRST_BIN = 9;

function addBins(into: NonNullable<Aggregate['bins']>, packed: PackedCell): void {
  const [, , count = 0, , min = 0] = packed;
  if (packed.length < FIRST_BIN) return addEqual(into, min, count);
  const [zeros = 0, positiveBins = 0] = packed.slice(FIRST_BIN - 2);
  into.zeros += zeros;
  for (let i = FIRST_BIN; i < packed.length; i += 2)
    addTo(i < FIRST_BIN + 2 * positiveBins ? into.positive : into.negative, packed[i] ?? 0, packed[i + 1] ?? 0);
}

function addEqual(into: NonNullable<Aggregate['bins']>, value: number, weight: number): void {
  if (value === 0) into.zeros += weight;
  else addTo(value > 0 ? into.positive : into.negative, binOf(Math.abs(value)), weight);
}

/** The bins of an aggregate whose values are not equal any more. */
function spread(aggregate: Aggregate): NonNullable<Aggregate['bins']> {
  if (aggregate.bins) return aggregate.bins;
  const bins = { zeros: 0, positive: new Map<number, number>(), negative: new Map<number, number>() };
  if (aggregate.count > 0) addEqual(bins, aggregate.min, aggregate.count);
  return (aggregate.bins = bins);
}

const addTo = (counts: BinCounts, bin: number, weight: number): void => void counts.set(bin, (counts.get(bin) ?? 0) + weight);

function measureOf({ series, window, count, sum, min, max, errors, bins }: Aggregate): Measure {
  const { tenant, id, metric, part } = series;
  const dimensions: Record<string, string> = {};
  for (let i = 0; i < series.dimensions.length; i += 2) dimensions[series.dimensions[i] ?? ''] = series.dimensions[i + 1] ?? '';
  const sketch = bins === null ? '' : encodeBins(bins.positive, bins.negative, bins.zeros);
  return {
    tenant,
    series_id: id,
    metric,
    dimensions,
    window_start: isoTime(window),
    count,
    sum,
    min,
    max,
    errors,
    sketch,
    ...(part && { part: [...part] }),
  };
}
