import { before, type Conversation, type ToolCall } from './conversation';
import { createSources, isTelling, type Sources } from './sources';
import { addCounts, addFacts, type Facts, type ToolFacts, type ValueFacts } from './tool-facts';
import { formOf, type Leaf, leavesOf, typeOf } from './values';
import { agrees } from './words';

const MAX_VALUE = 40;

function valueFacts(leaves: readonly Leaf[], sourceOf: (value: Leaf['value']) => string | null): ValueFacts {
  const once = (names: readonly string[]): Record<string, number> =>
    Object.fromEntries([...new Set(names)].map((name) => [name, 1]));
  const texts = leaves.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const numbers = leaves.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const isLong = texts.some((text) => text.length > MAX_VALUE);
  return {
    calls: 1,
    types: addCounts(once(leaves.map(({ value }) => typeOf(value))), {}),
    forms: addCounts(once(texts.map(formOf)), {}),
    values: isLong ? null : addCounts(once(texts), {}),
    min: numbers.length > 0 ? Math.min(...numbers) : null,
    max: numbers.length > 0 ? Math.max(...numbers) : null,
    sources: addCounts(once(leaves.flatMap(({ value }) => sourceOf(value) ?? [])), {}),
  };
}

function byPath(leaves: readonly Leaf[]): Map<string, Leaf[]> {
  const paths = new Map<string, Leaf[]>();
  for (const leaf of leaves) paths.set(leaf.path, [...(paths.get(leaf.path) ?? []), leaf]);
  return paths;
}

const factsAt = (json: unknown, sourceOf: (value: Leaf['value']) => string | null): ToolFacts['args'] =>
  Object.fromEntries([...byPath(leavesOf(json))].map(([path, leaves]) => [path, valueFacts(leaves, sourceOf)]));

function factsOfCall(conversation: Conversation, call: ToolCall, worked: ReadonlySet<string>, sources: Sources): ToolFacts {
  const isUnfailed = conversation.ending !== 'failed';
  const request = before(conversation.steps, call.step, 'user');
  const sourceOf = (value: Leaf['value']): string | null =>
    isTelling(value) ? (sources.of(value, call.step)?.name ?? 'nowhere') : null;
  return {
    tool: call.tool,
    calls: 1,
    args: factsAt(call.args, sourceOf),
    results: factsAt(call.value, () => null),
    unfailed: isUnfailed ? 1 : 0,
    before: isUnfailed ? addCounts(Object.fromEntries([...worked].map((tool) => [tool, 1])), {}) : {},
    agreed: isUnfailed && request && agrees(request.text) ? 1 : 0,
  };
}

/** What the calls of a conversation that worked have in common, by tool. What came before them is only learned where it is not known to have failed. */
export function mineFacts(conversation: Conversation): Facts {
  const facts = new Map<string, ToolFacts>();
  const sources = createSources(conversation);
  const worked = new Set<string>();
  for (const step of conversation.steps)
    for (const call of step.calls) {
      if (call.failed) continue;
      const found = factsOfCall(conversation, call, worked, sources);
      const known = facts.get(call.tool);
      facts.set(call.tool, known ? addFacts(known, found) : found);
      worked.add(call.tool);
    }
  return facts;
}
