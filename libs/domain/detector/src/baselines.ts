import { createDetector, type Detector, DETECTOR_DOUBLES, DETECTOR_FLOATS, type Range } from './detector';
import { clearDrift, DEPENDENCE_FLOATS, DRIFT_FLOATS, followDrift, restDrift } from './drift';
import { type Evidence } from './evidence';
import { type Holiday } from './holidays';
import { type MetricModel, WINDOW_MS } from './model';
import { OWN_RATE_FLOATS } from './own-rate';
import { slot } from './packed';
import { evaluateRate, RATE_FLOATS, RECENT } from './rate';
import { evaluateRatio, RATIO_FLOATS, priorWeight } from './ratio';
import { HOUR_MS } from '@telltale/kernel';
import {
  followPresence,
  MEAN_GAP,
  PRESENCE_DOUBLES,
  PRESENCE_FLOATS,
  LAST_WINDOW,
  noDataFrom,
  type InterArrival,
  presenceOf,
  usualSilence,
} from './arrival-gaps';
import { EXCURSION_FLOATS } from './excursions';
import { evaluateSingleCalls, SINGLE_CALL_FLOATS } from './single-calls';
import { evaluateLongRun, LONG_RUN_DOUBLES, LONG_RUN_FLOATS } from './long-run';
import { evaluateTraffic, type TrafficRun } from './traffic';

const RATIO = DETECTOR_FLOATS;
const RATE = RATIO + RATIO_FLOATS;
const SLOWEST = RATE + RATE_FLOATS;
const LEVEL = SLOWEST + LONG_RUN_FLOATS;
const DRIFT = LEVEL + LONG_RUN_FLOATS;
const PRESENCE = DRIFT + DRIFT_FLOATS;
const PRESENCE_GAP = PRESENCE + MEAN_GAP;
const TYPICAL_COUNT = PRESENCE + PRESENCE_FLOATS;
/** Standard deviation of the scaled measurements, from their quantiles. */
const SPREAD = TYPICAL_COUNT + 1;
const SINGLE = SPREAD + 1;
const ALL_FLOATS = SINGLE + SINGLE_CALL_FLOATS;
const PRESENCE_WIDE = DETECTOR_DOUBLES;
const SLOWEST_WIDE = PRESENCE_WIDE + PRESENCE_DOUBLES;
const LEVEL_WIDE = SLOWEST_WIDE + LONG_RUN_DOUBLES;
const ALL_DOUBLES = LEVEL_WIDE + LONG_RUN_DOUBLES;

/** What a row has that earlier layouts had not, as bytes of the present one. */
interface Gap {
  readonly at: number;
  readonly bytes: number;
}
const gap = (float: number, floats: number): Gap => ({ at: 8 * ALL_DOUBLES + 4 * float, bytes: 4 * floats });
/** The third: how far and how often single calls of a series surprise. */
const SINCE_SECOND_LAYOUT = [gap(SINGLE + SINGLE_CALL_FLOATS - EXCURSION_FLOATS, EXCURSION_FLOATS)];
/** The second: what a series knows of its own rate, how its hours depend on each other, and single calls. */
const SINCE_FIRST_LAYOUT = [
  gap(DETECTOR_FLOATS - OWN_RATE_FLOATS, OWN_RATE_FLOATS),
  gap(DRIFT + DRIFT_FLOATS - DEPENDENCE_FLOATS, DEPENDENCE_FLOATS),
  gap(SINGLE, SINGLE_CALL_FLOATS),
];
const ROW_BYTES = 8 * ALL_DOUBLES + 4 * ALL_FLOATS;

/** Rows, one after another, as earlier builds stored them, in the present layout; what they did not know is zero. */
export function rowsOfLayout(layout: 1 | 2, rows: Uint8Array): Uint8Array {
  const gaps = layout === 1 ? SINCE_FIRST_LAYOUT : SINCE_SECOND_LAYOUT;
  const stored = ROW_BYTES - gaps.reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = new Uint8Array((rows.length / stored) * ROW_BYTES);
  let from = 0;
  for (let row = 0; row < whole.length; row += ROW_BYTES) {
    let to = 0;
    for (const { at, bytes } of [...gaps, { at: ROW_BYTES, bytes: 0 }]) {
      whole.set(rows.subarray(from, from + at - to), row + to);
      from += at - to;
      to = at + bytes;
    }
  }
  return whole;
}

