/** Counts by name; null once there were more names than are kept: then nothing is known of them. */
export type Counts = Readonly<Record<string, number>> | null;

/** What stands under a name that producers chose, `constructor` too: never what every object inherits. */
export const ownOf = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

export interface ValueFacts {
  /** Calls that had it. */
  readonly calls: number;
  readonly types: Counts;
  /** Forms of its texts, such as `date` and `card_<digits>`. */
  readonly forms: Counts;
  /** The texts themselves while they are few. */
  readonly values: Counts;
  readonly min: number | null;
  readonly max: number | null;
  /** Where the values stood before: `user`, `<tool> <path>`, `nowhere`. */
  readonly sources: Counts;
}

/** What calls of a tool that worked had in common. Mergeable: of parts in any order it is the same. */
export interface ToolFacts {
  readonly tool: string;
  /** Calls that worked. */
  readonly calls: number;
  readonly args: Readonly<Record<string, ValueFacts>>;
  readonly results: Readonly<Record<string, ValueFacts>>;
  /** Those of them in conversations that are not known to have failed; of them alone: */
  readonly unfailed: number;
  /** Tools of which a call had worked before. */
  readonly before: Counts;
  /** Calls right after the person agreed. */
  readonly agreed: number;
}

const MAX_NAMES = 24;
const MAX_PATHS = 64;

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);

export function addCounts(a: Counts, b: Counts): Counts {
  if (a === null || b === null) return null;
  const sum = new Map(Object.entries(a));
  for (const [name, n] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + n);
  return sum.size > MAX_NAMES ? null : Object.fromEntries([...sum].sort(byName));
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

const addValue = (a: ValueFacts, b: ValueFacts): ValueFacts => ({
  calls: a.calls + b.calls,
  types: addCounts(a.types, b.types),
  forms: addCounts(a.forms, b.forms),
  values: addCounts(a.values, b.values),
  min: least(a.min, b.min),
  max: most(a.max, b.max),
  sources: addCounts(a.sources, b.sources),
});

/** The paths that come first by name are kept, so that what is kept has been counted in every part. */
function addPaths(a: ToolFacts['args'], b: ToolFacts['args']): ToolFacts['args'] {
  const all = new Map(Object.entries(a));
  for (const [path, facts] of Object.entries(b)) {
    const known = all.get(path);
    all.set(path, known ? addValue(known, facts) : facts);
  }
  return Object.fromEntries([...all].sort(byName).slice(0, MAX_PATHS));
}

export const noFacts = (tool: string): ToolFacts => ({
  tool,
  calls: 0,
  args: {},
  results: {},
  unfailed: 0,
  before: {},
  agreed: 0,
});

export const addFacts = (a: ToolFacts, b: ToolFacts): ToolFacts => ({
  tool: a.tool,
  calls: a.calls + b.calls,
  args: addPaths(a.args, b.args),
  results: addPaths(a.results, b.results),
  unfailed: a.unfailed + b.unfailed,
  before: addCounts(a.before, b.before),
  agreed: a.agreed + b.agreed,
});

export type Facts = ReadonlyMap<string, ToolFacts>;
/** Values that a field of this name was seen to have, in arguments or results of any tool. */
export const valuesOf = (facts: Facts, key: string): string[] =>
  [...facts.values()].flatMap(({ results, args }) => [...Object.keys(ownOf(results, key)?.values ?? {}), ...Object.keys(ownOf(args, key)?.values ?? {})]); // prettier-ignore

const MAX_TOOLS = 256;

/** Facts of both, by tool; at most 256 tools, those that come first by name. */
export function joinFacts(a: Facts, b: Facts): Facts {
  const all = new Map(a);
  for (const [tool, facts] of b) all.set(tool, addFacts(all.get(tool) ?? noFacts(tool), facts));
  return all.size <= MAX_TOOLS ? all : new Map([...all].sort(byName).slice(0, MAX_TOOLS));
}
