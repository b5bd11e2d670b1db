import { distanceOf, simhashWords } from '@telltale/kernel';
import { type JourneyStep } from './step';

/**
 * Signs of friction, and the part of a smooth conversation that each takes away. The weights are a judgement: what leaves the user without help weighs most, then what the user
 * says, then what the user sees. Those of many_calls, asked_for_person and transfer are as half of the tasks of real conversations has them; docs/JOURNEYS.md has what all are
 * worth on the other half.
 */
export const FRICTION_WEIGHTS = {
  no_answer: 0.4,
  error: 0.4,
  refusal: 0.25,
  complaint: 0.25,
  repeat: 0.2,
  many_calls: 0.2,
  correction: 0.15,
  tool_error: 0.15,
  same_answer: 0.15,
  long_wait: 0.15,
  rephrasing: 0.1,
  asked_for_person: 0.1,
  slow: 0.05,
  extra_turn: 0.04,
  // Being handed over is help, of a kind; what led to it counts by itself.
  transfer: 0.01,
} as const;
export type FrictionSign = keyof typeof FRICTION_WEIGHTS;
export const FRICTION_SIGNS = Object.keys(FRICTION_WEIGHTS) as FrictionSign[];

/** After ten seconds people turn to something else (Nielsen, Usability Engineering, 1993, after Miller, 1968); a minute looks like an end. */
const SLOW_MS = 10_000;
const LONG_MS = 60_000;
/** So many calls for one answer are a search for it. */
const MANY_CALLS = 6;
/** More turns than these are more than most wishes need. */
const USUAL_TURNS = 6;
/** Turns that people remember having said something in. */
const LOOK_BACK = 5;
/** Bits of 64. Unrelated texts differ in 32 ± 4. */
const SAME_BITS = 3;
const NEAR_BITS = 16;

const UNHELPED: ReadonlySet<string> = new Set<JourneyStep['outcome']>(['error', 'abandoned', 'refused']);
/** A goodbye that got no answer needed none. */
export const isFarewell = ({ outcome, cues }: Pick<JourneyStep, 'outcome' | 'cues'>): boolean =>
  outcome === 'abandoned' && (cues.includes('farewell') || cues.includes('thanks'));
export const isUnhelped = (step: Pick<JourneyStep, 'outcome' | 'cues'>): boolean =>
  UNHELPED.has(step.outcome) && !isFarewell(step);

const bitsApart = (a: string, b: string): number => (a === '' || b === '' ? 64 : distanceOf(simhashWords(a), simhashWords(b)));

/** How a request stands to those before it: said again, or in other words. */
function againIn(step: JourneyStep, before: readonly JourneyStep[]): 'repeat' | 'rephrasing' | null {
  const comparable = before.filter(({ numbers }) => numbers === step.numbers);
  const nearest = Math.min(64, ...comparable.map(({ request }) => bitsApart(step.request, request)));
  if (nearest <= SAME_BITS) return 'repeat';
  if (nearest <= NEAR_BITS) return 'rephrasing';
  const last = before.at(-1);
  const isSameWish =
    step.request !== '' && last?.intent === step.intent && step.intent.includes(' ') && step.numbers === last.numbers;
  return isSameWish && isUnhelped(last) ? 'rephrasing' : null;
}

/** The signs in one turn, `before` the turns before it, the last one last. */
export function signsOf(step: JourneyStep, before: readonly JourneyStep[]): FrictionSign[] {
  const { outcome, cues, waitMs, calls, toolErrors } = step;
  const recent = before.slice(-LOOK_BACK);
  const has = (cue: string): boolean => cues.includes(cue);
  const again = againIn(step, recent);
  // A tool that failed shows where the answer says so, or there is none.
  const isSeen = toolErrors > 0 && (isUnhelped(step) || has('says_it_failed') || has('apology'));
  const signs: Readonly<Partial<Record<FrictionSign, boolean>>> = {
    no_answer: outcome === 'abandoned' && !isFarewell(step),
    error: outcome === 'error',
    refusal: outcome === 'refused',
    asked_for_person: has('asks_for_person'),
    complaint: has('complaint'),
    correction: has('correction'),
    repeat: again === 'repeat',
    rephrasing: again === 'rephrasing',
    same_answer: recent.some(({ answer }) => bitsApart(step.answer, answer) <= SAME_BITS),
    transfer: outcome === 'transferred',
    tool_error: isSeen,
    long_wait: waitMs >= LONG_MS,
    many_calls: calls >= MANY_CALLS,
    extra_turn: before.length >= USUAL_TURNS && !isFarewell(step),
    slow: waitMs >= SLOW_MS && waitMs < LONG_MS,
  };
  return FRICTION_SIGNS.filter((sign) => signs[sign]);
}
