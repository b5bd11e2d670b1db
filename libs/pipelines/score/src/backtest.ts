import { type AnomalyRecord, type DetectorSettingRecord, TOPICS } from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { createEffects, type Effects } from '@telltale/streaming';
import { type ScorerConfig, scorerConfig } from './config';
import { type Series, type SeriesKey } from './state/series';
import { mergeInto, openWindow, type OpenWindow } from './state/window';
import { createWindowScorer } from './window-scorer';

/** One series of stored history; its windows ascend by start. */
export interface BacktestSeries extends SeriesKey {
  readonly windows: Iterable<OpenWindow>;
}

export interface BacktestOptions {
  readonly config?: ScorerConfig;
  /** Overrides in force from the first window on, such as a sensitivity to try. */
  readonly settings?: readonly DetectorSettingRecord[];
}

/** A live scorer without topics: one batch a window of event time, what it reports instead of what it writes. */
export interface Backtest {
  /**
   * All windows that start at `start`, later than those before. Scores the windows before them, as a live scorer does once the next
   * measures arrive. Returns the anomalies that opened and closed, in order.
   */
  advance(start: number, windows: readonly (readonly [SeriesKey, OpenWindow])[]): AnomalyRecord[];
  /** Scores what is left and lets event time pass until `until` (ms since the epoch), so that missing data is noticed. */
  finish(until: number): AnomalyRecord[];
  /** Ids of the series that it has seen, and of their parents. */
  seriesIds(): string[];
}

/** The order in which a batch scores windows of one start: parts before the parent they are part of, then by id. */
const orderOf = ({ isParent, id }: Series): string => `${isParent ? 1 : 0}/${id}`;

export function createBacktest({ config = scorerConfig.parse({}), settings = [] }: BacktestOptions = {}): Backtest {
  const scorer = createWindowScorer(config, { partition: 0, partitions: 1 }, new Map());
  const { table, falseAlarms, overrides, evaluator, noData } = scorer;
  let now = -Infinity;
  let pending = new Map<Series, OpenWindow>();

  function admit(about: SeriesKey, window: OpenWindow, into: Map<Series, OpenWindow>): void {
    const series = table.add(about);
    into.set(series, window);
    const { parent } = series;
    if (parent?.isParent) into.set(parent, mergeInto(into.get(parent) ?? openWindow(window.start), window));
  }

  function scorePending(effects: Effects): void {
    const inOrder = [...pending].sort(([a], [b]) => (orderOf(a) < orderOf(b) ? -1 : 1));
    for (const [series, window] of inOrder) scorer.score(series, window, false, effects);
    pending = new Map();
  }

  function runBatch(at: number, next: Map<Series, OpenWindow>): AnomalyRecord[] {
    now = at;
    falseAlarms.startBatch(at);
    overrides.startBatch(at);
    const effects = createEffects();
    scorePending(effects);
    pending = next;
    noData.settle(at, effects, () => undefined);
    evaluator.flush(effects, () => undefined);
    return effects
      .done()
      .outputs.filter(({ topic }) => topic === TOPICS.anomalies.name)
      .map(({ value }) => JSON.parse(String(value)) as AnomalyRecord);
  }

  /** Batches without measures, up to and without the one at `end`. */
  function passTime(end: number): AnomalyRecord[] {
    const found: AnomalyRecord[] = [];
    for (let at = now + WINDOW_MS; at < end; at += WINDOW_MS)
      if (pending.size > 0 || noData.isDue(at)) found.push(...runBatch(at, new Map()));
    return found;
  }

  return {
    advance(start, windows) {
      const end = start + WINDOW_MS;
      if (now === -Infinity) {
        now = start;
        overrides.startBatch(start);
        for (const setting of settings) overrides.add(setting);
      }
      const found = passTime(end);
      const next = new Map<Series, OpenWindow>();
      for (const [about, window] of windows) admit(about, window, next);
      return [...found, ...runBatch(end, next)];
    },
    seriesIds: () => [...table.all()].map(({ id }) => id),
    finish(until) {
      return now === -Infinity ? [] : passTime(Math.max(until, now + WINDOW_MS) + 1);
    },
  };
}

/** What became of a run over whole series. */
export interface BacktestResult {
  /** Each anomaly once, as it last stood, in order of its opening. */
  readonly anomalies: readonly AnomalyRecord[];
  /** Ids of all series that were evaluated, parents that are merged from their parts among them. */
  readonly seriesIds: readonly string[];
}

/** Runs whole series side by side until `until` (ms since the epoch). Yields how many windows it has scored since, so that who runs it may do something else between. */
export function* backtestSteps(
  all: readonly BacktestSeries[],
  until: number,
  options: BacktestOptions = {},
): Generator<number, BacktestResult> {
  const sut = createBacktest(options);
  const found = new Map<string, AnomalyRecord>();
  const keep = (records: readonly AnomalyRecord[]): void => records.forEach((record) => found.set(record.id, record));
  const cursors = all.map((about) => ({
    about,
    from: about.windows[Symbol.iterator](),
    head: undefined as OpenWindow | undefined,
  }));
  for (const cursor of cursors) cursor.head = nextOf(cursor.from);
  for (;;) {
    const start = cursors.reduce((least, { head }) => Math.min(least, head?.start ?? Infinity), Infinity);
    if (start === Infinity) break;
    const windows: (readonly [SeriesKey, OpenWindow])[] = [];
    for (const cursor of cursors) {
      if (cursor.head?.start !== start) continue;
      windows.push([cursor.about, cursor.head]);
      cursor.head = nextOf(cursor.from);
    }
    keep(sut.advance(start, windows));
    yield windows.length;
  }
  keep(sut.finish(until));
  return { anomalies: [...found.values()], seriesIds: sut.seriesIds() };
}

/** The same at once. */
export function backtest(all: readonly BacktestSeries[], until: number, options: BacktestOptions = {}): AnomalyRecord[] {
  const steps = backtestSteps(all, until, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return [...value.anomalies];
  }
}

function nextOf<T>(from: Iterator<T>): T | undefined {
  const { done, value } = from.next();
  return done === true ? undefined : value;
}
