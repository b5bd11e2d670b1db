import { differenceOf, momentsOf } from '@telltale/domain-effect';
import { createDice } from '@telltale/kernel';
import { mean, sampleVariance } from 'simple-statistics';
import { KINDS, sessionsOf, type SimulatedSession } from './users';

export interface SidesFigures {
  readonly cases: number;
  /** Share of comparisons without an effect that find one. */
  readonly aa_rate: number;
  /** The same of a t-test over sessions, as if they did not depend on each other. */
  readonly aa_rate_of_sessions: number;
  /** Share of intervals that hold the planted effect. */
  readonly coverage: number;
  /** Share of planted effects that are found, of the planted direction. */
  readonly power: number;
}

const ALPHA = 0.05;
const Z = 1.959964;

export function compareSides(sessions: readonly SimulatedSession[], isLog = false): ReturnType<typeof differenceOf> {
  const users = new Map<number, number[]>();
  for (const { user, isB, value, of } of sessions) {
    const sums = users.get(user) ?? [0, 0, 0, 0];
    users.set(user, sums);
    const at = isB ? 2 : 0;
    sums[at] = (sums[at] ?? 0) + value;
    sums[at + 1] = (sums[at + 1] ?? 0) + of;
  }
  const on = (at: number): number => [...users.values()].filter((sums) => (sums[at] ?? 0) > 0).length;
  return differenceOf(momentsOf(users.values(), 4), { a: on(1), b: on(3) }, isLog ? 'log' : 'mean');
}

/** Welch's test over sessions: what comes to mind without a thought of users. */
function findsBySessions(sessions: readonly SimulatedSession[]): boolean {
  const of = (isB: boolean): number[] => sessions.filter((one) => one.isB === isB).map(({ value, of: count }) => value / count);
  const [a, b] = [of(false), of(true)];
  if (a.length < 2 || b.length < 2) return false;
  return Math.abs(mean(b) - mean(a)) > Z * Math.sqrt(sampleVariance(a) / a.length + sampleVariance(b) / b.length);
}

const share = (list: readonly boolean[]): number => Number((list.filter(Boolean).length / Math.max(1, list.length)).toFixed(3));
/** What side B has more when an effect is planted. */
const CHANGE = 0.2;

export function evaluateSides(casesOfKind: number): { readonly all: SidesFigures; readonly by_kind: Readonly<Record<string, SidesFigures>> } {
  const results = Object.entries(KINDS).map(([name, kind], nth) => {
    const found: boolean[] = [];
    const foundBySessions: boolean[] = [];
    const held: boolean[] = [];
    const powered: boolean[] = [];
    for (let i = 0; i < casesOfKind; i++) {
      const none = sessionsOf(name, kind, createDice(1_000_003 * (nth + 1) + i), 0);
      const quiet = compareSides(none, kind.isLog);
      found.push(quiet !== null && quiet.p < ALPHA);
      foundBySessions.push(findsBySessions(none));
      const planted = sessionsOf(name, kind, createDice(7_000_003 * (nth + 1) + i), CHANGE);
      const effect = compareSides(planted, kind.isLog);
      // Of the same dice without the effect: what the true values of the two sides are is then a matter of the kind alone.
      const truth = trueChange(name, nth);
      held.push(effect !== null && effect.low <= truth(effect.a) && truth(effect.a) <= effect.high);
      powered.push(effect !== null && effect.p < ALPHA && effect.difference > 0);
    }
    return { name, found, foundBySessions, held, powered };
  });
  const figures = (list: readonly (typeof results)[number][]): SidesFigures => ({
    cases: list.reduce((sum, { found }) => sum + found.length, 0),
    aa_rate: share(list.flatMap(({ found }) => found)),
    aa_rate_of_sessions: share(list.flatMap(({ foundBySessions }) => foundBySessions)),
    coverage: share(list.flatMap(({ held }) => held)),
    power: share(list.flatMap(({ powered }) => powered)),
  });
  return { all: figures(results), by_kind: Object.fromEntries(results.map((one) => [one.name, figures([one])])) };
} // prettier-ignore

const LARGE = 10_000;
const means = new Map<string, number>();
/** The true mean of a kind, from users enough that chance is small. */
function trueMean(name: string, nth: number): number {
  const known = means.get(name);
  if (known !== undefined) return known;
  const kind = KINDS[name];
  if (!kind) throw new Error(`there is no kind ${name}`);
  const sessions = sessionsOf(name, { ...kind, users: LARGE }, createDice(31 + nth), 0);
  const made = sessions.reduce((sum, { value }) => sum + value, 0) / sessions.reduce((sum, { of }) => sum + of, 0);
  means.set(name, made);
  return made;
}

/** The true difference: the planted share of the true mean; of durations of the geometric mean that the answer names. */
function trueChange(name: string, nth: number): (a: number) => number {
  return KINDS[name]?.isLog ? (a) => a * CHANGE : () => trueMean(name, nth) * CHANGE;
}
