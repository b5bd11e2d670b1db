import { slot } from './packed';

/**
 * How far and how often a surprise has risen in this series. Calls that are slow one after the other make a product of bets grow on ordinary
 * days, which a bound for independent values does not know. A *surprise* is the natural logarithm of one over such a bound; those above a
 * threshold come in *excursions*. Two exponential tails (peaks over threshold, with surprises at their limit as censored ones) are learned: of all
 * windows, for how likely such a window is, and of the greatest surprise of each excursion, for how often there is one. An excursion counts when
 * it is over, so that it does not answer for itself.
 */
const OF_WINDOWS = 0;
const OF_EXCURSIONS = 3;
/** Greatest excess of the present excursion, and how many evaluations it has lasted; 0 outside. */
const GREATEST = 6;
const LENGTH = 7;
/** How many evaluations the tails are of. */
const EVALUATIONS = 8;
export const EXCURSION_FLOATS = 9;

/** A tail: how many were beyond the threshold, how many of these below the limit, the sum of their excesses. */
const COUNT = 0;
const UNCENSORED = 1;
const EXCESS = 2;

/** Where the tails begin. */
const THRESHOLD = 4;
/** Weight of the prior "as the bound says, with a mean excess of 1", in excursions. */
const PRIOR = 4;
const PRIOR_EVALUATIONS = PRIOR * Math.exp(THRESHOLD);
/** Older evaluations fade: of 20,000 the first counts a third. */
const KEPT = 1 - 1 / 20_000;
/** What lasts longer is learned in parts, so that a series which left its past behind learns that. */
const MAX_LENGTH = 100;

interface Likelihood {
  /** Natural logarithm of the probability of a window as surprising on this series' ordinary days; never below the bound's. */
  readonly logP: number;
  /** Natural logarithm of how many such windows follow each other. */
  readonly logTogether: number;
}

/** Natural logarithm of the share of evaluations that are so far beyond the threshold. */
function logTail(f: Float32Array, at: number, evaluations: number, excess: number): number {
  const share = (slot(f, at + COUNT) + PRIOR) / (evaluations + PRIOR_EVALUATIONS);
  const mean = Math.max(1, (slot(f, at + EXCESS) + PRIOR) / (slot(f, at + UNCENSORED) + PRIOR));
  return Math.log(share) - excess / mean;
}

function trainTailOf(f: Float32Array, at: number, excess: number, limit: number): void {
  f[at + COUNT] = slot(f, at + COUNT) + 1;
  f[at + UNCENSORED] = slot(f, at + UNCENSORED) + (excess < limit ? 1 : 0);
  f[at + EXCESS] = slot(f, at + EXCESS) + excess;
}

/** What `surprise` is worth. Does not learn. */
export function likelihoodOf(f: Float32Array, at: number, surprise: number): Likelihood {
  const evaluations = slot(f, at + EVALUATIONS);
  const excess = surprise - THRESHOLD;
  if (excess <= 0) return { logP: Math.min(0, -surprise), logTogether: 0 };
  const logP = Math.min(0, Math.max(-surprise, logTail(f, at + OF_WINDOWS, evaluations, excess)));
  const logExcursion = Math.max(-surprise, logTail(f, at + OF_EXCURSIONS, evaluations, excess));
  return { logP, logTogether: Math.max(0, logP - logExcursion) };
}

/** Learns the next surprise of the series, which is at most `greatest`. `isWindow`: whether it was evaluated as a window's. */
export function trainExcursions(f: Float32Array, at: number, surprise: number, greatest: number, isWindow: boolean): void {
  for (let i = OF_WINDOWS; i < GREATEST; i++) f[at + i] = slot(f, at + i) * KEPT;
  f[at + EVALUATIONS] = slot(f, at + EVALUATIONS) * KEPT + 1;
  const limit = Math.fround(greatest - THRESHOLD);
  const excess = Math.fround(Math.max(0, surprise - THRESHOLD));
  if (excess > 0 && isWindow) trainTailOf(f, at + OF_WINDOWS, excess, limit);
  const length = slot(f, at + LENGTH);
  const peak = Math.max(excess, slot(f, at + GREATEST));
  const isOver = length > 0 && (excess === 0 || length >= MAX_LENGTH);
  if (isOver) trainTailOf(f, at + OF_EXCURSIONS, peak, limit);
  f[at + GREATEST] = isOver ? 0 : peak;
  f[at + LENGTH] = isOver || excess === 0 ? 0 : length + 1;
}
