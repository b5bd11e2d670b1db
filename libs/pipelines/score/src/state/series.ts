import {
  type Baselines,
  type Breakdown,
  type Channel,
  type Cooldown,
  type MetricModel,
  modelOf,
  type PartMemory,
  rowsOfLayout,
} from '@telltale/domain-detector';
import { type OpenAnomaly } from '../anomaly';
import { isVersionSeries, parentOf } from '../series-hierarchy';
import { sortNumberOf } from './due-windows';
import { NO_WINDOWS, type OpenWindows } from './open-windows';
import { type OpenWindow, packWindow, unpackWindow } from './window';

/** What a task knows of one series; what it has learnt is a packed row of the baselines. */
export interface Series {
  readonly id: string;
  readonly tenant: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly model: MetricModel | null;
  /** Row of the baselines; -1 where the metric has none. */
  readonly row: number;
  /** See `sortNumberOf`. */
  readonly sortNumber: number;
  /** Whether it is merged here from its parts, rather than measured. */
  readonly isParent: boolean;
  /** The series it is part of, merged here from its parts; null for one that stands alone. */
  readonly parent: Series | null;
  /** Parts of it that were seen. */
  parts: ReadonlySet<Series>;
  /** Start of the last window scored; nothing at or before it is scored again. */
  scored: number;
  /** Batch time of the last measure of it. */
  seenAt: number;
  /** Whether that window was old when it was scored. */
  isBackfill: boolean;
  /** What `scored` was when missing data was last reported of it: once is enough. */
  missed: number;
  /** Hour, since the epoch, in which it last counted as active. */
  activeHour: number;
  /** Start of the last window that was out of the ordinary at all. */
  lastOutlierAt: number;
  /** Windows that wait to be evaluated together. */
  run: OpenWindow | null;
  /** Windows that wait until there are enough measurements for a level and a 95th percentile. */
  longRun: OpenWindow | null;
  anomalies: ReadonlyMap<Channel, OpenAnomaly>;
  cooldowns: ReadonlyMap<Channel, Cooldown>;
  windows: OpenWindows;
  /** Since the first window of a holiday: the row as it was before, and when the holiday ends; null on usual days, or where no usual day is known. */
  holiday: { readonly usualRow: number; readonly until: number } | null;
  /** Of a series over all services: what its parts measured; else null. */
  breakdown: Breakdown | null;
  /** Whether the batch has changed it, and its state is to be written. */
  isUnsaved: boolean;
}

export type SeriesKey = Pick<Series, 'id' | 'tenant' | 'metric' | 'dimensions'> & { readonly isParent?: boolean };

export interface SeriesTable {
  get(id: string): Series | undefined;
  /** The series, and its parent's, made where they are not known. `restored`: the packed row it had. */
  add(about: SeriesKey, restored?: Uint8Array): Series;
  remove(series: Series): void;
  all(): IterableIterator<Series>;
}

/** What most of 100,000 series have none of: a set or map of its own for each is 150 bytes that the garbage collector visits. */
const NO_PARTS: ReadonlySet<Series> = new Set();
const NO_ANOMALIES: ReadonlyMap<Channel, OpenAnomaly> = new Map();
const NO_COOLDOWNS: ReadonlyMap<Channel, Cooldown> = new Map();

const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  map.size === 0 ? new Map([[key, value]]) : (map as Map<K, V>).set(key, value);

export function setAnomaly(series: Series, channel: Channel, anomaly: OpenAnomaly): void {
  series.anomalies = withEntry(series.anomalies, channel, anomaly);
}

export function removeAnomaly(series: Series, channel: Channel): void {
  const left = [...series.anomalies].filter(([other]) => other !== channel);
  series.anomalies = left.length === 0 ? NO_ANOMALIES : new Map(left);
}

export function setCooldown(series: Series, channel: Channel, cooldown: Cooldown): void {
  series.cooldowns = withEntry(series.cooldowns, channel, cooldown);
}

function addPart(parent: Series, part: Series): void {
  parent.parts = parent.parts.size === 0 ? new Set([part]) : (parent.parts as Set<Series>).add(part);
}

/** A parent lends its spread once it has this many windows of its own. */
const LENDS_FROM_WINDOWS = 100;

