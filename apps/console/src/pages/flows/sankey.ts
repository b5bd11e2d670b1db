import { type Operations } from '@telltale/api-client';
import { intentName, type State, stateName, stateParam, type Tone, toneOf } from './words';

type Flows = Pick<Operations['getFlows']['answer'], 'nodes' | 'links'>;

/** A state at one of the turns, or how sessions ended. */
export interface FlowNode {
  readonly id: string;
  readonly step: number;
  readonly name: string;
  readonly tone: Tone;
  readonly sessions: number;
  /** null: an end. */
  readonly state: State | null;
}
export interface FlowLink {
  readonly source: FlowNode;
  readonly target: FlowNode;
  readonly sessions: number;
}
export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  /** Each leads to a later step, so no way leads back: a Sankey diagram can be drawn of them. */
  readonly links: readonly FlowLink[];
  /** Ways that fewer sessions took than are asked for. */
  readonly hidden: { readonly links: number; readonly sessions: number };
}

const ENDS: Readonly<Record<string, readonly [name: string, tone: Tone]>> = {
  helped: ['Left helped', 'good'],
  abandoned: ['Left unhelped', 'bad'],
  'handed over': ['Handed over', 'warn'],
  '': ['Went on', 'quiet'],
};
type ApiNode = Flows['nodes'][number];
function nodeOf({ id, step, intent, outcome, sessions }: ApiNode, steps: number): FlowNode {
  if (step > steps) {
    const [name, tone] = ENDS[outcome] ?? [outcome, 'quiet'];
    return { id, step, name, tone, sessions, state: null };
  }
  return { id, step, name: stateName({ intent, outcome }), tone: toneOf(outcome), sessions, state: { intent, outcome } };
}

/** What is drawn of flows: ways that `least` sessions took or more, and the states that they lead to. */
export function flowGraph({ nodes, links }: Flows, steps: number, least: number): FlowGraph {
  const byId = new Map(nodes.map((node) => [node.id, nodeOf(node, steps)]));
  const all = links.flatMap(({ source, target, sessions }): FlowLink[] => {
    const [from, to] = [byId.get(source), byId.get(target)];
    return from && to && from.step < to.step ? [{ source: from, target: to, sessions }] : [];
  });
  const shown = all.filter(({ sessions }) => sessions >= least);
  const drawn = new Set(shown.flatMap(({ source, target }) => [source.id, target.id]));
  const hidden = all.filter(({ sessions }) => sessions < least);
  return {
    nodes: [...byId.values()].filter(({ id }) => drawn.has(id)),
    links: shown,
    hidden: { links: hidden.length, sessions: hidden.reduce((sum, { sessions }) => sum + sessions, 0) },
  };
}

/** How the API calls an end, where its sessions can be asked for. */
const endOf = ({ state, id }: FlowNode): string | null =>
  state === null && id.startsWith('end ') ? id.slice('end '.length) : null;

/** The sessions behind a state or a way, as parameters of the list of journeys; null where they cannot be asked for, with the reason. */
export function behind(of: FlowNode | FlowLink): { readonly params: Readonly<Record<string, string>> } | { readonly why: string } {
  if ('state' in of) {
    if (of.state === null) return of.id === 'end abandoned' ? { params: { abandoned: 'yes' } } : { why: 'Choose a way that leads here: its sessions can be listed' };
    const state = stateParam(of.state);
    return state === null ? OTHERS : { params: { state, turn: String(of.step) } };
  }
  const from = behind(of.source);
  if ('why' in from) return from;
  const end = endOf(of.target);
  if (of.target.state === null) return end === null ? { why: 'The diagram ends here, and these sessions went on: show more turns' } : { params: { ...from.params, next: end } };
  const next = stateParam(of.target.state);
  return next === null ? OTHERS : { params: { ...from.params, next } };
} // prettier-ignore
const OTHERS = { why: 'Other wishes are all intents beyond those with a bar of their own: show more intents' };

/** What stands in a diagram for those who read it: the greatest ways in words. */
export const sentenceOf = ({ source, target, sessions }: FlowLink): string =>
  `${Math.round(sessions)} from ${source.name} (turn ${source.step}) to ${target.name}`;

/** A name that fits beside a bar. */
export function shortName({ state, name }: FlowNode, most = 24): string {
  const text = state === null ? name : state.outcome === 'answered' ? intentName(state.intent) : name;
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
