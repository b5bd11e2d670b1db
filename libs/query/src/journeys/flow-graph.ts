import { TURN_OUTCOMES } from '@telltale/contracts';
import { type Row, numberOf } from '../define/row-values';

/** States are numbers in statements: intent × 8 + outcome; ends lie above all of them. */
export const OUTCOME_BITS = 8;
export const FIRST_END = 10_000;
export const ENDS = ['helped', 'abandoned', 'handed over'] as const;

export interface FlowNode {
  readonly id: string;
  readonly step: number;
  readonly intent: string;
  readonly outcome: string;
  readonly sessions: number;
}
export interface FlowLink {
  readonly source: string;
  readonly target: string;
  readonly sessions: number;
}

/** How many sessions went from one state to another as their turn `step`; beyond the steps that are shown one by one, in any turn. */
interface Transition {
  readonly step: number;
  readonly source: number;
  readonly target: number;
  readonly sessions: number;
}

export interface FlowOptions {
  readonly intents: readonly string[];
  readonly steps: number;
  readonly links: number;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const isEnd = (state: number): boolean => state >= FIRST_END;

const transitionOf = (row: Row): Transition => ({
  step: numberOf(row, 'step'),
  source: numberOf(row, 'source'),
  target: numberOf(row, 'target'),
  sessions: numberOf(row, 'n_sessions'),
});

/** The Sankey diagram of journeys, what comes back, and where users stay away; `left`: when they do, by state. */
export function flowGraphOf(rows: readonly Row[], left: readonly Row[], { intents, steps, links: most }: FlowOptions) {
  const transitions = rows.map(transitionOf);
  const leftBy = new Map(left.map((row) => [numberOf(row, 'state'), row]));
  const intentOf = (state: number): string => intents[Math.floor(state / OUTCOME_BITS)] ?? 'other';
  const outcomeOf = (state: number): string => TURN_OUTCOMES[state % OUTCOME_BITS] ?? 'unknown';
  const stateOf = (state: number) => ({ intent: intentOf(state), outcome: outcomeOf(state) });

  const nodes = new Map<string, FlowNode>();
  const links = new Map<string, FlowLink>();
  const nodeOf = (step: number, state: number): Omit<FlowNode, 'sessions'> => {
    if (isEnd(state)) return { id: `end ${ENDS[state - FIRST_END] ?? ''}`, step: steps + 1, intent: '', outcome: ENDS[state - FIRST_END] ?? '' };
    if (step > steps) return { id: 'more turns', step: steps + 1, intent: '', outcome: '' };
    const { intent, outcome } = stateOf(state);
    return { id: `${step} ${intent || '(no words)'} ${outcome}`, step, intent, outcome };
  };
  const isShown = (one: Transition): boolean => one.step <= steps;
  for (const one of transitions.filter(isShown)) {
    const [from, to] = [nodeOf(one.step, one.source), nodeOf(one.step + 1, one.target)];
    const key = JSON.stringify([from.id, to.id]);
    links.set(key, { source: from.id, target: to.id, sessions: (links.get(key)?.sessions ?? 0) + one.sessions });
  }
  const sorted = [...links.values()].sort((a, b) => b.sessions - a.sessions || (a.source + a.target < b.source + b.target ? -1 : 1));
  const shown = sorted.slice(0, most);
  const drawn = new Set(shown.flatMap(({ source, target }) => [source, target]));
  for (const one of transitions.filter(isShown))
    for (const [node, isCounted] of [[nodeOf(one.step, one.source), true], [nodeOf(one.step + 1, one.target), isEnd(one.target) || one.step === steps]] as const) {
      if (!drawn.has(node.id)) continue;
      const known = nodes.get(node.id);
      nodes.set(node.id, { ...node, sessions: (known?.sessions ?? 0) + (isCounted ? one.sessions : 0) });
    }

  const states = new Map<number, { visits: number; ended: number; abandoned: number }>();
  const pairs = new Map<string, { source: number; target: number; sessions: number }>();
  for (const { source, target, sessions } of transitions) {
    const state = states.get(source) ?? { visits: 0, ended: 0, abandoned: 0 };
    states.set(source, state);
    state.visits += sessions;
    if (isEnd(target)) state.ended += sessions;
    if (target === FIRST_END + 1) state.abandoned += sessions;
    const key = `${source} ${target}`;
    const pair = pairs.get(key) ?? { source, target, sessions: 0 };
    pairs.set(key, pair);
    pair.sessions += sessions;
  }
  const bySessions = (a: { readonly sessions: number }, b: { readonly sessions: number }): number => b.sessions - a.sessions;
  const transitionsOfStates = [...pairs.values()].filter(({ target }) => !isEnd(target)).sort(bySessions);
  const isLoop = ({ source, target }: (typeof transitionsOfStates)[number]): boolean =>
    Math.floor(source / OUTCOME_BITS) === Math.floor(target / OUTCOME_BITS) && intentOf(source) !== '' && intentOf(source) !== 'other';
  const named = ({ source, target, sessions }: (typeof transitionsOfStates)[number]) => ({ from: stateOf(source), to: stateOf(target), times: rounded(sessions) });
  return {
    nodes: [...nodes.values()].map((node) => ({ ...node, sessions: rounded(node.sessions) })).sort((a, b) => a.step - b.step || b.sessions - a.sessions || (a.id < b.id ? -1 : 1)),
    links: shown.map((link) => ({ ...link, sessions: rounded(link.sessions) })),
    left_out: { links: sorted.length - shown.length, sessions: rounded(sorted.slice(most).reduce((sum, { sessions }) => sum + sessions, 0)) },
    transitions: transitionsOfStates.slice(0, most).map(named),
    loops: transitionsOfStates.filter(isLoop).slice(0, MAX_LISTED).map(named),
    drop_offs: [...states]
      .filter(([, { abandoned }]) => abandoned > 0)
      .sort(([, a], [, b]) => b.abandoned - a.abandoned)
      .slice(0, MAX_LISTED)
      .map(([state, { visits, ended, abandoned }]) => ({ ...stateOf(state), turns: rounded(visits), ended: rounded(ended), abandoned: rounded(abandoned), share: Number((abandoned / visits).toFixed(4)), left_after_ms: numberOf(leftBy.get(state), 'after_ms'), left_after_turns: numberOf(leftBy.get(state), 'after_turns') })),
  };
} // prettier-ignore

const MAX_LISTED = 50;
