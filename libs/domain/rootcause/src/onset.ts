import { type Counts } from './statistics';

export interface Bucket extends Counts {
  /** Start, ms since the epoch. */
  readonly at: number;
}

const entropy = (bad: number, total: number): number => {
  const good = total - bad;
  return (bad > 0 ? bad * Math.log(bad / total) : 0) + (good > 0 ? good * Math.log(good / total) : 0);
};

export interface Onset {
  readonly at: number;
  /** Log-likelihood that a step there gains over no step, nats. */
  readonly gain: number;
}

/** Where the bad share stepped up, by greatest likelihood; null where no step up gains anything. */
export function findOnset(buckets: readonly Bucket[]): Onset | null {
  const sorted = [...buckets].sort((a, b) => a.at - b.at);
  const all = sorted.reduce((sum, { bad, good }) => ({ bad: sum.bad + bad, total: sum.total + bad + good }), {
    bad: 0,
    total: 0,
  });
  if (all.total === 0) return null;
  const flat = entropy(all.bad, all.total);
  let [bad, total] = [0, 0];
  let best: Onset | null = null;
  for (const bucket of sorted) {
    const later = { bad: all.bad - bad, total: all.total - total };
    if (total > 0 && later.total > 0 && later.bad / later.total > bad / total) {
      const gain = entropy(bad, total) + entropy(later.bad, later.total) - flat;
      if (gain > (best?.gain ?? 0)) best = { at: bucket.at, gain };
    }
    bad += bucket.bad;
    total += bucket.bad + bucket.good;
  }
  return best;
}
