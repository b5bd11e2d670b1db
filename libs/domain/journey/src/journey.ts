import { FRICTION_SIGNS, FRICTION_WEIGHTS, type FrictionSign, isFarewell, isUnhelped, signsOf } from './signs';
import { type JourneyStep } from './step';

/** Turns whose place in the path is kept. */
const MAX_PATH = 100;
/** Turns that signs look back at. */
const REMEMBERED = 8;

export interface Journey {
  /** 0 to 1. */
  readonly friction: number;
  /** What each sign adds to it: they sum to it, but for rounding. */
  readonly reasons: Readonly<Partial<Record<FrictionSign, number>>>;
  readonly signs: Readonly<Partial<Record<FrictionSign, number>>>;
  readonly waitingMs: number;
  readonly longestWaitMs: number;
  /** Most likely reason why the user left unhelped; '' where the last turn helped or handed over. */
  readonly abandonedBecause: string;
  readonly path: readonly { readonly intent: string; readonly outcome: string; readonly friction: number }[];
}

/** What is left of a smooth conversation after signs: each takes its part of what was left before it. */
const lossOf = (sign: FrictionSign): number => -Math.log(1 - FRICTION_WEIGHTS[sign]);
const frictionOf = (loss: number): number => 1 - Math.exp(-loss);
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Why people leave after a turn that did not help, the most telling first. */
const REASONS: readonly FrictionSign[] = [
  'tool_error', 'error', 'refusal', 'asked_for_person', 'complaint', 'repeat', 'correction', 'same_answer', 'rephrasing', 'long_wait', 'slow', 'no_answer',
]; // prettier-ignore
/** Signs that show a user unhelped although there was an answer. */
const SAID_BY_USER: ReadonlySet<FrictionSign> = new Set<FrictionSign>([
  'asked_for_person',
  'complaint',
  'repeat',
  'correction',
  'rephrasing',
]);

function abandonedBecause(last: JourneyStep, signs: readonly FrictionSign[], before: readonly FrictionSign[]): string {
  if (last.outcome === 'transferred') return '';
  const leftUnhelped = isUnhelped(last) || (!last.cues.includes('thanks') && signs.some((sign) => SAID_BY_USER.has(sign)));
  if (!leftUnhelped) return '';
  // A request without an answer says nothing of why: what came right before may.
  const told = signs.length === 1 && signs[0] === 'no_answer' ? [...signs, ...before] : signs;
  return REASONS.find((reason) => told.includes(reason)) ?? 'no_answer';
}

/** The signs of friction in each turn of one conversation, in order of time. */
export const signsOfEach = (steps: readonly JourneyStep[]): FrictionSign[][] =>
  steps.map((step, i) => signsOf(step, steps.slice(Math.max(0, i - REMEMBERED), i)));

/** The journey of a user through the turns of one conversation, in order of time. */
export function journeyOf(steps: readonly JourneyStep[]): Journey {
  const counts = new Map<FrictionSign, number>();
  const path: { intent: string; outcome: string; friction: number }[] = [];
  let loss = 0;
  // Of the last turn that was more than a goodbye, and of the one before it.
  let last: JourneyStep | undefined;
  let lastSigns: readonly FrictionSign[] = [];
  let before: readonly FrictionSign[] = [];
  const signsOfTurns = signsOfEach(steps);
  for (const [i, step] of steps.entries()) {
    const signs = signsOfTurns[i] ?? [];
    for (const sign of signs) {
      counts.set(sign, (counts.get(sign) ?? 0) + 1);
      loss += lossOf(sign);
    }
    if (!isFarewell(step)) [before, lastSigns, last] = [lastSigns, signs, step];
    else if (last && step.cues.includes('thanks')) last = { ...last, cues: [...last.cues, 'thanks'] };
    if (path.length < MAX_PATH)
      path.push({
        intent: step.intent,
        outcome: isFarewell(step) ? 'unknown' : step.outcome,
        friction: Math.round(100 * frictionOf(loss)),
      });
  }
  const friction = frictionOf(loss);
  const met = FRICTION_SIGNS.filter((sign) => counts.has(sign));
  const count = (sign: FrictionSign): number => counts.get(sign) ?? 0;
  return {
    friction: rounded(friction),
    reasons: Object.fromEntries(met.map((sign) => [sign, rounded((friction * count(sign) * lossOf(sign)) / loss)])),
    signs: Object.fromEntries(met.map((sign) => [sign, count(sign)])),
    waitingMs: Math.round(steps.reduce((sum, { waitMs }) => sum + waitMs, 0)),
    longestWaitMs: Math.round(steps.reduce((most, { waitMs }) => Math.max(most, waitMs), 0)),
    abandonedBecause: last ? abandonedBecause(last, lastSigns, before) : '',
    path,
  };
}
