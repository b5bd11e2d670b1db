import { HOUR_MS } from '@telltale/kernel';
import { type Evaluation, type Reason } from './evaluation';
import { moveMean, trainScale } from './means';
import { excessOfOwnRate, fadeOwnRate, OWN_RATE_FLOATS, trainOwnRate } from './own-rate';
import { createPackedRows, type PackedRows, slot } from './packed';
import { extremeExcess, EXTREME_FLOATS, trainExtreme } from './running-extremes';
import {
  binOf,
  clearSeason,
  distanceTo,
  rangeOfAllHalfHours,
  rangeOfSeason,
  SEASON_FLOATS,
  seasonalExcess,
  seasonalMedian,
  trainSeason,
} from './seasonality';
import { tailExcess, rangeOfTail, scaleOfTail, TAIL_FLOATS, TAIL_SHARE, trainTail } from './tail';

/**
 * The streaming detector for a sequence of numbers: one pass, no look-ahead; a value is evaluated before it is learned. The *short* channel
 * tests whether a value is far from the recent values of the series, in units of its own tail, unless the time of day explains it. The
 * *long* channel tests whether a level or a shape is new: new extremes of the value, of two differences of moving averages, and of the
 * residual to the time of day. docs/DETECTION.md lists the gain and cost of each.
 */
const MEAN_6 = 0;
const MEAN_48 = 1;
const MEAN_24 = 2;
const MEAN_192 = 3;
/** Gains of exponential means over that many values. */
const GAIN_6 = 2 / 7;
const GAIN_24 = 2 / 25;
const GAIN_48 = 2 / 49;
const GAIN_192 = 2 / 193;
const RECORDS = 4;
const SHORT = RECORDS + 4 * EXTREME_FLOATS;
const SEASONAL = SHORT + TAIL_FLOATS;
/** Count, middle and scale of the value's distance from the time-of-day profile; middle and scale of the value itself. */
const PROFILED = SEASONAL + TAIL_FLOATS;
const PLAIN = PROFILED + 3;
/** Decayed number of new extremes; those in quick succession count once. */
const RECORD_COUNT = PLAIN + 2;
const SEASON = RECORD_COUNT + 1;
/** The number of values that the parent's tail counts for. */
const LENT = SEASON + SEASON_FLOATS;
const OWN_RATE = LENT + 1;
export const DETECTOR_FLOATS = OWN_RATE + OWN_RATE_FLOATS;

/** Values are stored as 32-bit differences from the first one. */
const ANCHOR = 0;
const LAST = 1;
const SPACING = 2;
const SEEN = 3;
const FIRST = 4;
const LAST_RECORD = 5;
export const DETECTOR_DOUBLES = 6;

/** Minimum values before the first evaluation, without a parent. */
export const WARM_VALUES = 31;
/** A parent's spread counts for this many own values, so that evaluation starts after a few values, which establish the level. */
const PARENT_WEIGHT = 24;
const WARM_WITH_PARENT = 8;
const MIN_HALF_LIFE = 8_000;
const HALF_LIFE_MS = 28 * 86_400_000;
/** During its first days a series reaches new extremes all the time, until each of its rhythms has occurred. */
const MATURE_MS = 120 * 3_600_000;
/** A new extreme 5 % of the range beyond it is expected once in e^6.5 hours; larger ones are rarer (Pareto, fitted on half of NAB). */
const RECORD_SURPRISE = 6.65;
const RECORD_SIZE = 0.05;
const RECORD_SLOPE = 1;
/**
 * A series with earlier new extremes is expected to have more: their rate is that of its past plus 800 hours without one (rule of
 * succession). New extremes within three hours of each other count once.
 */
const SPARED_HOURS = 800;
const MEMORY_MS = HALF_LIFE_MS / Math.LN2;
const SAME_EXTREME_MS = 3 * 3_600_000;
/** Share of a value's own noise in the differences of moving averages: √(1/11 + 1/97 …), measured on white noise. */
const FAST_NOISE = 0.5;
const SLOW_NOISE = 0.25;
/** Very small new extremes are common. */
const SMALL_RECORD_SLOPE = 5;
/** The time-of-day profile is used when its residual is below this share of the value's scale. */
const CREDIBLE_SEASON = 0.4;
/** Minimum unit of a seasonal residual, as a share of the short residual's scale. */
const SEASONAL_FLOOR = 0.3;
/** After a gap of this many usual spacings, the moving averages are reset. */
const LONG_GAP = 24;
const SPACING_GAIN = 0.005;

