import { type EventKind, type OtlpAttributes, type OtlpValue } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { createFlatLists, type FlatLists } from './flat-lists';
import { parseJson } from './parse-json';
import { newReading, type Reading, type ReadingField } from './reading';
import { readPythonLiteral } from './python-literal';
import { HIDDEN, type Read, READERS } from './readers';

/** One attribute name that says a field, and how to read it. */
export type Source = string | readonly [name: string, reader: keyof typeof READERS];

/** A table. Another vocabulary is another table and no other code. */
export interface Vocabulary {
  readonly name: string;
  /** Our field ← attribute names; the first that is there counts. */
  readonly fields: { readonly [Field in ReadingField]?: readonly Source[] };
  /** Attribute that names what an operation is ← its words; `*` stands for any word. */
  readonly kinds?: Readonly<Record<string, Readonly<Record<string, EventKind>>>>;
  /** Attributes whose items are flattened into names with an index. */
  readonly lists?: readonly string[];
  /**
   * Attributes that hold an object, or the text of one: each of its fields counts as an attribute `<prefix>.<field>`, which may be listed
   * here itself.
   */
  readonly spread?: Readonly<Record<string, string>>;
  /** Attributes without a field of ours ← their names of before. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Attributes that are never kept: headers with keys in them, vectors. */
  readonly unwanted?: readonly string[];
}

/** Names of all attributes that a vocabulary knows. */
export function attributeNamesOf({ fields, kinds, lists, spread, rename, unwanted }: Vocabulary): string[] {
  const sources = Object.values(fields).flatMap((of) => of.map((source) => (typeof source === 'string' ? source : source[0])));
  const keys = [kinds, spread, rename].flatMap((of) => Object.keys(of ?? {}));
  return [...sources, ...keys, ...Object.values(rename ?? {}), ...(lists ?? []), ...(unwanted ?? [])];
}

/** What one vocabulary calls the operation. */
export interface SaidKind {
  readonly rank: number;
  /** Null for a word that no table knows. */
  readonly kind: EventKind | null;
}

interface Taken {
  readonly rank: number;
  readonly name: string;
  readonly value: OtlpValue;
  readonly set: number;
}

export interface Understood {
  readonly reading: Reading;
  /** In order of precedence. */
  readonly kinds: readonly SaidKind[];
  /** Whether the producer hid content. */
  readonly isHidden: boolean;
}
type Rest = (name: string, value: OtlpValue, set: number) => void;

export interface CompiledVocabulary {
  /**
   * Reads attributes into a reading; `rest` takes those that say none of our fields, or one said by a better name. Later sets
   * (a span after its resource) win over earlier ones.
   */
  read(sets: readonly OtlpAttributes[], rest: Rest): Understood;
}

/** Names of one vocabulary before those of the next. */
const RANKS = 1_000;

interface Entry {
  readonly field: ReadingField;
  readonly rank: number;
  readonly read: Read;
}
/** All that the tables know of one attribute name. */
interface Plan {
  readonly entries: Entry[];
  kind: { readonly rank: number; readonly words: ReadonlyMap<string, EventKind> } | null;
  /** Prefix of the fields of the object it holds; '' when it is no such object. */
  spread: string;
  /** What it is kept as. */
  keptAs: string;
  isUnwanted: boolean;
}
interface Tables {
  readonly plans: ReadonlyMap<string, Plan>;
  readonly lists: ReadonlySet<string>;
}

function compileTables(vocabularies: readonly Vocabulary[]): Tables {
  const plans = new Map<string, Plan>();
  const lists = new Set<string>();
  const planOf = (name: string): Plan => {
    const plan = plans.get(name) ?? { entries: [], kind: null, spread: '', keptAs: name, isUnwanted: false };
    plans.set(name, plan);
    return plan;
  };
  vocabularies.forEach(({ fields, kinds, spread, rename, unwanted, lists: listed }, nth) => {
    for (const [field, sources] of Object.entries(fields) as [ReadingField, readonly Source[]][])
      sources.forEach((source, at) => {
        const [name, reader] = typeof source === 'string' ? ([source, 'text'] as const) : source;
        const { entries } = planOf(name);
        if (!entries.some((entry) => entry.field === field))
          entries.push({ field, rank: nth * RANKS + at, read: READERS[reader] });
      });
    Object.entries(kinds ?? {}).forEach(([name, words], at) => {
      planOf(name).kind ??= { rank: nth * RANKS + at, words: new Map(Object.entries(words)) };
    });
    for (const name of listed ?? []) lists.add(name);
    for (const [name, prefix] of Object.entries(spread ?? {})) planOf(name).spread = prefix;
    for (const [name, newer] of Object.entries(rename ?? {})) planOf(name).keptAs = newer;
    for (const name of unwanted ?? []) planOf(name).isUnwanted = true;
  });
  return { plans, lists };
}