/** Measurements that a value is evaluated on; sparse windows are combined until there are this many, or for an hour. */
export const RUN_COUNT = 8;
export const RUN_SPAN_MS = 3_600_000;
/** The same for the channels that need many measurements. */
export const LONG_COUNT = 40;
export const LONG_SPAN_MS = 6 * 3_600_000;

const COUNT_GAIN = 0.02;
/** Of the standard normal distribution. */
const NORMAL_95 = 1.645;
/** Standard error of a median and of a 95th percentile of n normal measurements: √(q(1-q)) / density at the quantile, times their spread / √n. */
const STANDARD_ERROR = { level_shift: 1.253, p95: 2.113 } as const;
/** Quantiles come from sketches whose bins are 2 % wide. */
const RESOLUTION = 0.02;
const LEAST_FACTOR_UP = 1.3;
/** A decrease of a duration or cost counts only when it is by half or more: an empty response, a skipped step. */
const LEAST_FACTOR_DOWN = 2;

/** Measurements of one series over consecutive windows. */
export interface Run {
  /** End of the last window, ms since the epoch. */
  readonly end: number;
  readonly count: number;
  /** Median of the measurements. */
  readonly p50: number;
}

export interface LongRun extends Run {
  /** 95th percentile of the measurements. */
  readonly p95: number;
}

/**
 * The baselines of all series, in packed rows of at most 1 KB each. Times must not decrease within a series. `usualRow`, on a holiday only: the
 * row that knows the usual days of the series, which is what it was before the holiday.
 */
export interface Baselines {
  readonly rows: Detector['rows'];
  /** Adds a row for a new series; `like`: its parent's row, whose spread it uses until it has its own. */
  add(like?: number): number;
  /** Adds a row for a new series as a clone of `of`. */
  addCopy(of: number): number;
  /** Ends a window with `count` measurements: evaluates the error ratio or the rate, and records that the series has data. */
  evaluateWindow(
    row: number,
    model: MetricModel,
    window: { start: number; count: number; errors: number },
    parent?: number,
  ): Evidence[];
  /** Evaluates the calls of a window that has few, before the run that they are part of. */
  evaluateCalls(row: number, model: MetricModel, calls: readonly number[], start: number, usualRow?: number): Evidence[];
  /** Ends a run of windows: evaluates the value and its drift. */
  evaluateRun(row: number, model: MetricModel, run: Run, usualRow?: number): Evidence[];
  /**
   * Where the value of the next run, which ends at `end`, is expected, and the range that all but about one in a hundred keep to; undefined
   * while too little is known. Does not learn.
   */
  expectedOfRun(row: number, model: MetricModel, end: number): { expected: number; low: number; high: number } | undefined;
  /** Ends a longer run: evaluates its level and its 95th percentile. */
  evaluateLongRun(row: number, model: MetricModel, run: LongRun): Evidence[];
  /** Evaluates how many items a minute there were: `count` of them in the `spanMs` before `end`. */
  evaluateTraffic(row: number, run: TrafficRun, usualRow?: number): Evidence[];
  /** Resets the sums of a drift that was reported. */
  restDrift(row: number): void;
  presence(row: number): InterArrival;
  /** When a series without data counts as missing, ms since the epoch; Infinity while it is not known well enough. */
  noDataFrom(row: number, holidays?: readonly Holiday[], usualRow?: number): number;
  /**
   * Ends a holiday that lasted until `until`: what the row has learned since `usualRow` was copied from it is forgotten, but for when the
   * series last had data and for its errors, which have no usual day.
   */
  endHoliday(row: number, usualRow: number, until: number): void;
}