export interface Detector {
  readonly rows: PackedRows;
  /** Adds a row for a new series; `like`: the row of its parent, whose tails it uses until it has its own. */
  add(like?: number): number;
  /**
   * Evaluates `value` at `time` (ms since the epoch, non-decreasing), then learns from it. `trust`: 1, or less when the value has fewer
   * measurements than usual for the series. `anyTime`: on a holiday, the range of all half hours of a usual day; what lies within it is
   * explained, and the half hour itself is not evaluated. The returned object is reused by the next call. Non-finite values are neither
   * evaluated nor learned.
   */
  judge(row: number, value: number, time: number, trust?: number, noise?: number, anyTime?: Range): Evaluation;
  /** From the least to the greatest value of any half hour of the day; undefined while none is known. */
  rangeOfDay(row: number): Range | undefined;
  /** Whether the learned values and the parent's spread suffice for evaluation. */
  isWarm(row: number): boolean;
  /** What another channel's evidence is worth of a series that has surprised as often as this one, which is then counted. */
  corrected(row: number, logP: number, logAnHour: number, time: number): number;
  /** How many values it has learned. */
  seen(row: number): number;
  /** Usual time between values, ms. */
  spacing(row: number): number;
  /** The recent values of the series; NaN before its first one. */
  level(row: number): number;
  /** Where the next value, at `time`, is expected, and the range that all but about one in a hundred keep to; undefined while too little is known. */
  expectedAt(row: number, time: number): { readonly expected: number; readonly range: Range } | undefined;
  /** How far `value` at `time` is from those, or from what the time of day (`anyTime`: any time of it) explains, whichever is less. */
  residual(row: number, value: number, time: number, anyTime?: Range): number;
}

export type Range = readonly [low: number, high: number];

export interface DetectorSpace {
  readonly extraFloats?: number;
  readonly extraDoubles?: number;
}

