import { median, quantileSorted } from 'simple-statistics';

// Question 2: which component moved. Components call one another; what a callee takes longer or fails more is in the figures of its callers too.

/** One component over one stretch of time. */
export interface Window {
  readonly calls: number;
  /** Of a call: its mean milliseconds, or the share of its calls that failed; null where it was not called or nobody measured it. */
  readonly value: number | null;
}

export interface Component {
  readonly id: string;
  readonly before: readonly Window[];
  readonly after: readonly Window[];
  /** Known only from the side of its callers: an endpoint behind which another component may work. */
  readonly isSeenByCallersOnly?: boolean;
}

export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
}

/** How much a component moved, in units of its value times calls, per window. */
export interface Moved {
  readonly id: string;
  /** All that was added in it and beneath it. */
  readonly total: number;
  /** `total` without what was added beneath it. */
  readonly own: number;
  /** Of what all components added by themselves, 0 to 1. */
  readonly share: number;
  /** How unusual `total` is among stretches as long before: robust standard deviations. */
  readonly deviations: number;
  /** Usual value of a call, and now. */
  readonly before: number | null;
  readonly after: number | null;
  readonly callsBefore: number;
  readonly callsAfter: number;
}

const MAD_TO_DEVIATION = 1.4826;
/** 95 % of normal values lie below 1.645 standard deviations. */
const Q95_TO_DEVIATION = 1 / 1.645;
/** A change of this part of the usual value is none, however steady the component was. */
const LEAST_RELATIVE_CHANGE = 0.02;
/** Deviations at which a change is believed by half. */
const HALF_BELIEVED = 3;
/** Of what never varied before. */
const MOST_DEVIATIONS = 1_000;

interface Excess {
  readonly component: Component;
  readonly total: number;
  readonly deviations: number;
  readonly usual: number | null;
  readonly now: number | null;
  readonly callsBefore: number;
  readonly callsAfter: number;
}

const valuesOf = (windows: readonly Window[]): number[] => windows.flatMap(({ value }) => (value === null ? [] : [value]));
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of calls × (value − usual) over windows: what the windows have more than usual. */
const addedIn = (windows: readonly Window[], usual: number): number =>
  mean(windows.map(({ calls, value }) => (value === null ? 0 : calls * (value - usual))));

/** Robust standard deviation of what stretches of `length` windows add when nothing is wrong. */
function noiseOf(before: readonly Window[], usual: number, length: number): number {
  const stretches: number[] = [];
  const step = Math.max(1, Math.floor(length / 2));
  for (let from = 0; from + length <= before.length; from += step)
    stretches.push(addedIn(before.slice(from, from + length), usual));
  if (stretches.length < 4) stretches.push(...before.map((window) => addedIn([window], usual)));
  const sizes = stretches.map(Math.abs).sort((a, b) => a - b);
  if (sizes.length === 0) return 0;
  return Math.max(MAD_TO_DEVIATION * median(sizes), Q95_TO_DEVIATION * quantileSorted(sizes, 0.95));
}

function excessOf(component: Component, areShares: boolean): Excess {
  const { before, after } = component;
  const known = valuesOf(before);
  const usual = known.length > 0 ? median(known) : null;
  const callsBefore = mean(before.map(({ calls }) => calls));
  const callsAfter = mean(after.map(({ calls }) => calls));
  const now = valuesOf(after).length > 0 ? mean(valuesOf(after)) : null;
  const total = usual === null ? 0 : addedIn(after, usual);
  const floor = LEAST_RELATIVE_CHANGE * Math.abs(usual ?? 0) * callsAfter;
  const noise = usual === null ? 0 : noiseOf(before, usual, after.length);
  // Failures come one by one: their number is as uncertain as its square root, and a single one says nothing.
  const windows = Math.max(1, after.length);
  const counting = areShares ? Math.sqrt(Math.max((usual ?? 0) * callsAfter, 1 / windows) / windows) : 0;
  const scale = Math.max(noise, floor, counting);
  const deviations = scale > 0 ? Math.min(MOST_DEVIATIONS, total / scale) : total > 0 ? MOST_DEVIATIONS : 0;
  return { component, total, deviations, usual, now, callsBefore, callsAfter };
}

/** The part of a change that is believed: little of what is as large as usual noise. */
function believed({ total, deviations }: Excess): number {
  if (total <= 0) return 0;
  const squared = deviations ** 2;
  return (total * squared) / (squared + HALF_BELIEVED ** 2);
}

/** The components that `target` reaches, itself included. */
export function reachedFrom(target: string, calls: readonly CallEdge[]): Set<string> {
  const reached = new Set([target]);
  for (const id of reached) for (const { caller, callee } of calls) if (caller === id) reached.add(callee);
  return reached;
}

export interface LocalizeOptions {
  /** Only components that it reaches. */
  readonly target?: string | undefined;
  /** Values are shares of calls that failed. */
  readonly areShares?: boolean;
}

/** Components by what they added themselves, most first: a callee before the caller that only waits for it. */
export function localize(
  components: readonly Component[],
  calls: readonly CallEdge[],
  { target, areShares = false }: LocalizeOptions = {},
): Moved[] {
  const reached = target === undefined ? null : reachedFrom(target, calls);
  const asked = components.filter(({ id }) => reached === null || reached.has(id));
  const excesses = new Map(asked.map((component) => [component.id, excessOf(component, areShares)]));
  const calleesOf = (id: string): Excess[] =>
    [...new Set(calls.filter(({ caller, callee }) => caller === id && callee !== id).map(({ callee }) => callee))].flatMap(
      (callee) => excesses.get(callee) ?? [],
    );
  const callersOf = (id: string): string[] => calls.filter(({ callee }) => callee === id).map(({ caller }) => caller);

  /** Beneath an endpoint works what its callers reach in another way: that moved too, and is known from its own side. */
  function behind(excess: Excess): Excess[] {
    if (!excess.component.isSeenByCallersOnly) return [];
    const { id } = excess.component;
    return callersOf(id).flatMap((caller) => calleesOf(caller)).filter((one) => !one.component.isSeenByCallersOnly && one.component.id !== id); // prettier-ignore
  }

  function ownOf(excess: Excess): number {
    const beneath = [
      ...calleesOf(excess.component.id).filter(({ component }) => !component.isSeenByCallersOnly),
      ...behind(excess),
    ];
    const remote = calleesOf(excess.component.id).filter(({ component }) => component.isSeenByCallersOnly);
    const explained = beneath.reduce((sum, one) => sum + believed(one), 0);
    const most = remote.reduce((max, one) => Math.max(max, believed(one)), 0);
    return Math.max(0, believed(excess) - Math.max(explained, most));
  }

  const owns = [...excesses.values()].map((excess) => ({ excess, own: ownOf(excess) }));
  const sum = owns.reduce((total, { own }) => total + own, 0);
  return owns
    .map(({ excess: { component, total, deviations, usual, now, callsBefore, callsAfter }, own }): Moved => ({
      id: component.id,
      total,
      own,
      share: sum > 0 ? own / sum : 0,
      deviations,
      before: usual,
      after: now,
      callsBefore,
      callsAfter,
    }))
    .sort((a, b) => b.own - a.own || b.deviations - a.deviations || (a.id < b.id ? -1 : 1));
}
