import { groupBy } from '@telltale/kernel';

/** What users of a group did in a stratum of one side in one stretch of time. `at`: number of the stretch, counted from the change: the first one after it is 0. */
export interface PanelCell {
  readonly at: number;
  readonly stratum: string;
  readonly isTreated: boolean;
  /** Groups are of whole users. */
  readonly group: number;
  readonly sum: number;
  readonly weight: number;
}

/** A stretch of time: how far the two sides are apart in it beyond what they were before the change. */
export interface PanelPoint {
  readonly at: number;
  readonly value: number;
  readonly weight: number;
}

export interface Matched {
  readonly points: readonly PanelPoint[];
  /** Part of the treated sessions in strata that have a control. */
  readonly share: number;
  /** Mean of the treated before the change. */
  readonly before: number;
}

interface Side {
  readonly sum: number;
  readonly weight: number;
}
const NOTHING: Side = { sum: 0, weight: 0 };
const plus = (a: Side, b: Side): Side => ({ sum: a.sum + b.sum, weight: a.weight + b.weight });
const minus = (a: Side, b: Side): Side => ({ sum: a.sum - b.sum, weight: a.weight - b.weight });

/** One side of a stratum in a stretch: all of it, and what each group of users has of it. */
interface SideOfUsers {
  all: Side;
  readonly byGroup: Map<number, Side>;
}
interface Stretch {
  readonly at: number;
  readonly treated: SideOfUsers;
  readonly control: SideOfUsers;
}

/** Cells by stratum and stretch, so that a group of users can be left out quickly. */
export interface Panel {
  readonly strata: readonly (readonly Stretch[])[];
  readonly groups: readonly number[];
}

export function panelOf(cells: readonly PanelCell[]): Panel {
  const strata = [...groupBy(cells, ({ stratum }) => stratum).values()].map((own) =>
    [...groupBy(own, ({ at }) => at)].map(([at, list]): Stretch => {
      const stretch = { at, treated: { all: NOTHING, byGroup: new Map<number, Side>() }, control: { all: NOTHING, byGroup: new Map<number, Side>() } };
      for (const cell of list) {
        const side = cell.isTreated ? stretch.treated : stretch.control;
        side.all = plus(side.all, cell);
        side.byGroup.set(cell.group, plus(side.byGroup.get(cell.group) ?? NOTHING, cell));
      }
      return stretch;
    }),
  );
  return { strata, groups: [...new Set(cells.map(({ group }) => group))] };
} // prettier-ignore

/** What is left of a side without a group of users; nothing where rounding is all that is left. */
function sideWithout({ all, byGroup }: SideOfUsers, group: number | undefined): Side {
  const own = group === undefined ? undefined : byGroup.get(group);
  if (!own) return all;
  return byGroup.size === 1 ? NOTHING : minus(all, own);
}

/** Less than it is what rounding leaves where a group is taken away. */
const LEAST_WEIGHT = 1e-6;

/** Difference of the sides in a cell, and how much it counts (Mantel and Haenszel's weight): a cell of few sessions on either side says little. */
function gapOf(treated: Side, control: Side | null): { readonly gap: number; readonly weight: number } | null {
  if (treated.weight < LEAST_WEIGHT) return null;
  if (control === null) return { gap: treated.sum / treated.weight, weight: treated.weight };
  if (control.weight < LEAST_WEIGHT) return null;
  return {
    gap: treated.sum / treated.weight - control.sum / control.weight,
    weight: (treated.weight * control.weight) / (treated.weight + control.weight),
  };
}

const weightedMean = (list: readonly { readonly value: number; readonly weight: number }[]): number =>
  list.reduce((sum, { value, weight }) => sum + value * weight, 0) / list.reduce((sum, { weight }) => sum + weight, 0);

/**
 * Like with like: in each stratum the treated less the control, less what that was before the change; then over strata, by stretch of time. So neither a stratum that is
 * different nor one that grows looks like an effect. A stratum counts that has both sides on both sides of the change.
 */
export function matchedPoints({ strata }: Panel, hasControl: boolean, without?: number): Matched {
  const sums = new Map<number, Side>();
  let matched = 0;
  let whole = 0;
  let baseline: Side = NOTHING;
  for (const stretches of strata) {
    const found: { at: number; value: number; weight: number }[] = [];
    let treatedBefore: Side = NOTHING;
    let treatedWeight = 0;
    for (const stretch of stretches) {
      const treated = sideWithout(stretch.treated, without);
      treatedWeight += treated.weight;
      if (stretch.at < 0) treatedBefore = plus(treatedBefore, treated);
      const one = gapOf(treated, hasControl ? sideWithout(stretch.control, without) : null);
      if (one) found.push({ at: stretch.at, value: one.gap, weight: one.weight });
    }
    whole += treatedWeight;
    const before = found.filter(({ at }) => at < 0);
    if (before.length === 0 || before.length === found.length) continue;
    const usual = weightedMean(before);
    for (const { at, value, weight } of found)
      sums.set(at, plus(sums.get(at) ?? NOTHING, { sum: (value - usual) * weight, weight }));
    matched += treatedWeight;
    baseline = plus(baseline, treatedBefore);
  }
  const points = [...sums].map(([at, { sum, weight }]) => ({ at, value: sum / weight, weight })).sort((a, b) => a.at - b.at);
  return { points, share: whole > 0 ? matched / whole : 0, before: baseline.weight > 0 ? baseline.sum / baseline.weight : 0 };
}
