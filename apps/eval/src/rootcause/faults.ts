import { type Dice } from '@telltale/kernel';
import { type Value } from '@telltale/domain-rootcause';
import { type Rollout, between, pick, whole, type World } from './world';

export const FAULT_KINDS = [
  'slow_tool', 'slow_model', 'slow_provider', 'failing_tool', 'version', 'prompt', 'flag', 'region', 'pair', 'cost', 'abandonment', 'traffic_mix', 'retries', 'everything', 'none',
] as const; // prettier-ignore
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Symptom = 'duration' | 'errors' | 'cost' | 'abandoned' | 'retries' | 'unhelped';

/** What a fault does to the turns that have its values. */
export interface Effect {
  /** All of them; none: every turn. */
  readonly values: readonly Value[];
  /** Only operations of this tool or model; undefined: all. */
  readonly tool?: string;
  readonly slower?: number;
  readonly failing?: number;
  readonly costlier?: number;
  readonly uncached?: boolean;
  readonly abandoned?: number;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly symptom: Symptom;
  readonly effect: Effect | null;
  readonly rollouts: readonly Rollout[];
  /** An intent that is asked more since the onset, by this factor. */
  readonly surge: { readonly intent: string; readonly factor: number } | null;
  /** The right answers: each a set of values; empty: everything. null: no cause. */
  readonly truths: readonly (readonly Value[])[] | null;
  readonly isMix: boolean;
}

const value = (dimension: Value['dimension'], name: string): Value => ({ dimension, value: name });
const BASE = { effect: null, rollouts: [], surge: null, isMix: false } as const;

/** One symptom with its size. */
function hurt(dice: Dice): { symptom: Symptom; effect: Omit<Effect, 'values'> } {
  const symptom = pick<Symptom>(dice, ['duration', 'errors', 'duration', 'errors', 'cost']);
  if (symptom === 'errors') return { symptom, effect: { failing: between(dice, 0.12, 0.5) } };
  if (symptom === 'cost') return { symptom, effect: { costlier: between(dice, 1.7, 4) } };
  return { symptom, effect: { slower: between(dice, 1.7, 5) } };
}

/** Share of turns that a value has, whose tool or intent is chosen: rare ones have no turns to show anything. */
const often = (world: World): string[] =>
  world.tools
    .filter((_, tool) => world.intents.some(({ tools, weight }) => weight > 0.5 && tools.some((one) => one.tool === tool && one.chance > 0.4)))
    .map(({ name }) => name); // prettier-ignore

export function newFault(dice: Dice, kind: FaultKind, world: World): Fault {
  const { onset } = world;
  const tool = pick(dice, often(world).length > 0 ? often(world) : world.tools.map(({ name }) => name));
  const model = pick(dice, world.models);
  const only = (values: readonly Value[], given = hurt(dice)): Fault => ({ ...BASE, kind, symptom: given.symptom, effect: { ...given.effect, values }, truths: [values] }); // prettier-ignore
  switch (kind) {
    case 'slow_tool':
      return only([value('tool', tool)], { symptom: 'duration', effect: { tool, slower: between(dice, 2.5, 8) } });
    case 'failing_tool':
      return only([value('tool', tool)], { symptom: 'errors', effect: { tool, failing: between(dice, 0.2, 0.7) } });
    case 'retries':
      return only([value('tool', tool)], { symptom: 'retries', effect: { tool, failing: between(dice, 0.2, 0.6) } });
    case 'slow_model':
      return only([value('model', model.name)], { symptom: 'duration', effect: { slower: between(dice, 1.8, 4) } });
    case 'slow_provider': {
      const provider = value('provider', model.provider);
      const fault = only([provider], { symptom: 'duration', effect: { slower: between(dice, 1.8, 4) } });
      const own = world.models.filter((one) => one.provider === model.provider);
      // A provider of one model cannot be told from it.
      return own.length === 1 ? { ...fault, truths: [[provider], [value('model', model.name)]] } : fault;
    }
    case 'version': {
      const name = `2.${whole(dice, 0, 90)}.${whole(dice, 0, 9)}`;
      return { ...only([value('version', name)]), rollouts: [{ kind: 'version', value: name, at: onset, share: pick(dice, [0.25, 0.5, 1, 1]) }] }; // prettier-ignore
    }
    case 'prompt': {
      const name = `answer@v${whole(dice, 31, 99)}`;
      return { ...only([value('prompt_version', name)]), rollouts: [{ kind: 'prompt_version', value: name, at: onset, share: pick(dice, [0.3, 0.5, 1, 1]) }] }; // prettier-ignore
    }
    case 'flag': {
      const name = `exp_${whole(dice, 1, 99)}=on`;
      return {
        ...only([value('flag', name)]),
        rollouts: [{ kind: 'flag', value: name, at: onset, share: between(dice, 0.15, 0.7) }],
      };
    }
    case 'region':
      return only([value('region', pick(dice, world.regions))]);
    case 'pair': {
      const region = value('region', pick(dice, world.regions));
      if (dice.uniform() < 0.6) return only([value('tool', tool), region], pick(dice, [{ symptom: 'duration', effect: { tool, slower: between(dice, 4, 10) } }, { symptom: 'errors', effect: { tool, failing: between(dice, 0.4, 0.8) } }])); // prettier-ignore
      return only([value('model', model.name), region], { symptom: 'duration', effect: { slower: between(dice, 2, 5) } });
    }
    case 'cost': {
      const name = `answer@v${whole(dice, 31, 99)}`;
      const effect = { uncached: true, costlier: between(dice, 1, 1.3) };
      return { ...only([value('prompt_version', name)], { symptom: 'cost', effect }), rollouts: [{ kind: 'prompt_version', value: name, at: onset, share: pick(dice, [0.4, 1, 1]) }] }; // prettier-ignore
    }
    case 'abandonment': {
      const name = `answer@v${whole(dice, 31, 99)}`;
      const effect = { abandoned: between(dice, 0.12, 0.4) };
      return { ...only([value('prompt_version', name)], { symptom: 'abandoned', effect }), rollouts: [{ kind: 'prompt_version', value: name, at: onset, share: pick(dice, [0.4, 1, 1]) }] }; // prettier-ignore
    }
    case 'traffic_mix': {
      const dearest = world.intents[0];
      const intent = dearest?.name ?? '';
      return { ...BASE, kind, symptom: 'cost', surge: { intent, factor: between(dice, 5, 12) }, truths: [[value('intent', intent)]], isMix: true }; // prettier-ignore
    }
    case 'everything':
      return { ...only([], { symptom: 'duration', effect: { slower: between(dice, 1.4, 2.5) } }), truths: [[]] };
    case 'none':
      return {
        ...BASE,
        kind,
        symptom: pick<Symptom>(dice, ['duration', 'errors', 'cost', 'abandoned', 'retries']),
        truths: null,
      };
  }
}
