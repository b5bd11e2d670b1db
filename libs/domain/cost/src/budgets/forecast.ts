import { DAY_MS, windowStart } from '@telltale/kernel';
import { type PeriodRange } from './period';
import { type SpanSum } from './sums';

export interface Forecast {
  readonly expected: number;
  /** Of an interval that holds the sum at the end in four of five cases; `telltale eval budgets` measures how often it does. */
  readonly low: number;
  readonly high: number;
}

/** Fewer whole days say nothing of how much days differ. */
const LEAST_DAYS = 7;
/** Of these: weekends may be without spend, but what was spent on a few days only has no usual day. */
const LEAST_WITH_SPEND = 5;
/** From here on each weekday was seen twice. */
const LEAST_FOR_WEEKDAYS = 14;
/** How many days a weekday is taken to have been usual before any was seen. */
const PRIOR_DAYS = 1;
/** Recent days count more, for spend grows: a day counts half as much as one so many days later. */
const HALF_LIFE_DAYS = 14;
/** How many times its variance the square of a slope must be to be taken for half of what it seems. */
const SLOPE_DOUBT = 2;
/** Of the variance of a slope, what counts: most of a slope that may be chance is not taken. */
const SLOPE_SPREAD = 0.5;
/** Share of its level that spend moves by from day to day, at least and at most. */
const LEAST_DRIFT = 0.02;
const MAX_DRIFT = 0.1;
/** A weekday that is almost without spend says nothing of the level. */
const LEAST_FACTOR = 0.05;
/** Days that are like the day before swing together; never taken for more than this. */
const MAX_INFLATION = 3;
/** 90 % quantiles of Student's t by degrees of freedom. */
const T_90: readonly number[] = [
  3.078, 1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.35, 1.345, 1.341, 1.337, 1.333, 1.33, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.31,
]; // prettier-ignore

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const weekdayOf = (day: number): number => new Date(day).getUTCDay();

/** Whole days before today, from the first with spend on, those without spend included. The first is left out: it may have begun late. */
function wholeDays(days: readonly SpanSum[], today: number): (readonly [day: number, nano: number])[] {
  const first = days.find(([, nano]) => nano > 0)?.[0];
  if (first === undefined) return [];
  const spent = new Map(days.map(([day, nano]) => [day, nano]));
  const count = Math.max(0, (today - first) / DAY_MS - 1);
  return Array.from({ length: count }, (_, i) => {
    const day = first + (i + 1) * DAY_MS;
    return [day, spent.get(day) ?? 0] as const;
  });
}

/** How each weekday compares with the average day, drawn towards it as long as it was seen seldom. */
function weekdayFactors(history: readonly (readonly [day: number, nano: number])[]): (day: number) => number {
  const mean = sum(history.map(([, nano]) => nano)) / history.length;
  if (history.length < LEAST_FOR_WEEKDAYS || mean === 0) return () => 1;
  const factors = Array.from({ length: 7 }, (_, weekday) => {
    const ratios = history.filter(([day]) => weekdayOf(day) === weekday).map(([, nano]) => nano / mean);
    return (sum(ratios) + PRIOR_DAYS) / (ratios.length + PRIOR_DAYS);
  });
  return (day) => factors[weekdayOf(day)] ?? 1;
}

interface Trend {
  readonly slope: number;
  /** Level of a day, by days from today. */
  at(offset: number): number;
  /** Variance of so many days of the level and of the slope, in variances of one day. */
  uncertainty(shares: number, slopes: number): number;
}

/** A weighted line through the days. Its slope is drawn towards none as far as it may be chance. */
function trendOf(offsets: readonly number[], values: readonly number[], weights: readonly number[]): Trend {
  const total = sum(weights);
  const centre = sum(offsets.map((x, i) => x * (weights[i] ?? 0))) / total;
  const mean = sum(values.map((y, i) => y * (weights[i] ?? 0))) / total;
  const width = sum(offsets.map((x, i) => (weights[i] ?? 0) * (x - centre) ** 2));
  const raw = sum(offsets.map((x, i) => (weights[i] ?? 0) * (x - centre) * ((values[i] ?? 0) - mean))) / width;
  const rest = sum(offsets.map((x, i) => ((values[i] ?? 0) - mean - raw * (x - centre)) ** 2)) / Math.max(1, values.length - 2);
  const squares = weights.map((one) => one * one);
  const ofLevel = sum(squares) / total ** 2;
  const ofSlope = sum(offsets.map((x, i) => (squares[i] ?? 0) * (x - centre) ** 2)) / width ** 2;
  const signal = raw ** 2 / (rest * ofSlope || 1);
  const trust = signal / (signal + SLOPE_DOUBT);
  const slope = trust * raw;
  return {
    slope,
    at: (offset) => mean + slope * (offset - centre),
    uncertainty: (shares, slopes) => ofLevel * shares ** 2 + SLOPE_SPREAD * ofSlope * (slopes - centre * shares) ** 2,
  };
}

