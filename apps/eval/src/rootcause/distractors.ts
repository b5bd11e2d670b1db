import { type Value } from '@telltale/domain-rootcause';
import { type Dice, MINUTE_MS } from '@telltale/kernel';
import { type Fault } from './faults';
import { between, pick, type Rollout, whole, type World } from './world';

/** What looks like a cause and is none. */
export interface Distractors {
  readonly names: readonly string[];
  readonly rollouts: readonly Rollout[];
  /** A value of a dimension that most turns of the cause have too. */
  readonly bystanders: readonly { readonly dimension: string; readonly value: string; readonly withCause: number; readonly without: number }[];
  /** Turns with this value of a dimension are few, and all bad. */
  readonly rare: readonly { readonly dimension: string; readonly value: string; readonly turns: number }[];
  readonly regionSurge: { readonly region: string; readonly factor: number } | null;
  /** A user whose turns always fail. */
  readonly hopelessUser: boolean;
  /** A plan whose turns always took longer. */
  readonly slowPlan: { readonly plan: string; readonly factor: number } | null;
} // prettier-ignore

const KINDS = ['change_with_onset', 'change_before', 'change_after', 'bystander', 'rare_value', 'region_surge', 'new_template', 'hopeless_user', 'slow_plan'] as const; // prettier-ignore
const COUNT = 5;

export function newDistractors(dice: Dice, world: World, fault: Fault): Distractors {
  const rollouts: Rollout[] = [];
  const bystanders: Distractors['bystanders'][number][] = [];
  const rare: Distractors['rare'][number][] = [];
  let regionSurge: Distractors['regionSurge'] = null;
  let hopelessUser = false;
  let slowPlan: Distractors['slowPlan'] = null;
  const taken = new Set(fault.rollouts.map(({ kind }) => kind));
  const free = (['version', 'prompt_version', 'flag'] as const).filter((kind) => kind === 'flag' || !taken.has(kind));
  const names: string[] = [];

  function change(at: number): void {
    const kind = pick(dice, free);
    const number = whole(dice, 100, 999);
    const value = kind === 'version' ? `1.99.${number}` : kind === 'prompt_version' ? `answer@v${number}` : `beta_${number}=on`;
    // Where it began with the fault, some turns are left without it: nobody could tell them apart otherwise.
    rollouts.push({ kind, value, at, share: between(dice, 0.2, 0.85) });
  }

  const plant: Readonly<Record<(typeof KINDS)[number], () => void>> = {
    change_with_onset: () => change(world.onset + between(dice, -15, 2) * MINUTE_MS),
    change_before: () => change(world.onset - between(dice, 60, 300) * MINUTE_MS),
    change_after: () => change(world.onset + between(dice, 8, 30) * MINUTE_MS),
    bystander: () => void bystanders.push({ dimension: `shard_${bystanders.length}`, value: `s${whole(dice, 1, 99)}`, withCause: between(dice, 0.6, 0.85), without: between(dice, 0.1, 0.3) }), // prettier-ignore
    rare_value: () => void rare.push({ dimension: `campaign_${rare.length}`, value: `c${whole(dice, 1, 99)}`, turns: whole(dice, 2, 3) }), // prettier-ignore
    region_surge: () => void (regionSurge = { region: pick(dice, world.regions), factor: between(dice, 1.5, 3) }),
    new_template: () => void rollouts.push({ kind: 'template', value: `tpl_${whole(dice, 1_000, 9_999)}`, at: world.onset + between(dice, -10, 5) * MINUTE_MS, share: between(dice, 0.2, 0.9) }), // prettier-ignore
    hopeless_user: () => void (hopelessUser = true),
    slow_plan: () => void (slowPlan = { plan: pick(dice, world.plans), factor: between(dice, 1.3, 2) }),
  };
  for (let i = 0; i < COUNT; i++) {
    const kind = pick(dice, KINDS);
    names.push(kind);
    plant[kind]();
  }
  return { names, rollouts, bystanders, rare, regionSurge, hopelessUser, slowPlan };
}

export const isNamed = (value: Value, { dimension, value: name }: Value): boolean => value.dimension === dimension && value.value === name; // prettier-ignore
