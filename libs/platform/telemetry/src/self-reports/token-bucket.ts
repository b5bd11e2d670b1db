import { type Clock } from '@telltale/kernel';

/** Takes this many a second, and up to `burst` at once. */
export function createTokenBucket({ monotonic }: Pick<Clock, 'monotonic'>, perSecond: number, burst: number): () => boolean {
  let tokens = burst;
  let last = monotonic();
  return () => {
    const now = monotonic();
    tokens = Math.min(burst, tokens + ((now - last) / 1_000) * perSecond);
    last = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
