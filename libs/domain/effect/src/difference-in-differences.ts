import { type Difference, intervalOf, type Scale } from './difference';
import { matchedPoints, type Panel, type PanelCell, panelOf, type PanelPoint } from './panel';
import { tailOfT } from './student';

/** Least stretches of time on each side of the change. */
export const LEAST_POINTS = 4;
/** Below it the two sides are taken to have drifted apart before the change already. */
const TREND_LEVEL = 0.05;
/** Stretches that are like the one before say less than as many others. */
const MAX_CORRELATION = 0.9;

export interface Trend {
  /** null: too few stretches before the change to say. */
  readonly holds: boolean | null;
  readonly p: number | null;
  /** What the sides drifted apart in a stretch of time, in the unit of the metric (of its logarithm). */
  readonly slope: number | null;
  /** What that drift would have made of the difference by itself. */
  readonly drift: number | null;
}

export interface DifferenceInDifferences extends Difference {
  readonly trend: Trend;
  readonly matched_share: number;
  readonly points_before: number;
  readonly points_after: number;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (points: readonly PanelPoint[]): number =>
  sumOf(points.map(({ value, weight }) => value * weight)) / sumOf(points.map(({ weight }) => weight));

/** Correlation of a stretch with the one before it, from what is left in both periods; never below 0. */
function correlationOf(...periods: readonly (readonly number[])[]): number {
  let [product, square, pairs, count] = [0, 0, 0, 0];
  for (const left of periods)
    for (const [i, value] of left.entries()) {
      square += value * value;
      count++;
      if (i === 0) continue;
      product += value * (left[i - 1] ?? 0);
      pairs++;
    }
  // Few stretches show too little of it: Marriott and Pope's correction.
  const raw = pairs === 0 || square === 0 ? 0 : product / pairs / (square / count);
  return Math.min(MAX_CORRELATION, Math.max(0, raw + (1 + 3 * raw) / Math.max(4, count)));
}

/** Variance of a weighted mean whose points vary around `centre`. */
function varianceOf(points: readonly PanelPoint[], centre: number): number {
  const whole = sumOf(points.map(({ weight }) => weight));
  const squares = sumOf(points.map(({ value, weight }) => (weight * (value - centre)) ** 2));
  return (squares / whole ** 2) * (points.length / (points.length - 1));
}

function trendOf(before: readonly PanelPoint[], distance: number): Trend {
  if (before.length < LEAST_POINTS) return { holds: null, p: null, slope: null, drift: null };
  const whole = sumOf(before.map(({ weight }) => weight));
  const middle = sumOf(before.map(({ at, weight }) => at * weight)) / whole;
  const centre = mean(before);
  const spread = sumOf(before.map(({ at, weight }) => weight * (at - middle) ** 2));
  const slope = sumOf(before.map(({ at, value, weight }) => weight * (at - middle) * (value - centre))) / spread;
  const left = before.map(({ at, value, weight }) => ({
    weight: weight * (at - middle),
    rest: value - centre - slope * (at - middle),
  }));
  const df = before.length - 2;
  const error = Math.sqrt((sumOf(left.map(({ weight, rest }) => (weight * rest) ** 2)) / spread ** 2) * (before.length / df));
  const p = error > 0 ? tailOfT(slope / error, df) : slope === 0 ? 1 : 0;
  return { holds: p >= TREND_LEVEL, p, slope, drift: slope * distance };
}

export interface PanelOptions {
  readonly hasControl: boolean;
  readonly scale: Scale;
}

/** Change of the mean of the points after the change against those before; null where either are missing. */
function changeIn(points: readonly PanelPoint[]): number | null {
  const [before, after] = [points.filter(({ at }) => at < 0), points.filter(({ at }) => at >= 0)];
  return before.length === 0 || after.length === 0 ? null : mean(after) - mean(before);
}

/** Standard error from how the estimate changes without each group of users (delete-a-group jackknife), for users whose sessions are alike. */
function errorOfGroups(panel: Panel, hasControl: boolean): { readonly error: number; readonly groups: number } {
  const without = panel.groups.flatMap((group) => changeIn(matchedPoints(panel, hasControl, group).points) ?? []);
  if (without.length < 2) return { error: 0, groups: 2 };
  const centre = sumOf(without) / without.length;
  const squares = sumOf(without.map((one) => (one - centre) ** 2));
  return { error: Math.sqrt((squares * (without.length - 1)) / without.length), groups: without.length };
}

/**
 * What changed beyond what changed without the change: differences of matched strata by stretch of time, after less before. What all sessions of a stretch have in common (a
 * busy day, an outage elsewhere) is in the error, for it is taken from how stretches vary, wider where they are like the ones before them, or from how users vary where that
 * is more. Null where there are fewer than four stretches before or after.
 */
export function differenceInDifferences(cells: readonly PanelCell[], { hasControl, scale }: PanelOptions): DifferenceInDifferences | null {
  const panel = panelOf(cells);
  const { points, share, before: usual } = matchedPoints(panel, hasControl);
  const before = points.filter(({ at }) => at < 0);
  const after = points.filter(({ at }) => at >= 0);
  if (before.length < LEAST_POINTS || after.length < LEAST_POINTS) return null;
  const [was, is] = [mean(before), mean(after)];
  const restsOf = (list: readonly PanelPoint[], centre: number): number[] => list.map(({ value }) => value - centre);
  const correlation = correlationOf(restsOf(before, was), restsOf(after, is));
  const inflation = (1 + correlation) / (1 - correlation);
  const [vb, va] = [varianceOf(before, was), varianceOf(after, is)];
  const ofTime = Math.sqrt((vb + va) * inflation);
  const ofUsers = errorOfGroups(panel, hasControl);
  const error = Math.max(ofTime, ofUsers.error);
  if (!(error > 0)) return null;
  const dfOfTime = (vb + va) ** 2 / Math.max(Number.MIN_VALUE, vb ** 2 / (before.length - 1) + va ** 2 / (after.length - 1));
  const df = ofUsers.error > ofTime ? ofUsers.groups - 1 : dfOfTime;
  const estimate = intervalOf(usual, usual + is - was, error, Math.max(2, df), scale);
  const middleOf = (list: readonly PanelPoint[]): number => sumOf(list.map(({ at }) => at)) / list.length;
  return {
    ...estimate,
    relative: estimate.a > 0
      ? { change: estimate.difference / estimate.a, low: estimate.low / estimate.a, high: estimate.high / estimate.a }
      : null,
    trend: trendOf(before, middleOf(after) - middleOf(before)),
    matched_share: share,
    points_before: before.length,
    points_after: after.length,
  };
} // prettier-ignore
