import { TURN_OUTCOMES } from '@telltale/contracts';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { named, type Select } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { limitOf, timeParam } from '../define/params';
import { numberOf, textOf } from '../define/row-values';
import { count, isoTime } from '../define/row-fields';
import { SINCE_FIRST_MINUTE, type Where, within } from '../define/where';
import { chosenSessions, whereChosen } from './chosen-sessions';
import { FIRST_END, flowGraphOf, OUTCOME_BITS } from './flow-graph';
import { fromTo } from './from-to';

const MAX_INTENTS = 50;
const MAX_STEPS = 10;
/** Kinds of transitions that are read: far more than any diagram shows. */
const MAX_TRANSITIONS = 50_000;

const sessionsIn = ({ where }: Where): string =>
  `FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where} AND notEmpty(path_intents)`;

const topIntents = (chosen: Where, limit: number): Select => ({
  sql: `SELECT intent, sum(sampling_weight) AS n_turns FROM (SELECT path_intents, sampling_weight ${sessionsIn(chosen)}) ARRAY JOIN path_intents AS intent
    GROUP BY intent ORDER BY n_turns DESC, intent LIMIT {intents:UInt32}`,
  params: { ...chosen.params, intents: limit },
}); // prettier-ignore

/** The state of intent `i` and outcome `o`. Numbers stand for states: they are counted faster than names. */
function stateIn(intents: readonly string[]): string {
  const known = intents.map((_, i) => `{i${i}:String}`).join(', ');
  const places = intents.map((_, i) => i).join(', ');
  const intent = intents.length === 0 ? '0' : `transform(i, [${known}], [${places}], ${intents.length})`;
  const outcomes = TURN_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ');
  return `toUInt16(${intent} * ${OUTCOME_BITS} + transform(o, [${outcomes}], [${TURN_OUTCOMES.map((_, i) => i).join(', ')}], ${TURN_OUTCOMES.length - 1}))`;
}
const boundTo = (chosen: Where, intents: readonly string[]): Where['params'] => ({
  ...chosen.params,
  ...Object.fromEntries(intents.map((value, i) => [`i${i}`, value])),
});

/** Transitions of sessions by turn, those beyond `steps` together. */
function transitions(chosen: Where, intents: readonly string[], steps: number): Select {
  return {
    sql: `SELECT least(turn, ${steps + 1}) AS step, source, target, sum(sampling_weight) AS n_sessions FROM (
        SELECT sampling_weight, arrayMap((i, o) -> ${stateIn(intents)}, path_intents, path_outcomes) AS states,
          toUInt16(multiIf(abandoned_because != '', ${FIRST_END + 1}, last_outcome = 'transferred', ${FIRST_END + 2}, ${FIRST_END})) AS end,
          arrayPushBack(arrayPopFront(states), end) AS next
        ${sessionsIn(chosen)})
      ARRAY JOIN arrayEnumerate(states) AS turn, states AS source, next AS target
      GROUP BY step, source, target ORDER BY n_sessions DESC, step, source, target LIMIT ${MAX_TRANSITIONS}`,
    params: boundTo(chosen, intents),
  };
} // prettier-ignore

/** Of sessions whose user left unhelped, by the state of the last turn: how far they had come. */
const leaving = (chosen: Where, intents: readonly string[]): Select => ({
  sql: `SELECT arrayMap((i, o) -> ${stateIn(intents)}, [path_intents[-1]], [path_outcomes[-1]])[1] AS state,
      quantileExactWeighted(0.5)(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at), weight) AS after_ms, quantileExactWeighted(0.5)(turns, weight) AS after_turns
    FROM (SELECT path_intents, path_outcomes, started_at, ended_at, turns, toUInt64(greatest(1, round(sampling_weight))) AS weight ${sessionsIn(chosen)} AND abandoned_because != '')
    GROUP BY state`,
  params: boundTo(chosen, intents),
}); // prettier-ignore

const weight = z.number().nonnegative();
const state = z.object({
  intent: z.string().describe('other: beyond those that are looked at; empty: the request says nothing'),
  outcome: z.string(),
});
const transition = z.object({ from: state, to: state, times: weight });

export const getFlows = defineQuery({
  name: 'getFlows',
  about: 'How users go through sessions: from state to state (what they want, and how the turn ended), ready for a Sankey diagram, with loops and where they are lost.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/flows',
  params: {
    from: timeParam('First moment: an age such as 7d, or ISO 8601; 7 d before `to` when left out, at most 90 d').optional(),
    to: timeParam('First moment after the period; now when left out').optional(),
    ...chosenSessions,
    intents: limitOf({ fallback: MAX_INTENTS, max: MAX_INTENTS }).describe('Most frequent intents that are states of their own; the others are one, `other`'),
    steps: limitOf({ fallback: 5, max: MAX_STEPS }).describe('Turns that the diagram shows one by one'),
    limit: limitOf({ fallback: 300, max: 5_000 }).describe('Most links of the diagram; `left_out` counts the others'),
  },
  example: { service: 'shop', from: '7d' },
  answer: named(
    'FlowsAnswer',
    z.object({
      from: isoTime,
      to: isoTime,
      sessions: weight.describe('Weighted: how many they represent'),
      nodes: z.array(z.object({ id: z.string(), step: count.describe('Which turn; after the last one the ends'), intent: z.string(), outcome: z.string(), sessions: weight })),
      links: z.array(z.object({ source: z.string().describe('Id of a node'), target: z.string(), sessions: weight })).describe('They go from a step to a later one only, as Sankey diagrams need'),
      left_out: z.object({ links: count, sessions: weight }),
      transitions: z.array(transition).describe('From state to state in any turn, the most frequent first'),
      loops: z.array(transition).describe('The same wish again in the next turn'),
      drop_offs: z.array(z.object({ ...state.shape, turns: weight, ended: weight, abandoned: weight, share: z.number().describe('Part of its turns after which the user left unhelped'), left_after_ms: z.number().describe('Median time from the start of these sessions to the end of their last turn'), left_after_turns: z.number().describe('Median number of turns of these sessions') })).describe('Where users are lost, most first'),
    }),
  ),
  limits: { maxRows: 5_000, maxRangeMs: 90 * DAY_MS },
  run: async ({ from, to, intents: most, steps, limit, ...chosen }, { clock, rowsOf }) => {
    const period = fromTo({ from, to }, clock.now());
    const where = within(whereChosen(chosen), 'started_at', period);
    const intents = (await rowsOf(topIntents(where, most))).map((row) => textOf(row, 'intent'));
    const [rows, left] = await Promise.all([rowsOf(transitions(where, intents, steps)), rowsOf(leaving(where, intents))]);
    const first = rows.filter((row) => numberOf(row, 'step') === 1);
    return {
      from: isoTimeOf(period.since),
      to: isoTimeOf(period.until),
      sessions: first.reduce((sum, row) => sum + numberOf(row, 'n_sessions'), 0),
      ...flowGraphOf(rows, left, { intents, steps, links: limit }),
    };
  },
}); // prettier-ignore
