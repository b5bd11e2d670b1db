import { type BaselineTuning, type ChannelScore, gainOf } from './model';

/** How many there are in a window, and how much more they vary than chance. */
export interface Rate {
  readonly mean: number;
  /** Variance over mean, at least 1. */
  readonly dispersion: number;
}

export const firstRate = (count: number): Rate => ({ mean: count, dispersion: 1 });

/** Nothing is said of a window without events, so the ones that were skipped are known to be zero. */
export function passZeros(rate: Rate, zeros: number, windows: number, tuning: BaselineTuning): Rate {
  if (zeros <= 0) return rate;
  // While warming up the mean is the plain one over all windows so far.
  const plain = windows / (windows + zeros);
  return {
    ...rate,
    mean: rate.mean * Math.max((1 - 1 / tuning.memoryWindows) ** zeros, windows < tuning.memoryWindows ? plain : 0),
  };
}

const RATE_FLOOR = 0.5;

/** Signed root of the Poisson deviance, over the dispersion. */
export function scoreRate(rate: Rate, count: number, warm: boolean, tuning: BaselineTuning): ChannelScore {
  const mean = Math.max(rate.mean, RATE_FLOOR);
  const deviance = 2 * ((count > 0 ? count * Math.log(count / mean) : 0) - (count - mean));
  const half = 3 * Math.sqrt(mean * rate.dispersion);
  return {
    score: warm ? Math.sign(count - mean) * Math.sqrt(Math.max(0, deviance) / rate.dispersion) : null,
    large: count >= tuning.minRate && count >= tuning.minRateFactor * mean,
    value: count,
    expected: rate.mean,
    low: Math.max(0, rate.mean - half),
    high: rate.mean + half,
    restsOn: count,
  };
}

export function trainRate(rate: Rate, count: number, windows: number, score: number | null, tuning: BaselineTuning): Rate {
  const gain = gainOf(windows, score, tuning);
  const mean = Math.max(rate.mean, RATE_FLOOR);
  const bound = tuning.clip * Math.sqrt(mean * rate.dispersion);
  const off = Math.min(Math.abs(count - mean), bound);
  return {
    mean: rate.mean + gain * (Math.min(count, mean + bound) - rate.mean),
    dispersion: Math.max(1, rate.dispersion + gain * ((off * off) / mean - rate.dispersion)),
  };
}
