import { callsIn, type Conversation, isWrite } from '@telltale/domain-explain';
import { type Labels } from './labels';

const WITHIN = 5;
type Guess = (conversation: Conversation) => number | undefined;

const answersOf = ({ steps }: Conversation): number[] =>
  steps.flatMap(({ role, index }) => (role === 'assistant' ? [index] : []));
const writesOf = (conversation: Conversation) => callsIn(conversation).filter(({ tool }) => isWrite(tool));

/** Guesses that look at nothing but places. */
export const BASELINES: Readonly<Record<string, Guess>> = {
  first_step: (one) => answersOf(one)[0],
  last_step: (one) => answersOf(one).at(-1),
  first_write_call: (one) => writesOf(one)[0]?.step,
  first_write_call_that_worked: (one) => writesOf(one).find(({ failed }) => !failed)?.step,
  last_write_call: (one) => writesOf(one).at(-1)?.step,
  first_tool_error: (one) => callsIn(one).find(({ failed }) => failed)?.step,
};

export interface StepScore {
  readonly labeled: number;
  readonly exact: number;
  readonly within_5: number;
}

export function scoreSteps(labels: Labels, all: readonly Conversation[], guess: Guess): StepScore {
  const distances = all.flatMap((one) => {
    const label = labels.get(one.id);
    if (!label) return [];
    const step = guess(one);
    return [step === undefined ? Infinity : Math.abs(step - label.step)];
  });
  return {
    labeled: distances.length,
    exact: distances.filter((far) => far === 0).length,
    within_5: distances.filter((far) => far <= WITHIN).length,
  };
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** What a guess at random among the answers of the agent finds on average. */
export function scoreRandom(labels: Labels, all: readonly Conversation[]): StepScore {
  const chances = all.flatMap((one) => {
    const label = labels.get(one.id);
    if (!label) return [];
    const far = answersOf(one).map((step) => Math.abs(step - label.step));
    const share = (most: number): number => far.filter((distance) => distance <= most).length / Math.max(1, far.length);
    return [{ exact: share(0), near: share(WITHIN) }];
  });
  const sum = (numbers: readonly number[]): number => tenth(numbers.reduce((a, b) => a + b, 0));
  return { labeled: chances.length, exact: sum(chances.map(({ exact }) => exact)), within_5: sum(chances.map(({ near }) => near)) }; // prettier-ignore
}