/** Where the index stands in a flattened name such as `llm.tools.0.tool`; -1 in any other. */
function indexIn(name: string): number {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const next = name.charCodeAt(dot + 1);
    if (next >= 48 && next <= 57) return dot + 1;
  }
  return -1;
}

/** What is being read, and what of it has been. */
interface Progress {
  readonly reading: Reading;
  readonly taken: Map<ReadingField, Taken>;
  readonly kinds: SaidKind[];
  readonly rest: Rest;
  isHidden: boolean;
}

function takeField({ reading, taken, rest }: Progress, entry: Entry, name: string, value: OtlpValue, set: number): boolean {
  const own = entry.read(value);
  if (own === undefined) return false;
  const before = taken.get(entry.field);
  if (before && before.set === set && before.rank < entry.rank) return false;
  if (before) rest(before.name, before.value, before.set);
  taken.set(entry.field, { rank: entry.rank, name, value, set });
  (reading as unknown as Record<string, unknown>)[entry.field] = own;
  return true;
}

function take(progress: Progress, { plans }: Tables, name: string, value: OtlpValue, set: number): void {
  const plan = plans.get(name);
  if (plan?.isUnwanted) return;
  if (value === HIDDEN) {
    progress.isHidden = true;
    return;
  }
  if (!plan) return progress.rest(name, value, set);
  if (plan.kind) {
    const word = String(value).toLowerCase();
    progress.kinds.push({ rank: plan.kind.rank, kind: plan.kind.words.get(word) ?? plan.kind.words.get('*') ?? null });
  }
  let isTaken = false;
  for (const entry of plan.entries) if (takeField(progress, entry, name, value, set)) isTaken = true;
  if (!isTaken || plan.kind) progress.rest(plan.keptAs, value, set);
}

/** The fields of an object that is spread, with those of the objects in it; anything else as it is. */
function takeWhole(progress: Progress, tables: Tables, name: string, value: OtlpValue, set: number): void {
  const prefix = tables.plans.get(name)?.spread ?? '';
  const whole = prefix === '' ? null : objectIn(value);
  if (!isRecord(whole)) return take(progress, tables, name, value, set);
  for (const [key, inner] of Object.entries(whole)) {
    const field = `${prefix}.${key}`;
    if (field === name) take(progress, tables, name, inner as OtlpValue, set);
    else takeWhole(progress, tables, field, inner as OtlpValue, set);
  }
}
function objectIn(value: OtlpValue): unknown {
  const parsed = parseJson(value);
  return typeof parsed === 'string' ? readPythonLiteral(parsed) : parsed;
}

function takeSet(progress: Progress, tables: Tables, attributes: OtlpAttributes, set: number): void {
  let flat: FlatLists | null = null;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name] ?? null;
    const plan = tables.plans.get(name);
    const index = plan ? -1 : indexIn(name);
    const list = index < 0 ? '' : name.slice(0, index - 1);
    if (list !== '' && tables.lists.has(list)) {
      if (value === HIDDEN) progress.isHidden = true;
      if ((flat ??= createFlatLists()).add(list, name.slice(index), value)) continue;
    }
    if (plan && plan.spread !== '') takeWhole(progress, tables, name, value, set);
    else take(progress, tables, name, value, set);
  }
  for (const [name, value] of flat?.values() ?? []) take(progress, tables, name, value, set);
}

/** One reader of several tables: where a span speaks two vocabularies, the earlier table wins, field by field. */
export function compileVocabulary(...vocabularies: readonly Vocabulary[]): CompiledVocabulary {
  const tables = compileTables(vocabularies);
  return {
    read(sets, rest) {
      const progress: Progress = { reading: newReading(), taken: new Map(), kinds: [], rest, isHidden: false };
      sets.forEach((attributes, set) => takeSet(progress, tables, attributes, set));
      const { reading, kinds, isHidden } = progress;
      return { reading, kinds: kinds.sort((a, b) => a.rank - b.rank), isHidden };
    },
  };
}
