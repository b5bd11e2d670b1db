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
export const SINGLE_CALL_FLOATS = GROWTH + 1;

/** Of more calls in a window the median says more, and sooner. */
export const MAX_SINGLE_CALLS = 4;
export const WARM_CALLS = 20;
/**
 * Half of the stake is on the upper 5 %, where a call of tail probability p = 0.05·exp(-u) pays 5·exp(u/2): ∫ 5·exp(u/2)·0.05·exp(-u) du = ½;
 * the rest pays ½ / 0.95. A tail half as steep as the one that was learned still pays no more than was staked.
 */
const LOG_PAY_BEYOND = Math.log(5);
const LOG_PAY_WITHIN = Math.log(0.5 / 0.95);
const MAX_GROWTH = 20;
/** Calls after each other are more alike than the bet assumes, because levels follow the day: measured, such series came as far ten times as often. */
const LOG_ALIKE = Math.log(10);

export interface SingleCalls {
  /** Natural logarithm of how often a call of a normal series has come this far; 0 when no call of the window is beyond the usual. */
  readonly logP: number;
  /** Calls before these. */
  readonly seen: number;
  /** The range of all but one in a hundred residuals on either side. */
  readonly range: readonly [low: number, high: number];
}

const logOfSumWithOne = (logM: number): number => Math.log1p(Math.exp(logM));

/** Evaluates the residuals of a window's calls, then learns them; null while too few are known. */
export function evaluateSingleCalls(f: Float32Array, at: number, residuals: readonly number[]): SingleCalls | null {
  const seen = slot(f, at + CALLS);
  const isWarm = seen >= WARM_CALLS;
  const range = rangeOfTail(f, at, 100);
  let isBeyond = false;
  for (const residual of residuals) {
    const calls = slot(f, at + CALLS);
    if (isWarm) {
      const beyond = tailExcess(f, at, calls, residual, 0);
      if (beyond > 0) isBeyond = true;
      const pay = beyond > 0 ? LOG_PAY_BEYOND + beyond / 2 : LOG_PAY_WITHIN;
      f[at + GROWTH] = Math.min(MAX_GROWTH, logOfSumWithOne(slot(f, at + GROWTH)) + pay);
    }
    trainTail(f, at, residual, 1 / (calls + 1));
    f[at + CALLS] = calls + 1;
  }
  return isWarm ? { seen, logP: isBeyond ? Math.min(0, LOG_ALIKE - slot(f, at + GROWTH)) : 0, range } : null;
}