export function createDetector({ extraFloats = 0, extraDoubles = 0 }: DetectorSpace = {}): Detector {
  const rows = createPackedRows(DETECTOR_FLOATS + extraFloats, DETECTOR_DOUBLES + extraDoubles);
  const evaluation: Evaluation = { logP: 0, logPerHour: 0, direction: 0, reason: 'none', expected: 0, low: 0, high: 0 };

  function report(logP: number, spacing: number, direction: number, reason: Reason): void {
    if (logP >= evaluation.logP) return;
    evaluation.logP = logP;
    evaluation.logPerHour = logP + logAnHour(spacing);
    evaluation.direction = direction > 0 ? 1 : -1;
    evaluation.reason = reason;
  }

  /** Sets what the evaluation is worth; 0: nothing was found. */
  function settle(logP: number): void {
    if (logP === 0) {
      evaluation.logPerHour = evaluation.direction = 0;
      evaluation.reason = 'none';
    } else evaluation.logPerHour += logP - evaluation.logP;
    evaluation.logP = logP;
  }

  /**
   * The value that is evaluated, and what is known of it; refilled for each value. `maturity` to `greatest` are for its new extremes: how far the
   * series is grown up, its hours, how many new extremes it has had, and how far beyond, on a log scale, the greatest of this value is.
   */
  const now = {
    value: 0, residual: 0, off: 0, noise: 0, trust: 1, seen: 0, lent: 0, young: 1, spacing: 0, rate: 0, middle: 0,
    maturity: 1, hours: 0, extremes: 0, greatest: -Infinity,
  }; // prettier-ignore

  function evaluateShort(f: Float32Array, at: number, isUsualDay: boolean): void {
    const { residual, off, seen, lent, spacing } = now;
    const noise = now.trust * now.noise;
    const known = Math.max(seen, lent);
    // With few values of its own, it may be noisier than its parent.
    const floor = seen < 4 * lent ? slot(f, at + PLAIN + 1) : 0;
    if (off !== off || (off * residual > 0 && tailExcess(f, at + SHORT, known, off, floor, noise) !== 0)) {
      const spike = tailExcess(f, at + SHORT, known, residual, floor, noise);
      if (spike !== 0) report(Math.log(2 * TAIL_SHARE) - Math.abs(spike), spacing, spike, 'spike');
    }
    if (!isUsualDay || slot(f, at + PROFILED) === 0 || slot(f, at + PROFILED + 2) >= CREDIBLE_SEASON * slot(f, at + PLAIN + 1))
      return;
    const excess = tailExcess(f, at + SEASONAL, seen, seasonal(residual, off), SEASONAL_FLOOR * scaleOfTail(f, at + SHORT));
    if (excess !== 0) report(Math.log(2 * TAIL_SHARE) - Math.abs(excess), spacing, excess, 'season');
  }

  function evaluateExtreme(beyond: number, reason: Reason): void {
    if (beyond === 0) return;
    const size = Math.log(Math.abs(beyond) / RECORD_SIZE);
    if (size > now.greatest) now.greatest = size;
    const usual = Math.min(RECORD_SURPRISE, Math.log((SPARED_HOURS + now.hours) / (now.extremes + 0.5)));
    const surprise = now.maturity * (usual + (size < 0 ? SMALL_RECORD_SLOPE : RECORD_SLOPE) * size);
    if (surprise > 0) report(-surprise - logAnHour(now.spacing), now.spacing, beyond, reason);
  }

  /** A constant series that changes: without a scale, the probability follows from how long it was constant (rule of succession). */
  function evaluateFirstChange(seen: number, before: number, value: number, anchor: number, spacing: number): void {
    if (value === before) return;
    const size = Math.min(1, Math.abs(value - before) / Math.max(Math.abs(anchor + before), Number.MIN_VALUE));
    report(-Math.log((seen + 2) * (1 + 100 * size)), spacing, value - before, 'change');
  }

  /** Sets the expected value and range, from what was known before the value. */
  function expect(f: Float32Array, at: number, bin: number, before: number, anchor: number, anyTime?: Range): void {
    evaluation.expected = anchor + before;
    if (evaluation.logP === 0) return;
    [evaluation.low, evaluation.high] = usualRange(f, at, bin, before, anchor, anyTime);
  }

  /** All but about one value in a hundred: around the recent values, and what the time of day (`anyTime`: any time of it) explains. */
  function usualRange(f: Float32Array, at: number, bin: number, before: number, anchor: number, anyTime?: Range): Range {
    const [low, high] = rangeOfTail(f, at + SHORT, 100);
    const season = rangeOfSeason(f, at + SEASON, bin);
    return [
      Math.min(anchor + before + low, anyTime ? anyTime[0] : season ? anchor + season[0] : Infinity),
      Math.max(anchor + before + high, anyTime ? anyTime[1] : season ? anchor + season[1] : -Infinity),
    ];
  }

  /** The long channel: evaluates and learns in one step, because both need the updated averages. */
  function followExtremes(f: Float32Array, at: number): void {
    const { seen, value, middle, rate, young, trust, noise } = now;
    const mean6 = moveMean(f, at + MEAN_6, value, GAIN_6, young);
    const fast = mean6 - moveMean(f, at + MEAN_48, value, GAIN_48, young);
    const slow = moveMean(f, at + MEAN_24, value, GAIN_24, young) - moveMean(f, at + MEAN_192, value, GAIN_192, young);
    const place = at + RECORDS;
    if (seen + 1 >= WARM_VALUES) {
      evaluateExtreme(trust * extremeExcess(f, place, seen, value, noise), 'level');
      evaluateExtreme(trust * extremeExcess(f, place + EXTREME_FLOATS, seen, fast, FAST_NOISE * noise), 'level');
      evaluateExtreme(trust * extremeExcess(f, place + 2 * EXTREME_FLOATS, seen, slow, SLOW_NOISE * noise), 'level');
    }
    trainExtreme(f, place, value, rate, young);
    trainExtreme(f, place + EXTREME_FLOATS, fast, rate, young);
    trainExtreme(f, place + 2 * EXTREME_FLOATS, slow, rate, young);
    if (middle === middle) followProfile(f, at, value - middle);
  }

  /** The distance of a value to the middle of its half hour. */
  function followProfile(f: Float32Array, at: number, distance: number): void {
    const { seen, rate, trust, noise } = now;
    const profiled = slot(f, at + PROFILED);
    const young = 1 / (profiled + 1);
    const place = at + RECORDS + 3 * EXTREME_FLOATS;
    if (seen + 1 >= WARM_VALUES) evaluateExtreme(trust * extremeExcess(f, place, profiled, distance, noise), 'season');
    trainExtreme(f, place, distance, rate, young);
    trainScale(f, at + PROFILED + 1, distance, young);
    f[at + PROFILED] = profiled + 1;
  }

  function corrected(row: number, logP: number, logOften: number, time: number): number {
    const at = rows.floatsAt(row) + OWN_RATE;
    const age = time - slot(rows.doubles, rows.doublesAt(row) + FIRST);
    const worth = Math.min(0, logP + excessOfOwnRate(rows.floats, at, age));
    if (worth < 0) trainOwnRate(rows.floats, at, worth + logOften, logOften, time);
    return worth;
  }

  function learn(f: Float32Array, at: number, bin: number): void {
    const { value, residual, off, young, seen, lent } = now;
    trainSeason(f, at + SEASON, bin, value);
    trainScale(f, at + PLAIN, value, young);
    trainTail(f, at + SHORT, residual, seen > 0 ? 1 / Math.max(seen + 1, lent) : young, now.trust * now.noise);
    trainTail(f, at + SEASONAL, seasonal(residual, off), young);
  }

  const level = (row: number): number => {
    const wide = rows.doublesAt(row);
    return slot(rows.doubles, wide + SEEN) === 0
      ? NaN
      : slot(rows.doubles, wide + ANCHOR) + slot(rows.floats, rows.floatsAt(row) + MEAN_6);
  };

  return {
    rows,
    add(like) {
      const row = rows.add();
      const at = rows.floatsAt(row);
      clearSeason(rows.floats, at + SEASON);
      if (like !== undefined) {
        const from = rows.floatsAt(like) + SHORT;
        rows.floats.copyWithin(at + SHORT, from, from + TAIL_FLOATS);
        rows.floats[at + SHORT] = 0;
        rows.floats[at + LENT] = PARENT_WEIGHT;
      }
      return row;
    },
    isWarm: (row) => isWarm(slot(rows.doubles, rows.doublesAt(row) + SEEN) - 1, slot(rows.floats, rows.floatsAt(row) + LENT)),
    corrected,
    seen: (row) => slot(rows.doubles, rows.doublesAt(row) + SEEN),
    spacing: (row) => slot(rows.doubles, rows.doublesAt(row) + SPACING),
    level,
    expectedAt(row, time) {
      const { floats: f, doubles: d } = rows;
      const [at, wide] = [rows.floatsAt(row), rows.doublesAt(row)];
      if (!isWarm(slot(d, wide + SEEN), slot(f, at + LENT))) return undefined;
      const [before, anchor] = [slot(f, at + MEAN_6), slot(d, wide + ANCHOR)];
      return { expected: anchor + before, range: usualRange(f, at, binOf(time), before, anchor) };
    },
    residual(row, absolute, time, anyTime) {
      const value = absolute - slot(rows.doubles, rows.doublesAt(row) + ANCHOR);
      const off = anyTime
        ? distanceTo(absolute, ...anyTime)
        : seasonalExcess(rows.floats, rows.floatsAt(row) + SEASON, binOf(time), value);
      return seasonal(absolute - level(row), off);
    },
    rangeOfDay(row) {
      const anchor = slot(rows.doubles, rows.doublesAt(row) + ANCHOR);
      const range = rangeOfAllHalfHours(rows.floats, rows.floatsAt(row) + SEASON);
      return range ? [anchor + range[0], anchor + range[1]] : undefined;
    },
    judge(row, absolute, time, trust = 1, noise = 0, anyTime) {
      evaluation.logP = evaluation.logPerHour = 0;
      evaluation.direction = 0;
      evaluation.reason = 'none';
      if (!Number.isFinite(absolute)) return evaluation;
      const { floats: f, doubles: d } = rows;
      const at = rows.floatsAt(row);
      const wide = rows.doublesAt(row);
      // Read first, so that the processor waits for all parts of the row at once: with very many series none of them is in its caches.
      const seen = slot(d, wide + SEEN);
      const lent = slot(f, at + LENT);
      const bin = binOf(time);
      // Of a holiday's values none says how far one usually is from the middle of its half hour.
      const middle = anyTime ? NaN : seasonalMedian(f, at + SEASON, bin);
      const count = slot(f, at + RECORD_COUNT);
      const scale = scaleOfTail(f, at + SHORT);
      if (seen === 0) {
        d[wide + ANCHOR] = absolute;
        d[wide + FIRST] = time;
      }
      const anchor = slot(d, wide + ANCHOR);
      const value = absolute - anchor;
      const spacing = followTime(f, at, d, wide, seen, value, time);

      const young = 1 / (seen + 1);
      const before = slot(f, at + MEAN_6);
      const residual = seen > 0 ? trust * (value - before) : 0;
      const off = trust * (anyTime ? distanceTo(absolute, ...anyTime) : seasonalExcess(f, at + SEASON, bin, value));
      const age = time - slot(d, wide + FIRST);
      now.value = value;
      now.residual = residual;
      now.off = off;
      now.noise = noise;
      now.trust = trust;
      now.seen = seen;
      now.lent = lent;
      now.young = young;
      now.spacing = spacing;
      now.rate = rateOf(spacing);
      now.middle = middle;
      if (isWarm(seen, lent)) {
        if (scale === 0) evaluateFirstChange(seen, before, value, anchor, spacing);
        else evaluateShort(f, at, anyTime === undefined);
      }
      now.maturity = age < MATURE_MS ? age / MATURE_MS : 1;
      now.hours = Math.min(age, MEMORY_MS) / HOUR_MS;
      now.extremes = count;
      now.greatest = -Infinity;
      followExtremes(f, at);
      f[at + RECORD_COUNT] = count * (1 - Math.LN2 * now.rate);
      if (now.greatest >= 0) {
        if (time - slot(d, wide + LAST_RECORD) > SAME_EXTREME_MS) f[at + RECORD_COUNT] = count + now.maturity;
        d[wide + LAST_RECORD] = time;
      }
      fadeOwnRate(f, at + OWN_RATE, spacing);
      if (evaluation.logP < 0) settle(corrected(row, evaluation.logP, logAnHour(spacing), time));
      expect(f, at, bin, before, anchor, anyTime);
      learn(f, at, bin);
      return evaluation;
    },
  };
}

