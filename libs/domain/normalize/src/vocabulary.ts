import { type EventKind, type OtlpAttributes, type OtlpValue } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { createFlatLists } from './flat-lists';
import { parseJson } from './parse-json';
import { newReading, type Reading, type ReadingField } from './reading';
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
  /** Attributes that hold an object, or the JSON of one: each of its fields counts as an attribute `<prefix>.<field>`. */
  readonly spread?: Readonly<Record<string, string>>;
  /** Attributes without a field of ours ← their names of before. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Attributes that are never kept: headers with keys in them, vectors. */
  readonly unwanted?: readonly string[];
}

/** What one vocabulary calls the operation. */
export interface SaidKind {
  readonly rank: number;
  /** Null for a word that no table knows. */
  readonly kind: EventKind | null;
}

interface Entry {
  readonly field: ReadingField;
  readonly rank: number;
  readonly read: Read;
}
interface KindEntry {
  readonly rank: number;
  readonly words: ReadonlyMap<string, EventKind>;
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

const FLAT = /^([a-z_.]+?)\.(\d{1,6}(?:\..+)?)$/;
/** Names of one vocabulary before those of the next. */
const RANKS = 1_000;

function compileTables(vocabularies: readonly Vocabulary[]) {
  const entries = new Map<string, Entry[]>();
  const kinds = new Map<string, KindEntry>();
  const lists = new Set<string>();
  const spread = new Map<string, string>();
  const rename = new Map<string, string>();
  const unwanted = new Set<string>();
  vocabularies.forEach((vocabulary, nth) => {
    for (const [field, sources] of Object.entries(vocabulary.fields) as [ReadingField, readonly Source[]][])
      sources.forEach((source, at) => {
        const [name, reader] = typeof source === 'string' ? ([source, 'text'] as const) : source;
        const known = entries.get(name) ?? [];
        if (known.some((entry) => entry.field === field)) return;
        entries.set(name, [...known, { field, rank: nth * RANKS + at, read: READERS[reader] }]);
      });
    Object.entries(vocabulary.kinds ?? {}).forEach(([name, words], at) => {
      if (!kinds.has(name)) kinds.set(name, { rank: nth * RANKS + at, words: new Map(Object.entries(words)) });
    });
    for (const name of vocabulary.lists ?? []) lists.add(name);
    for (const [name, prefix] of Object.entries(vocabulary.spread ?? {})) spread.set(name, prefix);
    for (const [name, newer] of Object.entries(vocabulary.rename ?? {})) rename.set(name, newer);
    for (const name of vocabulary.unwanted ?? []) unwanted.add(name);
  });
  return { entries, kinds, lists, spread, rename, unwanted };
}

/** One reader of several tables: where a span speaks two vocabularies, the earlier table wins, field by field. */
export function compileVocabulary(...vocabularies: readonly Vocabulary[]): CompiledVocabulary {
  const { entries, kinds, lists, spread, rename, unwanted } = compileTables(vocabularies);

  function read(sets: readonly OtlpAttributes[], rest: Rest): Understood {
    const reading = newReading();
    const taken = new Map<ReadingField, Taken>();
    const said: SaidKind[] = [];
    let isHidden = false;

    function takeField(entry: Entry, name: string, value: OtlpValue, set: number): boolean {
      const own = entry.read(value);
      if (own === undefined) return false;
      const before = taken.get(entry.field);
      if (before && before.set === set && before.rank < entry.rank) return false;
      if (before) rest(before.name, before.value, before.set);
      taken.set(entry.field, { rank: entry.rank, name, value, set });
      Object.assign(reading, { [entry.field]: own });
      return true;
    }

    function take(name: string, value: OtlpValue, set: number): void {
      if (unwanted.has(name)) return;
      if (value === HIDDEN) {
        isHidden = true;
        return;
      }
      const kind = kinds.get(name);
      if (kind) {
        const word = String(value).toLowerCase();
        said.push({ rank: kind.rank, kind: kind.words.get(word) ?? kind.words.get('*') ?? null });
        rest(name, value, set);
      }
      const own = entries.get(name);
      let isTaken = kind !== undefined;
      for (const entry of own ?? []) isTaken = takeField(entry, name, value, set) || isTaken;
      if (!isTaken) rest(rename.get(name) ?? name, value, set);
    }

    for (let set = 0; set < sets.length; set++) {
      const attributes = sets[set] ?? {};
      const flat = createFlatLists();
      for (const name of Object.keys(attributes)) {
        const value = attributes[name] ?? null;
        const list = FLAT.exec(name);
        if (list && lists.has(list[1] ?? '') && !unwanted.has(name)) {
          if (value === HIDDEN) isHidden = true;
          if (flat.add(list[1] ?? '', list[2] ?? '', value)) continue;
        }
        const prefix = spread.get(name);
        const whole = prefix === undefined ? undefined : parseJson(value);
        if (isRecord(whole)) for (const key of Object.keys(whole)) take(`${prefix}.${key}`, whole[key] as OtlpValue, set);
        else take(name, value, set);
      }
      for (const [name, value] of flat.values()) take(name, value, set);
    }
    said.sort((a, b) => a.rank - b.rank);
    return { reading, kinds: said, isHidden };
  }
  return { read };
}
