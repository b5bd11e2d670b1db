/** A window as the pool remembers it: start, measurements, sum of clipped deviations in scales, errors, sum of logs. */
export type Pooled = readonly [start: number, count: number, deviation: number, errors: number, logs: number];

const MAX_ENTRIES = 16;
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** The newest windows of a series, oldest first, in few bytes. */
export function addToPool(pool: readonly Pooled[], window: Pooled, spanMs: number): Pooled[] {
  const [start, count, deviation, errors, logs] = window;
  const kept = pool.filter(([at]) => start - at <= spanMs).slice(-(MAX_ENTRIES - 1));
  kept.push([start, count, rounded(deviation), errors, rounded(logs)]);
  return kept;
}

export interface PoolSum {
  readonly count: number;
  readonly deviation: number;
  readonly errors: number;
  readonly logs: number;
}

/** The newest windows that together hold `wanted` measurements, or as many as there are. */
export function poolOf(pool: readonly Pooled[], wanted: number): PoolSum {
  const sum = { count: 0, deviation: 0, errors: 0, logs: 0 };
  for (let i = pool.length - 1; i >= 0 && sum.count < wanted; i--) {
    const [, count, deviation, errors, logs] = pool[i] ?? [0, 0, 0, 0, 0];
    sum.count += count;
    sum.deviation += deviation;
    sum.errors += errors;
    sum.logs += logs;
  }
  return sum;
}