/**
 * How far the level moves from one day to the next, as a share of it: what days a week apart differ more than days that follow each other. Never
 * none, for no service stays what it is.
 */
function driftOf(values: readonly number[], level: number): number {
  const apart = (lag: number): number => {
    const squares = values.slice(lag).map((value, i) => ((value - (values[i] ?? 0)) / Math.max(level, 1)) ** 2);
    return sum(squares) / Math.max(1, squares.length);
  };
  const perDay = values.length >= LEAST_FOR_WEEKDAYS ? (apart(7) - apart(1)) / 6 : 0;
  return Math.sqrt(Math.min(MAX_DRIFT ** 2, Math.max(LEAST_DRIFT ** 2, perDay)));
}

/** Share that days alike to the day before add to the variance of a sum. */
function inflationOf(residuals: readonly number[]): number {
  const all = sum(residuals.map((one) => one * one));
  if (all === 0) return 1;
  const lagged = sum(residuals.slice(1).map((one, i) => one * (residuals[i] ?? 0)));
  const correlation = Math.min(0.9, Math.max(0, lagged / all));
  return Math.min(MAX_INFLATION, (1 + correlation) / (1 - correlation));
}

/**
 * The sum at the end of the period: what is spent, and for each day left a usual one of its weekday. The interval comes from how far past
 * days were from theirs. `days`: sums by day, oldest first, before the period too; null as long as there are fewer than seven whole days.
 */
export function forecastOf(days: readonly SpanSum[], spent: number, { end }: PeriodRange, now: number): Forecast | null {
  const today = windowStart(now, DAY_MS);
  const history = wholeDays(days, today);
  if (history.length < LEAST_DAYS || history.filter(([, nano]) => nano > 0).length < LEAST_WITH_SPEND) return null;
  const factorOf = weekdayFactors(history);
  const values = history.map(([day, nano]) => nano / Math.max(factorOf(day), LEAST_FACTOR));
  // A weekday with little spend says little of the level.
  const weights = history.map(([day]) => factorOf(day) * 0.5 ** ((today - day) / DAY_MS / HALF_LIFE_DAYS));
  const trend = trendOf(history.map(([day]) => (day - today) / DAY_MS), values, weights);
  const residuals = history.map(([day, nano]) => nano - trend.at((day - today) / DAY_MS) * factorOf(day));
  const freedom = Math.max(1, history.length - 2 - (history.length < LEAST_FOR_WEEKDAYS ? 0 : 3));
  const variance = sum(residuals.map((one) => one * one)) / freedom;

  const restOfToday = (today + DAY_MS - now) / DAY_MS;
  const daysAfter = Math.max(0, Math.round((end - today) / DAY_MS) - 1);
  /** What is left, as days of the level and as days of its slope. */
  const left = [
    [restOfToday * factorOf(today), 0] as const,
    ...Array.from({ length: daysAfter }, (_, i) => [factorOf(today + (i + 1) * DAY_MS), i + 1] as const),
  ];
  const length = restOfToday + daysAfter;
  const shares = sum(left.map(([share]) => share));
  const slopes = sum(left.map(([share, offset]) => share * offset));
  const spread = Math.sqrt(variance * (length + trend.uncertainty(shares, slopes)) * inflationOf(residuals));
  const drift = driftOf(values, trend.at(0)) * Math.max(0, trend.at(0)) * (shares / Math.max(length, 1));
  const half = (T_90[freedom - 1] ?? 1.29) * Math.sqrt(spread ** 2 + (drift ** 2 * length ** 3) / 3);
  const expected = Math.round(spent + Math.max(0, trend.at(0) * shares + trend.slope * slopes));
  return { expected, low: Math.max(spent, Math.round(expected - half)), high: Math.round(expected + half) };
} // prettier-ignore
