import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { type Evidence } from './evidence';

/** What one part of a series measured: how many, how many of them failed, and of those above zero the sums of logarithms and of their squares. */
export interface PartSums {
  readonly count: number;
  readonly errors: number;
  readonly logged: number;
  readonly logs: number;
  readonly squares: number;
}
export const NO_SUMS: PartSums = { count: 0, errors: 0, logged: 0, logs: 0, squares: 0 };

/** What is remembered of a part: its newest measurements, and those before them. */
export interface PartMemory {
  readonly at: number;
  readonly recent: PartSums;
  readonly usual: PartSums;
}
/** By service, and operation where there are several: see `partKey`. */
export type Breakdown = ReadonlyMap<string, PartMemory>;

/** Of one series. What is beyond is one part together, so a tenant with many services costs no more. */
export const MAX_PARTS = 32;
export const OTHER_PARTS = '';
const SEPARATOR = '\u0000';
export const partKey = (part: readonly string[]): string => part.join(SEPARATOR);
export const partOfKey = (key: string): string[] => key.split(SEPARATOR);
const serviceOf = (key: string): string => key.split(SEPARATOR)[0] ?? '';

/** About as many of its own measurements are the newest of a part. */
const RECENT_CALLS = 5;
const RECENT_MS = HOUR_MS;
/** Of traffic it is time that counts. */
const RECENT_TRAFFIC_MS = 5 * MINUTE_MS;
const USUAL_MS = DAY_MS;

export const addSums = (a: PartSums, b: PartSums, weight = 1): PartSums => ({
  count: a.count + weight * b.count,
  errors: a.errors + weight * b.errors,
  logged: a.logged + weight * b.logged,
  logs: a.logs + weight * b.logs,
  squares: a.squares + weight * b.squares,
});
const scaled = (sums: PartSums, factor: number): PartSums => addSums(NO_SUMS, sums, factor);

/** A part after a window of the series that starts at `start`. What is no longer among its newest measurements becomes usual. */
function followPart({ at, recent, usual }: PartMemory, seen: PartSums, start: number, isTraffic: boolean): PartMemory {
  const sinceMs = Math.max(0, start - at);
  const kept = isTraffic ? Math.exp(-sinceMs / RECENT_TRAFFIC_MS) : Math.exp(-seen.count / RECENT_CALLS - sinceMs / RECENT_MS);
  return {
    at: Math.max(at, start),
    recent: addSums(scaled(recent, kept), seen),
    usual: addSums(scaled(usual, Math.exp(-sinceMs / USUAL_MS)), recent, 1 - kept),
  };
}

/** A part of which nothing was seen for long, so that another one has room. */
const FORGOTTEN_MS = 7 * DAY_MS;
const FORGOTTEN_COUNT = 0.01;
const isForgotten = ({ at, recent, usual }: PartMemory, now: number): boolean =>
  now - at > FORGOTTEN_MS || recent.count + usual.count < FORGOTTEN_COUNT;

/** The breakdown after a window, which starts at `start` and in which the parts measured this. */
export function followBreakdown(
  before: Breakdown,
  seen: ReadonlyMap<string, PartSums>,
  start: number,
  isTraffic: boolean,
): Breakdown {
  const after = new Map([...before].filter(([, memory]) => !isForgotten(memory, start)));
  // A part without measurements counts for traffic.
  if (isTraffic) for (const [key, memory] of after) if (!seen.has(key)) after.set(key, followPart(memory, NO_SUMS, start, true));
  for (const [key, sums] of seen) {
    const name = after.has(key) || after.size < MAX_PARTS - 1 ? key : OTHER_PARTS;
    after.set(name, followPart(after.get(name) ?? { at: start, recent: NO_SUMS, usual: NO_SUMS }, sums, start, isTraffic));
  }
  return after;
}

/** How far a part, or several together, are from their usual in the direction of a deviation. */
interface Shift {
  /** Sum over measurements. */
  readonly distance: number;
  readonly variance: number;
  /** What the sum is over: measurements, of traffic those that were expected. */
  readonly weight: number;
}
const together = (a: Shift, b: Shift): Shift => ({
  distance: a.distance + b.distance,
  variance: a.variance + b.variance,
  weight: a.weight + b.weight,
});

