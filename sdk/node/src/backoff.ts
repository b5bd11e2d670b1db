import { type Clock } from './clock';

/** Ever longer waits, half of each by chance, so that many processes do not come back at once. */
export interface Backoff {
  next(): number;
  reset(): void;
}

export function createBackoff(firstMs: number, mostMs: number, clock: Pick<Clock, 'random'>): Backoff {
  let tries = 0;
  return {
    next() {
      const whole = Math.min(mostMs, firstMs * 2 ** Math.min(tries, 20));
      tries++;
      return whole / 2 + (whole / 2) * clock.random();
    },
    reset() {
      tries = 0;
    },
  };
}
