import { type Baselines } from '@telltale/domain-detector';
import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';
import { isVersionSeries } from '../series-hierarchy';
import { findWindow, withWindow } from './open-windows';
import { packSeries, type Series, type SeriesTable, unpackSeries, withPresentRows } from './series';
import { type OpenWindow, packWindow, unpackWindow } from './window';

/** A series packed: a little JSON and its row of the baselines. Names are ids of series. */
const packed = createStateCodec<readonly (string | Uint8Array)[]>(
  3,
  { encode: (pieces) => pieces, decode: (bytes) => [bytes] },
  { 1: (bytes) => [withPresentRows(1, bytes)], 2: (bytes) => [withPresentRows(2, bytes)] },
);
/** Restored in this order: parts lean on their parents, versions on series that are measured themselves. */
const PARENTS = createStateSection('p/', packed);
const PARTS = createStateSection('s/', packed);
const VERSIONS = createStateSection('c/', packed);
const sectionOf = (series: Series) => (series.isParent ? PARENTS : isVersionSeries(series) ? VERSIONS : PARTS);

/** Names are `<series>/<start>`. */
const WINDOWS = createStateSection(
  'w/',
  createStateCodec<string>(1, { encode: (text) => text, decode: (bytes) => bytes.toString() }),
);
const windowName = (series: Series, start: number): string => `${series.id}/${start}`;

/** The series of a task and their open windows, as the state has them. The table is where they live. */
export interface SeriesState extends BatchState {
  /** The series is to be written. */
  add(series: Series): void;
  /** An open window of it is to be written. */
  addWindow(series: Series, window: OpenWindow): void;
  /** A window of it is not open any more. */
  removeWindow(series: Series, start: number): void;
  /** Neither it nor its open windows are to be kept. */
  remove(series: Series): void;
}

/** Fills `table` with what was stored. */
export function createSeriesState(table: SeriesTable, baselines: Baselines, restored: ReadonlyMap<string, Buffer>): SeriesState {
  const changed: Series[] = [];
  const removed: Series[] = [];
  const windows: (readonly [OpenWindow, Series])[] = [];
  const closed: string[] = [];

  for (const section of [PARENTS, PARTS, VERSIONS])
    for (const [id, [bytes]] of section.restore(restored))
      if (bytes instanceof Uint8Array) unpackSeries(id, section === PARENTS, bytes, table, baselines);
  for (const [name, text] of WINDOWS.restore(restored)) {
    const slash = name.lastIndexOf('/');
    const start = Number(name.slice(slash + 1));
    const series = table.get(name.slice(0, slash));
    if (series) series.windows = withWindow(series.windows, unpackWindow(start, text));
  }

  return {
    startBatch: () => undefined,
    add(series) {
      if (series.isUnsaved) return;
      series.isUnsaved = true;
      changed.push(series);
    },
    addWindow(series, window) {
      if (window.isUnsaved) return;
      window.isUnsaved = true;
      windows.push([window, series]);
    },
    removeWindow: (series, start) => void closed.push(windowName(series, start)),
    remove(series) {
      for (const { start } of series.windows) closed.push(windowName(series, start));
      series.isUnsaved = false;
      removed.push(series);
    },
    flush(effects) {
      for (const name of closed) WINDOWS.put(effects, name, null);
      for (const series of removed) sectionOf(series).put(effects, series.id, null);
      for (const [window, series] of windows) {
        window.isUnsaved = false;
        if (findWindow(series.windows, window.start) === window)
          WINDOWS.put(effects, windowName(series, window.start), packWindow(window));
      }
      for (const series of changed) {
        if (!series.isUnsaved) continue;
        series.isUnsaved = false;
        sectionOf(series).put(effects, series.id, packSeries(series, baselines));
      }
      for (const list of [closed, removed, windows, changed]) list.length = 0;
    },
    due: () => false,
  };
}