export function createSeriesTable(baselines: Baselines): SeriesTable {
  const known = new Map<string, Series>();

  function rowOf(metric: string, model: MetricModel | null, parent: Series | null, restored?: Uint8Array): number {
    if (!model) return -1;
    if (restored && restored.length > 0) return baselines.rows.unpack(restored);
    const lends = parent !== null && parent.row >= 0 && baselines.presence(parent.row).windows >= LENDS_FROM_WINDOWS;
    if (!lends) return baselines.add();
    // A version is evaluated against how the service was without it.
    return isVersionSeries({ metric }) ? baselines.addCopy(parent.row) : baselines.add(parent.row);
  }

  function add(about: SeriesKey, restored?: Uint8Array): Series {
    const before = known.get(about.id);
    if (before) return before;
    const { id, tenant, metric, dimensions, isParent = false } = about;
    const above = parentOf(about);
    const parent = above ? add(above) : null;
    const model = modelOf(metric, dimensions);
    const made: Series = {
      id, tenant, metric, dimensions, model, isParent, parent, row: rowOf(metric, model, parent, restored), sortNumber: sortNumberOf(id, isParent), parts: NO_PARTS, scored: -1, seenAt: 0, isBackfill: false, missed: 0,
      activeHour: -1, lastOutlierAt: -Infinity, run: null, longRun: null, anomalies: NO_ANOMALIES, cooldowns: NO_COOLDOWNS, windows: NO_WINDOWS,
      holiday: null, breakdown: null, isUnsaved: false,
    }; // prettier-ignore
    // What it took over has seen the time until then.
    if (!restored && parent && isVersionSeries(made)) made.scored = parent.scored;
    known.set(id, made);
    if (parent) addPart(parent, made);
    return made;
  }

  return {
    get: (id) => known.get(id),
    add,
    remove(series) {
      known.delete(series.id);
      if (series.parent && series.parent.parts.size > 0) (series.parent.parts as Set<Series>).delete(series);
      if (series.row >= 0) baselines.rows.remove(series.row);
      if (series.holiday) baselines.rows.remove(series.holiday.usualRow);
    },
    all: () => known.values(),
  };
}

interface Packed {
  readonly t: string;
  readonly m: string;
  readonly d: Readonly<Record<string, string>>;
  readonly s: number;
  readonly x: number;
  readonly h: boolean;
  readonly q: number;
  readonly n: number;
  readonly g: number | null;
  readonly u: readonly [start: number, window: string] | null;
  readonly w: readonly [start: number, window: string] | null;
  readonly a: readonly (readonly [Channel, OpenAnomaly])[];
  readonly r: readonly (readonly [Channel, Cooldown])[];
  /** End of the holiday; the row of usual days follows the present one. */
  readonly b?: number;
  readonly p?: readonly (readonly [part: string, PartMemory])[];
}

const HEAD_BYTES = 4;
/** The length of the JSON of the series that was packed last. */
const head = Buffer.alloc(HEAD_BYTES);

/**
 * Its state without its open windows, which have records of their own: length of the JSON, the JSON, the packed row, on a holiday that of usual days. The pieces are good until
 * the next series is packed.
 */
export function packSeries(series: Series, baselines: Baselines): readonly (string | Uint8Array)[] {
  const { run, longRun, anomalies, cooldowns, lastOutlierAt, row, holiday, breakdown } = series;
  const json = JSON.stringify({
    t: series.tenant,
    m: series.metric,
    d: series.dimensions,
    s: series.scored,
    x: series.seenAt,
    h: series.isBackfill,
    q: series.missed,
    n: series.activeHour,
    g: Number.isFinite(lastOutlierAt) ? lastOutlierAt : null,
    u: run && [run.start, packWindow(run)],
    w: longRun && [longRun.start, packWindow(longRun)],
    a: [...anomalies],
    r: [...cooldowns],
    ...(holiday ? { b: holiday.until } : {}),
    ...(breakdown ? { p: [...breakdown] } : {}),
  } satisfies Packed);
  head.writeUInt32LE(Buffer.byteLength(json));
  if (row < 0) return [head, json];
  const rows = [baselines.rows.bytesOf(row)];
  return [head, json, ...(holiday ? [...rows, baselines.rows.bytesOf(holiday.usualRow)] : rows)];
}

/** What an earlier build packed, with its rows in the present layout. */
export function withPresentRows(layout: 1 | 2, stored: Buffer): Buffer {
  const end = HEAD_BYTES + stored.readUInt32LE(0);
  return stored.length === end ? stored : Buffer.concat([stored.subarray(0, end), rowsOfLayout(layout, stored.subarray(end))]);
}

export function unpackSeries(id: string, isParent: boolean, stored: Uint8Array, table: SeriesTable, { rows }: Baselines): Series {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
  const end = HEAD_BYTES + bytes.readUInt32LE(0);
  const { t, m, d, s, x, h, q, n, g, u, w, a, r, b, p } = JSON.parse(bytes.toString('utf8', HEAD_BYTES, end)) as Packed;
  const rowEnd = b === undefined ? bytes.length : end + (bytes.length - end) / 2;
  const series = table.add({ id, tenant: t, metric: m, dimensions: d, isParent }, bytes.subarray(end, rowEnd));
  if (b !== undefined) series.holiday = { usualRow: rows.unpack(bytes.subarray(rowEnd)), until: b };
  series.scored = s;
  series.seenAt = x;
  series.isBackfill = h;
  series.missed = q;
  series.activeHour = n;
  series.lastOutlierAt = g ?? -Infinity;
  series.run = u && unpackWindow(u[0], u[1]);
  series.breakdown = p ? new Map(p) : null;
  series.longRun = w && unpackWindow(w[0], w[1]);
  for (const [channel, anomaly] of a) setAnomaly(series, channel, anomaly);
  for (const [channel, rest] of r) setCooldown(series, channel, rest);
  return series;
}
