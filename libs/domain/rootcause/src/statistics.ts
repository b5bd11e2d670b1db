import { cumulativeStdNormalProbability } from 'simple-statistics';

/** Twice the gain of log-likelihood by one parameter of a known sign: chance of it, or more, where the parameter is nothing. */
export function chanceOfGain(gain: number): number {
  if (gain <= 0) return 1;
  const z = Math.sqrt(2 * gain);
  // Beyond the table of the library the tail is as good as this (Abramowitz and Stegun 26.2.12).
  return z < 3 ? 1 - cumulativeStdNormalProbability(z) : Math.exp((-z * z) / 2) / (z * Math.sqrt(2 * Math.PI));
}

/** Benjamini and Hochberg (1995): how many of the smallest chances are discoveries, so that `rate` of them are false at most. */
export function discoveries(chances: readonly number[], rate: number): number {
  const sorted = [...chances].sort((a, b) => a - b);
  for (let i = sorted.length; i > 0; i--) if ((sorted[i - 1] ?? 1) <= (rate * i) / sorted.length) return i;
  return 0;
}

export interface Counts {
  readonly bad: number;
  readonly good: number;
}

/** How many turns there are. */
export const total = ({ bad, good }: Counts): number => bad + good;

export interface Lift {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Ratio of the bad shares of two groups with its 95 % interval: Katz et al. (1978) on the logarithm, half a turn added to every count. */
export function liftOf(inside: Counts, outside: Counts): Lift {
  const [a, b] = [inside.bad + 0.5, outside.bad + 0.5];
  const [n, m] = [inside.bad + inside.good + 1, outside.bad + outside.good + 1];
  const log = Math.log(a / n / (b / m));
  const error = 1.96 * Math.sqrt(Math.max(0, 1 / a - 1 / n + 1 / b - 1 / m));
  return { ratio: Math.exp(log), low: Math.exp(log - error), high: Math.exp(log + error) };
}
