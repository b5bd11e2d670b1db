import { TURN_OUTCOMES } from '@telltale/contracts';
import { type z } from 'zod';
import { badParameter } from '../define/api-error';
import { text, wholeNumberIn } from '../define/params';
import { ENDS } from './flow-graph';

/** Turns of a session whose intent and outcome are kept in its path. */
const MAX_TURN = 100;
const STATE_FIX = `give <intent>/<outcome>, such as refund/error; outcomes are ${TURN_OUTCOMES.join(', ')}`;
const END_FIX = `${STATE_FIX}; or how the session ended: ${ENDS.join(', ')}`;

/** A turn that a session must have had: what was wanted and how it ended, which turn it was, and what came next. */
export const stateParams = {
  state: text('Only with a turn in this state, <intent>/<outcome>, such as refund/error').optional(),
  next: text('Only where what came right after it is this state, or this end: helped, abandoned, handed over').optional(),
  turn: wholeNumberIn(1, MAX_TURN, 'Which turn is in this state; any when left out').optional(),
};
type StateFilter = z.infer<z.ZodObject<typeof stateParams>>;

type Params = Readonly<Record<string, string | number>>;

/** An intent may have slashes in it, an outcome has none. */
function stateOf(name: string, value: string, fix: string): { readonly intent: string; readonly outcome: string } {
  const at = value.lastIndexOf('/');
  const outcome = value.slice(at + 1);
  if (at < 0 || !TURN_OUTCOMES.some((known) => known === outcome)) throw badParameter(name, 'is no state', fix);
  return { intent: value.slice(0, at), outcome };
}

const ENDED: Readonly<Record<(typeof ENDS)[number], string>> = {
  abandoned: "abandoned_because != ''",
  'handed over': "abandoned_because = '' AND last_outcome = 'transferred'",
  helped: "abandoned_because = '' AND last_outcome != 'transferred'",
};

/** Condition over a row of `sessions` and its parameters, as flows count states and what follows them. */
export function whereState({ state, next, turn }: StateFilter): { readonly where: string; readonly params: Params } {
  if (state === undefined) {
    const alone = next === undefined ? (turn === undefined ? null : 'turn') : 'next';
    if (alone !== null) throw badParameter(alone, 'is given without state', 'give state, too, such as refund/error');
    return { where: '1', params: {} };
  }
  const from = stateOf('state', state, STATE_FIX);
  const end = ENDS.find((one) => one === next);
  const to = next === undefined || end !== undefined ? null : stateOf('next', next, END_FIX);
  const at = (i: string, side: 'from' | 'to'): string => `path_intents[${i}] = {${side}_intent:String} AND path_outcomes[${i}] = {${side}_outcome:String}`; // prettier-ignore
  const conditions = [
    at('i', 'from'),
    ...(turn === undefined ? [] : ['i = {turn:UInt32}']),
    ...(to === null ? [] : ['i < length(path_intents)', at('i + 1', 'to')]),
    ...(end === undefined ? [] : [`i = length(path_intents) AND ${ENDED[end]}`]),
  ];
  return {
    where: `arrayExists(i -> ${conditions.join(' AND ')}, arrayEnumerate(path_intents))`,
    params: {
      from_intent: from.intent,
      from_outcome: from.outcome,
      ...(turn !== undefined && { turn }),
      ...(to && { to_intent: to.intent, to_outcome: to.outcome }),
    },
  };
}