/** Values that a part must have had before it is known what is usual of it. */
const KNOWN_VALUES = 8;
/** A share of errors that is hardly known is drawn to this one, by so many measurements. */
const PRIOR = { errors: 0.5, count: 20 };
/** Smallest variance of a logarithm. */
const LEAST_VARIANCE = 0.01;
/** Turns of a conversation come together. */
const BURSTS = 1.5;

function shiftOfErrors({ recent, usual }: PartMemory): Shift {
  const share = (usual.errors + PRIOR.errors) / (usual.count + PRIOR.count);
  const expected = recent.count * share;
  return { distance: recent.errors - expected, variance: expected * (1 - share) + 0.25, weight: recent.count };
}

function shiftOfValues({ recent, usual }: PartMemory, direction: number): Shift | null {
  if (usual.logged < KNOWN_VALUES || recent.logged <= 0) return null;
  const mean = usual.logs / usual.logged;
  const variance = Math.max(usual.squares / usual.logged - mean * mean, LEAST_VARIANCE);
  return {
    distance: direction * (recent.logs - recent.logged * mean),
    variance: recent.logged * variance,
    weight: recent.logged,
  };
}

/** `usually`: of the items of all parts the usual number of this one, scaled to what is expected of all now. */
function shiftOfTraffic({ recent }: PartMemory, usually: number, direction: number): Shift {
  return { distance: direction * (recent.count - usually), variance: BURSTS * usually + 1, weight: usually };
}

/** How far the series is from what is expected of it, on the scale of `Shift`. */
function sizeOf({ channel, value, expected }: Evidence, isTraffic: boolean): number {
  if (channel === 'errors') return value - expected;
  if (isTraffic) return expected > 0 ? Math.abs(value - expected) / expected : Infinity;
  return Math.abs(Math.log(Math.max(value, 1e-9) / Math.max(expected, 1e-9)));
}

/** The others deviate as well when they do by this share of what the series does, and beyond so many standard deviations. */
const LEAST_SHARE = 0.3;
const LEAST_DEVIATIONS = 2.5;

/**
 * Whether a deviation over several services is more than that of one: without the service that deviates most, the others together do as well.
 * So neither a fault of one service is put down to all, nor another mix of services that are as usual each.
 */
export function isSharedByServices(breakdown: Breakdown, evidence: Evidence, isTraffic: boolean): boolean {
  if (evidence.channel === 'drift') return false;
  const usualOfAll = [...breakdown.values()].reduce((sum, { usual }) => sum + usual.count, 0);
  const expectedOfAll = (evidence.expected * RECENT_TRAFFIC_MS) / MINUTE_MS;
  const services = new Map<string, Shift>();
  for (const [key, memory] of breakdown) {
    const shift =
      evidence.channel === 'errors'
        ? shiftOfErrors(memory)
        : isTraffic
          ? shiftOfTraffic(memory, usualOfAll > 0 ? (expectedOfAll * memory.usual.count) / usualOfAll : 0, evidence.direction)
          : shiftOfValues(memory, evidence.direction);
    if (!shift) continue;
    const service = serviceOf(key);
    const before = services.get(service);
    services.set(service, before ? together(before, shift) : shift);
  }
  const [, ...others] = [...services.values()].sort((a, b) => b.distance - a.distance);
  const [first, ...more] = others;
  if (!first) return false;
  const { distance, variance, weight } = more.reduce(together, first);
  return distance >= LEAST_DEVIATIONS * Math.sqrt(variance) && distance >= LEAST_SHARE * sizeOf(evidence, isTraffic) * weight;
}

/** Parts that measured something lately, the most first. */
export const activeParts = (breakdown: Breakdown): string[][] =>
  [...breakdown]
    .filter(([key, { recent, usual }]) => key !== OTHER_PARTS && recent.count + usual.count > 0)
    .sort(([a, x], [b, y]) => y.recent.count + y.usual.count - x.recent.count - x.usual.count || (a < b ? -1 : 1))
    .map(([key]) => partOfKey(key));