export function createBaselines(): Baselines {
  const detector = createDetector({ extraFloats: ALL_FLOATS - DETECTOR_FLOATS, extraDoubles: ALL_DOUBLES - DETECTOR_DOUBLES });
  const { rows } = detector;

  function evaluateDrift(f: Float32Array, at: number, value: number, run: Run, raw: (value: number) => number): Evidence[] {
    const drift = followDrift(f, at + DRIFT, value, run.count, run.end, slot(f, at + SPREAD));
    if (!drift) return [];
    const expected = raw(drift.expected);
    const now = raw(drift.expected + drift.effect);
    return [
      {
        channel: 'drift',
        logP: drift.logP,
        logAnHour: 0,
        direction: drift.direction,
        isLarge: isLarge(drift.expected + drift.effect, drift.expected, raw !== identity),
        value: now,
        expected,
        low: Math.min(expected, now),
        high: expected,
        restsOn: drift.hours,
        seen: drift.seen,
      },
    ];
  }

  const anyTimeOf = (usualRow: number | undefined): Range | undefined =>
    usualRow === undefined ? undefined : detector.rangeOfDay(usualRow);
  const presenceAt = (row: number) => [rows.floats, rows.floatsAt(row) + PRESENCE, rows.doubles, rows.doublesAt(row) + PRESENCE_WIDE] as const; // prettier-ignore

  return {
    rows,
    add(like) {
      const row = detector.add(like);
      clearDrift(rows.floats, rows.floatsAt(row) + DRIFT);
      return row;
    },
    addCopy: (of) => rows.unpack(rows.bytesOf(of)),
    evaluateWindow(row, model, { start, count, errors }, parent) {
      const { floats: f, doubles: d } = rows;
      const at = rows.floatsAt(row);
      const { quiet, logAnHour } = followPresence(f, at + PRESENCE, d, rows.doublesAt(row) + PRESENCE_WIDE, start);
      if (model.shape === 'rate') return [evaluateRate(f, at + RATE, count, quiet, Math.log(3_600_000 / WINDOW_MS))];
      if (!model.errors) return [];
      const prior = parent === undefined ? undefined : priorWeight(f, rows.floatsAt(parent) + RATIO);
      return [evaluateRatio(f, at + RATIO, errors, count, logAnHour, prior)];
    },
    evaluateCalls(row, { shape }, calls, start, usualRow) {
      const { floats: f } = rows;
      const at = rows.floatsAt(row);
      const isLog = shape === 'level';
      const level = detector.level(row);
      if (Number.isNaN(level)) return [];
      const scaled = calls.map((call) => (isLog ? logged(call) : call));
      const anyTime = anyTimeOf(usualRow);
      const found = evaluateSingleCalls(
        f,
        at + SINGLE,
        scaled.map((value) => ({ residual: value - level, unexplained: detector.residual(row, value, start, anyTime) })),
      );
      if (!found) return [];
      const greatest = Math.max(...scaled);
      const logAnHour = Math.log(HOUR_MS / slot(f, at + PRESENCE_GAP)) - found.logTogether;
      const raw = isLog ? unlogged : identity;
      return [
        {
          channel: 'calls',
          logP: detector.corrected(row, found.logP, logAnHour, start),
          logAnHour,
          direction: 1,
          isLarge: greatest > level && isLarge(greatest, level, isLog),
          value: raw(greatest),
          expected: raw(level),
          low: Math.max(isLog ? 0 : -Infinity, raw(level + found.range[0])),
          high: raw(level + found.range[1]),
          restsOn: calls.length,
          seen: found.seen,
        },
      ];
    },
    evaluateRun(row, { shape }, run, usualRow) {
      const { floats: f } = rows;
      const at = rows.floatsAt(row);
      const isLog = shape === 'level';
      const scaled = isLog ? logged : identity;
      const raw = isLog ? unlogged : identity;
      const typical = slot(f, at + TYPICAL_COUNT);
      const trust = typical > 0 ? Math.min(1, Math.sqrt(run.count / typical)) : 1;
      f[at + TYPICAL_COUNT] = typical === 0 ? run.count : typical + COUNT_GAIN * (run.count - typical);

      const value = scaled(run.p50);
      // Standard error of a median: √(π/2) times that of a mean.
      const noise = (1.25 * slot(f, at + SPREAD)) / Math.sqrt(run.count);
      const found = detector.judge(row, value, run.end, trust, noise, anyTimeOf(usualRow));
      const evidence: Evidence[] = [];
      if (detector.isWarm(row))
        evidence.push({
          channel: 'value',
          logP: found.logP,
          logAnHour: found.logPerHour - found.logP,
          direction: found.direction,
          isLarge: isLarge(value, found.expected, isLog),
          value: run.p50,
          expected: raw(found.expected),
          low: Math.max(isLog ? 0 : -Infinity, raw(found.low)),
          high: raw(found.high),
          restsOn: run.count,
          seen: detector.seen(row) - 1,
        });
      const drift = evaluateDrift(f, at, value, run, raw);
      return usualRow === undefined ? [...evidence, ...drift] : evidence;
    },
    expectedOfRun(row, { shape }, end) {
      const found = detector.expectedAt(row, end);
      if (!found) return undefined;
      const isLog = shape === 'level';
      const raw = isLog ? unlogged : identity;
      const [low, high] = found.range;
      return { expected: raw(found.expected), low: Math.max(isLog ? 0 : -Infinity, raw(low)), high: raw(high) };
    },
    evaluateLongRun(row, { shape }, { end, count, p50, p95 }) {
      const isLog = shape === 'level';
      const raw = isLog ? unlogged : identity;
      const at = rows.floatsAt(row);
      const wide = rows.doublesAt(row);
      const spread = ((isLog ? logged(p95) : p95) - (isLog ? logged(p50) : p50)) / NORMAL_95;
      const known = slot(rows.floats, at + SPREAD);
      rows.floats[at + SPREAD] = known === 0 ? spread : known + COUNT_GAIN * (spread - known);
      const say = (channel: 'level_shift' | 'p95', floats: number, doubles: number, quantile: number): Evidence[] => {
        const value = isLog ? logged(quantile) : quantile;
        const noise = Math.hypot(
          (STANDARD_ERROR[channel] * slot(rows.floats, at + SPREAD)) / Math.sqrt(count),
          RESOLUTION * (isLog ? 1 : Math.abs(value)),
        );
        const found = evaluateLongRun(rows.floats, at + floats, rows.doubles, wide + doubles, value, count, end, channel, noise);
        if (!found) return [];
        const large =
          found.isLarge && isLarge(value, found.expected, isLog) && (channel === 'level_shift' || found.direction > 0);
        return [
          {
            ...found,
            value: quantile,
            expected: raw(found.expected),
            low: raw(found.low),
            high: raw(found.high),
            isLarge: large,
          },
        ];
      };
      return [...say('level_shift', LEVEL, LEVEL_WIDE, p50), ...say('p95', SLOWEST, SLOWEST_WIDE, p95)];
    },
    evaluateTraffic: (row, run, usualRow) => evaluateTraffic(detector, row, run, usualRow),
    restDrift: (row) => restDrift(rows.floats, rows.floatsAt(row) + DRIFT),
    presence: (row) => presenceOf(...presenceAt(row)),
    noDataFrom(row, holidays = [], usualRow = row) {
      const last = slot(rows.doubles, rows.doublesAt(row) + PRESENCE_WIDE + LAST_WINDOW);
      return noDataFrom(last, usualSilence(...presenceAt(usualRow)), holidays);
    },
    endHoliday(row, usualRow, until) {
      const { floats: f, doubles: d } = rows;
      const [at, wide] = [rows.floatsAt(row), rows.doublesAt(row)];
      const errors = f.slice(at + RATIO, at + RATIO + RATIO_FLOATS);
      const last = Math.max(slot(d, wide + PRESENCE_WIDE + LAST_WINDOW), until);
      const runs = d.slice(wide + SLOWEST_WIDE, wide + ALL_DOUBLES);
      f.set(f.subarray(rows.floatsAt(usualRow), rows.floatsAt(usualRow) + ALL_FLOATS), at);
      d.set(d.subarray(rows.doublesAt(usualRow), rows.doublesAt(usualRow) + ALL_DOUBLES), wide);
      f.set(errors, at + RATIO);
      f[at + RATE + RECENT] = 0;
      d[wide + PRESENCE_WIDE + LAST_WINDOW] = last;
      // The time since the runs before the holiday says nothing of how often there is one.
      d.set(runs, wide + SLOWEST_WIDE);
    },
  };
}

const logged = (value: number): number => Math.log1p(Math.max(value, 0));
const unlogged = (value: number): number => Math.expm1(value);
const identity = (value: number): number => value;

function isLarge(value: number, expected: number, isLog: boolean): boolean {
  if (!isLog) return value !== expected;
  return value >= expected ? value - expected >= Math.log(LEAST_FACTOR_UP) : expected - value >= Math.log(LEAST_FACTOR_DOWN);
}
