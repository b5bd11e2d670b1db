import { EXCURSION_FLOATS, likelihoodOf, trainExcursions } from './excursions';
import { slot } from './packed';
import { rangeOfTail, TAIL_FLOATS, tailExcess, trainTail } from './tail';

/**
 * Single calls of a series that is called rarely, so that a jump is seen after two or three calls instead of after a run of eight. An e-process:
 * each call is a bet against "as usual", whose mean factor is 1 while that holds, and the product grows only where it does not (Shiryaev–Roberts
 * e-detector; Shin, Ramdas & Rinaldo, "E-detectors", 2024). Valid at any time: above M it is a false alarm at most once in M calls.
 */
const CALLS = TAIL_FLOATS;
/** Natural logarithm of the product. */
const GROWTH = CALLS + 1;
/** How far the product has come on ordinary days. */
const OWN = GROWTH + 1;
export const SINGLE_CALL_FLOATS = OWN + EXCURSION_FLOATS;

/** Of more calls in a window the median says more, and sooner. */
export const MAX_SINGLE_CALLS = 4;
export const WARM_CALLS = 20;
/**
 * Half of the stake is on the upper 5 %, where a call of tail probability p = 0.05·exp(-u) pays 5·exp(u/2): ∫ 5·exp(u/2)·0.05·exp(-u) du = ½;
 * the rest pays ½ / 0.95. What a tail that is heavier than the learned one adds to that is learned with the excursions.
 */
const LOG_PAY_BEYOND = Math.log(5);
const LOG_PAY_WITHIN = Math.log(0.5 / 0.95);
const MAX_GROWTH = 20;
/** Calls after each other are more alike than the bet assumes, because levels follow the day: measured, series that have no excursions yet came as far ten times as often. */
const LOG_ALIKE = Math.log(10);

interface Call {
  /** Distance to the recent level. */
  readonly residual: number;
  /** What the time of day does not explain of that. */
  readonly unexplained: number;
}

const AS_USUAL = { logP: 0, logTogether: 0 };

export interface SingleCalls {
  /** Natural logarithm of how often a window of this series' ordinary days has come this far; 0 when no call of the window is beyond the usual. */
  readonly logP: number;
  /** Natural logarithm of how many such windows follow each other. */
  readonly logTogether: number;
  /** Calls before these. */
  readonly seen: number;
  /** The range of all but one in a hundred residuals on either side. */
  readonly range: readonly [low: number, high: number];
}

const logOfSumWithOne = (logM: number): number => Math.log1p(Math.exp(logM));

/** Evaluates a window's calls, then learns them; null while too few are known. */
export function evaluateSingleCalls(f: Float32Array, at: number, calls: readonly Call[]): SingleCalls | null {
  const seen = slot(f, at + CALLS);
  const isWarm = seen >= WARM_CALLS;
  const range = rangeOfTail(f, at, 100);
  let isBeyond = false;
  for (const { unexplained, residual } of calls) {
    const known = slot(f, at + CALLS);
    if (isWarm) {
      const beyond = tailExcess(f, at, known, unexplained, 0);
      if (beyond > 0) isBeyond = true;
      const pay = beyond > 0 ? LOG_PAY_BEYOND + beyond / 2 : LOG_PAY_WITHIN;
      f[at + GROWTH] = Math.min(MAX_GROWTH, logOfSumWithOne(slot(f, at + GROWTH)) + pay);
    }
    trainTail(f, at, unexplained, 1 / (known + 1), 0, residual);
    f[at + CALLS] = known + 1;
  }
  if (!isWarm) return null;
  const surprise = slot(f, at + GROWTH) - LOG_ALIKE;
  const { logP, logTogether } = isBeyond ? likelihoodOf(f, at + OWN, surprise) : AS_USUAL;
  trainExcursions(f, at + OWN, surprise, MAX_GROWTH - LOG_ALIKE, isBeyond);
  return { seen, logP, logTogether, range };
}
