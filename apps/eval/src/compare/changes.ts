import { differenceInDifferences, type PanelCell } from '@telltale/domain-effect';
import { createDice, type Dice } from '@telltale/kernel';

export interface ChangesFigures {
  readonly cases: number;
  readonly aa_rate: number;
  readonly coverage: number;
  readonly power: number;
  /** Mean error of the estimate, as a share of the planted effect. */
  readonly bias: number;
  /** The same of after less before without a control, which takes what changed for all for the effect. */
  readonly bias_without_control: number;
  /** The same with a control that is not matched by cohort. */
  readonly bias_unmatched: number;
  /** Share of cases in which the sides are found to have drifted apart before the change. */
  readonly trend_fails: number;
}

const STRATA = 6;
const DAYS = 14;
const EFFECT = 1;
const ALPHA = 0.05;

interface World {
  /** How the level of both sides moves from day to day. */
  readonly common: (dice: Dice) => (day: number) => number;
  /** Treated users come from other strata than control users; after the change more so. */
  readonly shift: number;
  /** The treated drift away from the control by themselves, a day. */
  readonly drift: number;
  readonly users: number;
  /** How much users differ; 0.8 when left out. */
  readonly alike?: number;
  /** Users come before and after the change; false: on one side of it. */
  readonly stays?: boolean;
}

const still = () => () => 0;
const shocks = (dice: Dice) => { const days = Array.from({ length: 2 * DAYS }, () => 1.5 * dice.normal()); return (day: number) => days[day] ?? 0; }; // prettier-ignore
const alike = (dice: Dice) => { let level = 0; const days = Array.from({ length: 2 * DAYS }, () => (level = 0.7 * level + dice.normal())); return (day: number) => days[day] ?? 0; }; // prettier-ignore
const growth = () => (day: number) => 0.15 * day;
const step = () => (day: number) => (day >= DAYS ? 2 : 0);

export const WORLDS: Readonly<Record<string, World>> = {
  still: { common: still, shift: 0, drift: 0, users: 200 },
  'days that differ for all': { common: shocks, shift: 0, drift: 0, users: 200 },
  'days like the day before': { common: alike, shift: 0, drift: 0, users: 200 },
  'all grow': { common: growth, shift: 0, drift: 0, users: 200 },
  'all change at once': { common: step, shift: 0, drift: 0, users: 200 },
  'other cohorts come': { common: still, shift: 0.6, drift: 0, users: 200 },
  'other cohorts and days': { common: shocks, shift: 0.6, drift: 0, users: 200 },
  'few users, who differ much and come on one side': { common: still, shift: 0, drift: 0, users: 60, alike: 3, stays: false },
  'few users': { common: shocks, shift: 0.3, drift: 0, users: 30 },
};
/** The assumption does not hold here: it is to be noticed. */
export const DRIFTING: World = { common: still, shift: 0, drift: 0.12, users: 200 };

const GROUPS = 16;

/** Sessions of users by day and stratum on both sides. */
function simulate({ common, shift, drift, users, alike: own = 0.8, stays = true }: World, dice: Dice, effect: number): PanelCell[] {
  const levelOf = common(dice);
  const cells = new Map<string, PanelCell & { sum: number; weight: number }>();
  for (let user = 0; user < users; user++) {
    const isTreated = dice.uniform() < 0.5;
    const level = own * dice.normal();
    const comesAfter = dice.uniform() < 0.5;
    for (let left = dice.poisson(8); left > 0; left--) {
      const day = stays ? Math.floor(2 * DAYS * dice.uniform()) : (comesAfter ? DAYS : 0) + Math.floor(DAYS * dice.uniform());
      const isAfter = day >= DAYS;
      const lean = isTreated && isAfter ? shift : 0;
      const stratum = dice.uniform() < lean ? STRATA - 1 : Math.floor(STRATA * dice.uniform());
      const value = 5 + stratum + levelOf(day) + level + dice.normal() + (isTreated ? 1 + drift * (day - DAYS) : 0) + (isTreated && isAfter ? effect : 0);
      const group = user % GROUPS;
      const key = `${day}/${stratum}/${isTreated}/${group}`;
      const cell = cells.get(key) ?? { at: day - DAYS, stratum: String(stratum), isTreated, group, sum: 0, weight: 0 };
      cells.set(key, cell);
      cell.sum += value;
      cell.weight++;
    }
  }
  return [...cells.values()];
} // prettier-ignore

const rounded = (value: number): number => Number(value.toFixed(3));
const share = (list: readonly boolean[]): number => rounded(list.filter(Boolean).length / Math.max(1, list.length));
const meanOf = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length);

function evaluateWorld(world: World, nth: number, cases: number): ChangesFigures {
  const estimate = (cells: readonly PanelCell[], hasControl = true) => differenceInDifferences(cells, { hasControl, scale: 'mean' });
  const unmatched = (cells: readonly PanelCell[]) => estimate(cells.map((cell) => ({ ...cell, stratum: '' })));
  const seeds = Array.from({ length: cases }, (_, i) => 104_729 * (nth + 1) + i);
  const quiet = seeds.map((seed) => estimate(simulate(world, createDice(seed), 0)));
  const planted = seeds.map((seed) => simulate(world, createDice(seed + 50_000), EFFECT));
  const found = planted.map((one) => estimate(one));
  const biasOf = (list: readonly ReturnType<typeof estimate>[]): number => rounded(meanOf(list.flatMap((one) => (one ? one.difference - EFFECT : []))) / EFFECT);
  return {
    cases,
    aa_rate: share(quiet.map((one) => one !== null && one.p < ALPHA)),
    coverage: share(found.map((one) => one !== null && one.low <= EFFECT && EFFECT <= one.high)),
    power: share(found.map((one) => one !== null && one.p < ALPHA && one.difference > 0)),
    bias: biasOf(found),
    bias_without_control: biasOf(planted.map((one) => estimate(one.filter(({ isTreated }) => isTreated), false))),
    bias_unmatched: biasOf(planted.map(unmatched)),
    trend_fails: share(found.map((one) => one?.trend.holds === false)),
  };
} // prettier-ignore

/** Differences in differences in worlds where days and cohorts change for all, and in one where the sides drift apart by themselves. */
export function evaluateChanges(cases: number): Readonly<Record<string, ChangesFigures>> {
  const worlds = [...Object.entries(WORLDS), ['(the sides drift apart)', DRIFTING] as const];
  return Object.fromEntries(worlds.map(([name, world], nth) => [name, evaluateWorld(world, nth, cases)]));
}
