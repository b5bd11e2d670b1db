import { type EventRecord } from '@telltale/contracts';

export type TreeEvent = Pick<
  EventRecord,
  'kind' | 'ts' | 'span_id' | 'parent_span_id' | 'tool_call_id' | 'tool_name' | 'asked_call_ids' | 'asked_by' | 'decision_chosen'
>;

/** A call of a tool with its result, and the decisions made while it ran. */
export interface TurnCall<E extends TreeEvent> {
  readonly call: E;
  readonly inside: readonly TurnStep<E>[];
}
/** A decision of a model and the calls it asked for; the next decision is the next step. */
export interface TurnStep<E extends TreeEvent> {
  readonly decision: E;
  readonly calls: readonly TurnCall<E>[];
}
export interface TurnTree<E extends TreeEvent> {
  readonly steps: readonly TurnStep<E>[];
  /** Tool operations that no decision is known to have asked for. */
  readonly unasked: readonly TurnCall<E>[];
}

const isBefore = (a: TreeEvent, b: TreeEvent): number =>
  a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : a.span_id < b.span_id ? -1 : a.span_id > b.span_id ? 1 : 0;
const asksByName = (decision: TreeEvent, name: string): boolean =>
  decision.asked_call_ids.length === 0 && decision.decision_chosen.split(', ').includes(name);

/**
 * The operations of one turn as a tree: decision → call → result → next decision. Calls belong to the decision that names their id, else to
 * the nearest before them that asked for a tool of their name. The order of `events` does not matter; each tool and llm stands in it once.
 */
export function turnTree<E extends TreeEvent>(events: readonly E[]): TurnTree<E> {
  const sorted = [...events].sort(isBefore);
  const decisions = sorted.filter(({ kind }) => kind === 'llm');
  const tools = sorted.filter(({ kind }) => kind === 'tool' || kind === 'mcp');
  const parentOf = new Map(sorted.map((event) => [event.span_id, event.parent_span_id]));
  const isTool = new Set(tools.map(({ span_id }) => span_id));

  /** The nearest tool above an operation; ids that go round in a circle end at the span they began with. */
  function toolAround({ span_id }: E): string {
    const seen = new Set([span_id]);
    for (let above = parentOf.get(span_id); above && !seen.has(above); above = parentOf.get(above)) {
      if (isTool.has(above)) return above;
      seen.add(above);
    }
    return '';
  }
  function deciderOf(tool: E): E | undefined {
    const byId = decisions.find(
      ({ span_id, asked_call_ids }) =>
        (tool.asked_by !== '' && span_id === tool.asked_by) ||
        (tool.tool_call_id !== '' && asked_call_ids.includes(tool.tool_call_id)),
    );
    return byId ?? decisions.filter((one) => one.ts <= tool.ts && asksByName(one, tool.tool_name)).at(-1);
  }

  const within = new Map<string, E[]>();
  for (const decision of decisions) within.set(toolAround(decision), [...(within.get(toolAround(decision)) ?? []), decision]);
  const callsOf = new Map<E | undefined, E[]>();
  for (const tool of tools) {
    const decider = deciderOf(tool);
    // What a tool's inside asked for cannot be the tool itself.
    const own = decider && toolAround(decider) === tool.span_id ? undefined : decider;
    callsOf.set(own, [...(callsOf.get(own) ?? []), tool]);
  }
  const placed = new Set<E>();
  const stepsIn = (tool: string): TurnStep<E>[] =>
    (within.get(tool) ?? []).flatMap((decision) => {
      if (placed.has(decision)) return [];
      placed.add(decision);
      return [{ decision, calls: (callsOf.get(decision) ?? []).filter((call) => !placed.has(call)).map(callOf) }];
    });
  function callOf(call: E): TurnCall<E> {
    placed.add(call);
    return { call, inside: stepsIn(call.span_id) };
  }
  const steps = stepsIn('');
  const unasked = (callsOf.get(undefined) ?? []).filter((call) => !placed.has(call)).map(callOf);
  // A call that stands inside a tool nobody asked for in turn: kept beside.
  for (const tool of tools) if (!placed.has(tool)) unasked.push(callOf(tool));
  return { steps, unasked };
}
