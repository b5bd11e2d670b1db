import { type Value } from '@telltale/domain-rootcause';
import { createDice } from '@telltale/kernel';
import { type Distractors, newDistractors } from './distractors';
import { type Fault, FAULT_KINDS, type FaultKind, newFault, type Symptom } from './faults';
import { makeTurns, type TurnRow } from './make-turns';
import { between, newWorld, type World } from './world';

export interface PlantedCase {
  readonly seed: number;
  readonly tenant: string;
  readonly world: World;
  readonly fault: Fault;
  readonly distractors: Distractors;
  readonly turns: readonly TurnRow[];
  readonly question: { readonly about: string; readonly since: string };
}

/** One in ten has no fault; the others are of all kinds alike. */
const NONE_EVERY = 10;
const FAULTY = FAULT_KINDS.filter((kind) => kind !== 'none');
export const kindOf = (seed: number): FaultKind =>
  seed % NONE_EVERY === 0 ? 'none' : (FAULTY[(seed - Math.floor(seed / NONE_EVERY)) % FAULTY.length] ?? 'none');

const WORDS: Readonly<Record<Symptom, readonly string[]>> = {
  duration: ['slow', 'slower than usual', 'taking so long'],
  errors: ['failing', 'broken', 'full of errors'],
  cost: ['so expensive', 'costing more'],
  abandoned: ['abandoned by users', 'abandoned so often'],
  retries: ['doing so many retries'],
  unhelped: ['leaving users unhelped'],
};
/** People say when about: this far off. */
const OFF_MS = 12 * 60_000;

/** Everything of a case follows from its seed. */
export function newCase(seed: number, now: number): PlantedCase {
  const dice = createDice(seed * 7_919 + 17);
  const world = newWorld(dice, now);
  const fault = newFault(dice, kindOf(seed), world);
  const distractors = newDistractors(dice, world, fault);
  const tenant = `case-${seed}`;
  const turns = makeTurns(tenant, dice, world, fault, distractors);
  const words = WORDS[fault.symptom];
  const about = `why is the ${world.service.replace('-', ' ')} ${words[Math.floor(dice.uniform() * words.length)] ?? ''}`;
  return { seed, tenant, world, fault, distractors, turns, question: { about, since: new Date(world.onset + between(dice, -OFF_MS, OFF_MS)).toISOString() } }; // prettier-ignore
}

/** A cause as an answer has it. */
export interface NamedCause {
  readonly kind: string;
  readonly values: readonly { readonly dimension: string; readonly value: string }[];
  readonly operation: string | null;
  readonly same_turns_as: readonly { readonly dimension: string; readonly value: string }[];
}

const has = (list: NamedCause['values'], { dimension, value }: Value): boolean => list.some((one) => one.dimension === dimension && one.value === value); // prettier-ignore

/** Whether a cause is what was planted: all of its values and no other. Where the tool or model is named as the operation, it is one of the values. */
export function isRight({ kind, values, operation, same_turns_as: same }: NamedCause, { truths, isMix }: Fault): boolean {
  if (truths === null || isMix !== (kind === 'mix')) return false;
  return truths.some((truth) => {
    if (truth.length === 0) return values.length === 0;
    const ofOperation = truth.filter(
      ({ dimension, value }) => ['tool', 'model'].includes(dimension) && operation?.split(' ').at(-1) === value,
    );
    const named = [...values, ...(truth.length > values.length ? ofOperation.filter((one) => !has(values, one)) : [])];
    const own = truth.length === 1 ? [...named, ...(values.length === 1 ? same : [])] : named;
    return values.length > 0 && named.length === truth.length && truth.every((one) => has(own, one));
  });
}
