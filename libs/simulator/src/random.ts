import { createDice } from '@telltale/kernel';

/** A seeded stream of randomness: the same seed gives the same values on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [min, max]. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Positive, with median `median`; `spread` is the standard deviation of its logarithm. */
  logNormal(median: number, spread: number): number;
  /** Waiting time of a Poisson process that has `mean` between events. */
  exponential(mean: number): number;
  /** `digits` hex digits, a multiple of 8. */
  hex(digits: number): string;
}

export function createRandom(seed: number): Random {
  const { uniform: next, normal } = createDice(seed);
  const word = (): string =>
    Math.floor(next() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0');
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly [T, ...T[]]): T => items[Math.floor(next() * items.length)] ?? items[0],
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    exponential: (mean) => -Math.log(1 - next()) * mean,
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += word();
      return text;
    },
  };
}
