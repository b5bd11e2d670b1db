import { type ToolCall } from './conversation';
import { type Finding, type Scene } from './finding';
import { isTelling } from './sources';
import { type Counts, ownOf, type ToolFacts, type ValueFacts, valuesOf } from './tool-facts';
import { formOf, type Leaf, leavesOf, typeOf } from './values';
import { shortened } from './words';
import { WEIGHTS } from './weights';

const LEAST_CALLS = 5;

const sumOf = (counts: NonNullable<Counts>): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** How likely a name that was never counted comes next (Good and Turing): the share of names that were counted once. */
export function surprise(counts: Counts): number {
  if (counts === null) return 1;
  const once = Object.values(counts).filter((n) => n === 1).length;
  return (once + 0.5) / (sumOf(counts) + 1);
}

/** So often counted, and so few, that another one is worth a word. */
const isKnownWell = (counts: NonNullable<Counts>): boolean => {
  const kinds = Object.keys(counts).length;
  return kinds > 0 && kinds <= 4 && sumOf(counts) >= LEAST_CALLS * kinds;
};

/** Words that a tool lets choose from, not names: all in small letters, or all in capitals, each often. */
const isChoice = (counts: NonNullable<Counts>): boolean => {
  const names = Object.keys(counts);
  return names.length <= 8 && sumOf(counts) >= 10 * names.length && names.every((name) => /^[a-z]+(?:[_-][a-z]+)*$|^[A-Z]{4,}(?:_[A-Z]+)*$/.test(name));
}; // prettier-ignore

const most = (counts: NonNullable<Counts>): string => {
  const all = Object.entries(counts).sort((a, b) => b[1] - a[1]).slice(0, 3); // prettier-ignore
  return all.map(([name, n]) => `${name} (${n})`).join(', ');
};

interface Problem {
  readonly what: string;
  /** How often calls that worked would do the same. */
  readonly chance: number;
  readonly isForm: boolean;
}

function problemOf({ path, value }: Leaf, facts: ValueFacts, calls: number, isKnownElsewhere: () => boolean): Problem | null {
  const type = typeOf(value);
  if (facts.types !== null && ownOf(facts.types, type) === undefined && !(type === 'integer' && facts.types['number']))
    return { what: `${path} is ${type}, and was ${most(facts.types)} in the ${calls} calls that worked`, chance: surprise(facts.types), isForm: false };
  if (typeof value !== 'string') return null;
  const form = formOf(value);
  if (facts.forms !== null && ownOf(facts.forms, form) === undefined && isKnownWell(facts.forms))
    return { what: `${path} is “${shortened(value, 40)}” (${form}), and was ${most(facts.forms)} in calls that worked`, chance: surprise(facts.forms), isForm: true };
  if (facts.values !== null && ownOf(facts.values, value) === undefined && isChoice(facts.values) && !isKnownElsewhere())
    return { what: `${path} is “${shortened(value, 40)}”, and was one of ${most(facts.values)} in calls that worked`, chance: surprise(facts.values), isForm: false };
  return null;
} // prettier-ignore

function missingKeys(args: readonly Leaf[], known: ToolFacts): Problem[] {
  const given = new Set(args.map(({ path }) => path));
  const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));
  return Object.entries(known.args)
    .filter(([path, { calls }]) => calls === known.calls && !given.has(path) && (parentOf(path) === '' || [...given].some((one) => one.startsWith(parentOf(path)))))
    .map(([path, { calls }]) => ({ what: `${path} is missing, and was there in ${calls} of ${known.calls} calls that worked`, chance: 0.5 / (calls + 1), isForm: false }));
} // prettier-ignore

/** Where a value of a form that never worked came from, and whether the result it came from was unusual itself. */
function carried({ sources, facts }: Scene, call: ToolCall, { path, value }: Leaf, problem: Problem): Finding | null {
  if (!problem.isForm || !isTelling(value)) return null;
  const source = sources.of(value, call.step);
  if (!source?.call) return null;
  const usual = ownOf(facts.get(call.tool)?.args ?? {}, path)?.sources;
  const formsThere = ownOf(facts.get(source.call.tool)?.results ?? {}, source.path ?? '')?.forms;
  const isOddThere = formsThere !== undefined && formsThere !== null && sumOf(formsThere) >= LEAST_CALLS && ownOf(formsThere, formOf(value)) === undefined; // prettier-ignore
  const from = usual && sumOf(usual) > 0 ? `; in calls that worked it came from ${most(usual)}` : '';
  return {
    cause: 'wrong_id_carried',
    step: isOddThere ? source.step : call.step,
    tool: isOddThere ? source.call.tool : call.tool,
    reason: `${call.tool} was given ${path} “${shortened(value, 40)}” (${formOf(value)}) from ${source.name} of step ${source.step}${isOddThere ? `, which answered ${most(formsThere)} elsewhere` : from}`,
    weight: call.failed ? WEIGHTS.wrong_id : WEIGHTS.arguments,
    evidence: isOddThere ? [call.step] : [source.step],
  };
}

/** A value that stands nowhere before, where in calls that worked it always did. */
function ungrounded({ sources }: Scene, call: ToolCall, { path, value }: Leaf, facts: ValueFacts): Finding | null {
  if (!isTelling(value) || !facts.sources || sources.of(value, call.step)) return null;
  const all = sumOf(facts.sources);
  const nowhere = facts.sources['nowhere'] ?? 0;
  if (all < 10 || nowhere / all > 0.03) return null;
  const known = Object.fromEntries(Object.entries(facts.sources).filter(([name]) => name !== 'nowhere'));
  return {
    cause: 'ungrounded_value',
    step: call.step,
    tool: call.tool,
    reason: `${call.tool} was given ${path} “${shortened(value, 40)}”, which neither the person nor a result gave; in calls that worked it came from ${most(known)}`,
    weight: WEIGHTS.ungrounded,
    evidence: [],
  };
}

/** What of a call's arguments differs from calls of the tool that worked. */
export function argumentProblems(scene: Scene, call: ToolCall): Finding[] {
  const known = scene.facts.get(call.tool);
  if (!known || known.calls < LEAST_CALLS || call.args === undefined) return [];
  const limit = call.failed ? 0.2 : 0.02;
  const leaves = leavesOf(call.args);
  const seen = new Set<string>();
  const found: Finding[] = [];
  const add = (problem: Problem): void => {
    if (problem.chance > limit) return;
    found.push({ cause: 'wrong_arguments', step: call.step, tool: call.tool, reason: `${call.tool}: ${problem.what}`, weight: call.failed ? WEIGHTS.arguments_of_failed : WEIGHTS.arguments, evidence: [] }); // prettier-ignore
  };
  for (const leaf of leaves) {
    const facts = ownOf(known.args, leaf.path);
    if (!facts || facts.calls < LEAST_CALLS || seen.has(leaf.path)) continue;
    const problem = problemOf(leaf, facts, facts.calls, () => valuesOf(scene.facts, leaf.path).includes(String(leaf.value)));
    if (problem) seen.add(leaf.path);
    const from = problem && problem.chance <= limit ? carried(scene, call, leaf, problem) : ungrounded(scene, call, leaf, facts);
    if (from) found.push(from);
    if (problem && from?.cause !== 'wrong_id_carried') add(problem);
  }
  missingKeys(leaves, known).forEach(add);
  return found.slice(0, 8);
}