const isWarm = (seen: number, lent: number): boolean => seen + 1 >= (lent > 0 ? WARM_WITH_PARENT : WARM_VALUES);

/** Inverse of the half-life of extremes and of their number, in values. */
const rateOf = (spacing: number): number =>
  spacing > 0 ? Math.min(1 / MIN_HALF_LIFE, spacing / HALF_LIFE_MS) : 1 / MIN_HALF_LIFE;

const logAnHour = (spacing: number): number => (spacing > 0 ? Math.log(HOUR_MS / spacing) : 0);

/** Updates the usual spacing; after a long gap the moving averages are reset. */
function followTime(
  f: Float32Array,
  at: number,
  d: Float64Array,
  wide: number,
  seen: number,
  value: number,
  time: number,
): number {
  const gap = time - slot(d, wide + LAST);
  let spacing = slot(d, wide + SPACING);
  if (seen > WARM_VALUES && gap > LONG_GAP * spacing) f.fill(value, at + MEAN_6, at + MEAN_192 + 1);
  if (seen === 1) spacing = gap;
  else if (seen > 1) spacing += (Math.min(gap, 3 * spacing) - spacing) * Math.max(1 / (seen + 1), SPACING_GAIN);
  d[wide + SPACING] = spacing;
  d[wide + LAST] = time;
  d[wide + SEEN] = seen + 1;
  return spacing;
}

/** The smaller of the distances to the recent values and to the time of day; 0 when their signs differ. */
function seasonal(residual: number, off: number): number {
  if (off !== off) return residual;
  if (off * residual < 0) return 0;
  return Math.abs(off) < Math.abs(residual) ? off : residual;
}
