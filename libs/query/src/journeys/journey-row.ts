import { z } from 'zod';
import { type Row } from '../define/row-values';
import { count, isoTime } from '../define/row-fields';

export const step = z.object({
  intent: z.string().describe('What the request wants; empty where it says nothing'),
  outcome: z.string().describe('How the turn ended'),
  friction: z.number().describe('Friction of the session after it, 0 to 1'),
});

/** How one session went. */
export const journeyFields = {
  session_id: z.string(),
  service: z.string().describe('Of its first turn'),
  user: z.string().describe('Pseudonym'),
  started_at: isoTime,
  ended_at: isoTime,
  turns: count,
  friction: z.number().describe('0: it went smoothly, 1: everything went wrong'),
  reasons: z.array(z.object({ sign: z.string(), times: count, adds: z.number().describe('What it adds to the friction') })).describe('The greatest first'),
  abandoned_because: z.string().describe('Most likely reason why the user left unhelped; empty where the last turn helped or handed over'),
  waiting_ms: z.number().describe('How long its answers took, together'),
  longest_wait_ms: z.number().describe('How long the slowest answer took'),
  steps: z.array(step).describe('Its turns in order (the first 100)'),
  input_preview: z.string().describe('First 200 characters of its first request'),
}; // prettier-ignore

export const JOURNEY_COLUMNS = `session_id, service_name AS service, user_id AS user, started_at, ended_at, turns, friction, friction_reasons, friction_signs, abandoned_because,
  waiting_ms, longest_wait_ms, path_intents, path_outcomes, path_friction, input_preview`;

const numbersIn = (value: unknown): Readonly<Record<string, number>> => value as Record<string, number>;
const textsIn = (value: unknown): readonly string[] => value as readonly string[];

/** A row of `sessions` as a journey. */
export function journeyOfRow({ friction_reasons, friction_signs, path_intents, path_outcomes, path_friction, ...row }: Row): Row {
  const adds = numbersIn(friction_reasons);
  const times = numbersIn(friction_signs);
  const outcomes = textsIn(path_outcomes);
  const friction = path_friction as readonly number[];
  const reasons = Object.entries(adds).map(([sign, value]) => ({ sign, times: Number(times[sign] ?? 0), adds: value }));
  return {
    ...row,
    reasons: reasons.sort((a, b) => b.adds - a.adds || (a.sign < b.sign ? -1 : 1)),
    steps: textsIn(path_intents).map((intent, i) => ({ intent, outcome: outcomes[i] ?? '', friction: Number(friction[i] ?? 0) / 100 })),
  };
} // prettier-ignore
