import { findOnset } from '@telltale/domain-rootcause';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { type RowsOf } from '../define/definition';
import { readBuckets } from './read-turns';
import { badCondition, numberIn, type Subject } from './subject';
import { type Compared, samplingOf, turnRowsOf } from './turn-rows';

const LEAST_AFTER_MS = 5 * MINUTE_MS;
const MOST_MS = 7 * DAY_MS;
const LEAST_BEFORE_MS = 6 * HOUR_MS;
/** The time before is so many times as long as the time since. */
const TIMES_BEFORE = 8;
const BUCKETS = 144;
/** An onset is believed from this gain on, nats. */
const LEAST_GAIN = 6;

/** What is compared: the time from the onset on with a longer time before. */
export function comparedFrom(onset: number, until: number): Compared {
  const end = Math.min(Math.max(until, onset + LEAST_AFTER_MS), onset + MOST_MS);
  const before = Math.min(Math.max(TIMES_BEFORE * (end - onset), LEAST_BEFORE_MS), MOST_MS);
  return { since: onset - before, onset, until: end };
}

/** Where the bad share stepped up between two times; null where it did not. */
export async function onsetBetween(rowsOf: RowsOf, subject: Subject, from: number, until: number): Promise<number | null> {
  if (subject.measure === 'traffic') return trafficOnset(rowsOf, subject, from, until);
  const compared: Compared = { since: from, onset: until, until };
  const sampled = await samplingOf(rowsOf, subject, compared);
  const size = Math.max(MINUTE_MS, Math.ceil((until - from) / BUCKETS / MINUTE_MS) * MINUTE_MS);
  let best: { readonly at: number; readonly gain: number } | null = null;
  const bads = await badnessIn(rowsOf, subject, compared, sampled);
  if (bads.length === 0) return null;
  for (const buckets of await readBuckets(rowsOf, { subject, compared, sampled }, bads, size)) {
    const onset = findOnset(buckets);
    if (onset && onset.gain > (best?.gain ?? LEAST_GAIN)) best = onset;
  }
  return best?.at ?? null;
}

/** Conditions for bad turns where nobody knows yet what is usual: parts of all turns. */
async function badnessIn(rowsOf: RowsOf, subject: Subject, compared: Compared, sampled: number): Promise<string[]> {
  const number = numberIn(subject);
  if (number === null) return [badCondition(subject)];
  const { from, params } = turnRowsOf(subject, compared);
  const up = subject.direction === 'up';
  const [row] = await rowsOf({
    sql: `SELECT quantilesTDigest(${up ? '0.6, 0.9, 0.98' : '0.4, 0.1, 0.02'})(value) AS limits FROM ${from({ value: `toFloat64(ifNull(${number}, 0))` }, sampled)}`,
    params,
  });
  const limits = ((row?.['limits'] as unknown[] | undefined) ?? []).map(Number).filter(Number.isFinite);
  return limits.map((limit) => `toFloat64(ifNull(${number}, 0)) ${up ? '>' : '<'} ${limit}`);
}

/** Traffic has no bad turns: the bucket from which on there are more (or fewer) of them. */
async function trafficOnset(rowsOf: RowsOf, subject: Subject, from: number, until: number): Promise<number | null> {
  const compared: Compared = { since: from, onset: until, until };
  const size = Math.max(MINUTE_MS, Math.ceil((until - from) / BUCKETS / MINUTE_MS) * MINUTE_MS);
  const [read = []] = await readBuckets(rowsOf, { subject, compared, sampled: 1 }, ['0'], size);
  const counts = new Map(read.map(({ at, bad, good }) => [at, bad + good]));
  const first = Math.floor(from / size) * size;
  const buckets = Array.from({ length: Math.floor((until - first) / size) }, (_, i) => ({ at: first + i * size, n: counts.get(first + i * size) ?? 0 })); // prettier-ignore
  const most = Math.max(1, ...buckets.map(({ n }) => n));
  const onset = findOnset(
    buckets.map(({ at, n }) => ({
      at,
      ...(subject.direction === 'up' ? { bad: n, good: most - n } : { bad: most - n, good: n }),
    })),
  );
  return onset && onset.gain >= LEAST_GAIN ? onset.at : null;
}
