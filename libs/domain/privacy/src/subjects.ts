import { isRecord } from '@telltale/kernel';
import { byName } from './by-name';
import { createRecall, isDistinctive, isPartOfWord, type KnownId } from './recall-ids';

/**
 * Ids of the people a turn is about, as its producer wrote them. Known are the users of its events and those under keys such as
 * `user_id`; each is replaced by its pseudonym wherever it stands.
 */
export interface Subjects {
  readonly isEmpty: boolean;
  /** Remembers an id; returns its pseudonym. */
  add(id: string): string;
  forEach(take: (id: string, pseudonym: string) => void): void;
  /** Those whose ids cannot be taken for something else, as they may be kept. */
  known(): readonly KnownId[];
  /** The pseudonym of an id that is known and cannot be taken for something else; undefined for other values. */
  of(id: string): string | undefined;
  /** `text` with the pseudonyms of all known ids that cannot be taken for something else. */
  replaceIn(text: string): string;
  /** Whether a known id stands in a text. */
  isNamedIn(text: string): boolean;
  /** Remembers what stands under keys of subjects in a value, and ids in it that events before named: an object, or text with JSON or pairs like `user_id=x` in it. */
  collect(value: unknown): void;
}

const WHO = '(?:end_?)?user(?:[_.-]account)?|customer|member|patient|passenger|guest|employee|student|subscriber|visitor';
const NAME = new RegExp(
  `(?:^|[_.-])(?:(?:${WHO})[_.-]?(?:id|identifier|uuid)|user_?name)$|^(?:gen_ai|llm)\\.user$|^user\\.email$|[a-z](?:User|Customer|Member|Patient)I[dD]$`,
  'i',
);
const MAX_NAME = 64;
const namesSubject = byName((name) => NAME.test(name));

/** Whether a key says that its value identifies a person: `user_id`, `customerId`, `enduser.id`. */
export const isSubjectName = (name: string): boolean => name.length >= 6 && name.length <= MAX_NAME && namesSubject(name);

/** Longer values are no ids. */
const MAX_ID = 200;
/** How many ids of one turn are followed into its texts. */
const MAX_IDS = 64;
const MAX_DEPTH = 20;
/** Whether a value under such a key is an id at all: one word, and neither empty nor a placeholder. */
const isId = (value: string): boolean => value.length > 0 && value.length <= MAX_ID && !/[\s[\]{}]/.test(value);

const KEY = new RegExp(`(?:(?:${WHO})[_.-]?(?:id|identifier|uuid)|user_?name)$`, 'i');
const LONGEST_KEY = 24;
const VALUE = new RegExp(`>?\\s*(?:\\\\*["'])?([^\\s"'\\\\,;&{}()[\\]<>]{1,${MAX_ID}})`, 'y');
const ENDS_SENTENCE = /[.!?:]+$/;
const MAX_GAP = 8;

/** Whether a key can end with these two letters: `…id`, `identifier`, `username`. */
const endsKey = (before: number, last: number): boolean =>
  (last === 100 && before === 105) || (last === 114 && before === 101) || (last === 101 && before === 109);

/** Takes the ids in pairs like `"user_id": "x"`, also with escaped quotes, `'userId': 'x'`, `user_id=x`, `:user_id => "x"`. */
function forEachId(text: string, take: (id: string) => void): void {
  for (const sign of [':', '='])
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      let end = at;
      for (let c = text.charCodeAt(end - 1); (c === 32 || c === 34 || c === 39 || c === 92) && at - end < MAX_GAP;)
        c = text.charCodeAt(--end - 1);
      if (!endsKey(text.charCodeAt(end - 2) | 32, text.charCodeAt(end - 1) | 32)) continue;
      if (!KEY.test(text.slice(Math.max(0, end - LONGEST_KEY), end))) continue;
      VALUE.lastIndex = at + 1;
      const id = VALUE.exec(text)?.[1]?.replace(ENDS_SENTENCE, '');
      if (id) take(id);
    }
}

function replaceWhole(text: string, id: string, pseudonym: string): string {
  let at = text.indexOf(id);
  if (at < 0) return text;
  let out = '';
  let from = 0;
  for (; at >= 0; at = text.indexOf(id, at + id.length)) {
    if (isPartOfWord(text.charCodeAt(at - 1)) || isPartOfWord(text.charCodeAt(at + id.length))) continue;
    out += text.slice(from, at) + pseudonym;
    from = at + id.length;
  }
  return out + text.slice(from);
}

/** The pseudonym of a value that identifies a person, by its key or because its event has named it so. */
export function subjectOf(subjects: Subjects, name: string, value: string): string | undefined {
  if (isSubjectName(name) && isId(value)) return subjects.add(value);
  return subjects.of(value);
}

const NO_IDS: readonly string[] = [];

/** Subjects of one turn. `pseudonymOf` gives the same for the same id. `known`: those of its events that came before. */
export function createSubjects(pseudonymOf: (id: string) => string, known: readonly KnownId[] = []): Subjects {
  const recall = known.length > 0 ? createRecall(known, pseudonymOf) : () => NO_IDS;
  const pseudonyms = new Map<string, string>();
  let distinctive: readonly string[] = [];

  function add(id: string): string {
    const known = pseudonyms.get(id);
    if (known !== undefined) return known;
    const pseudonym = pseudonymOf(id);
    if (pseudonyms.size >= MAX_IDS) return pseudonym;
    pseudonyms.set(id, pseudonym);
    // The longest first, so that no id is taken for a part of another.
    if (isDistinctive(id)) distinctive = [...distinctive, id].sort((a, b) => b.length - a.length);
    return pseudonym;
  }

  function collect(value: unknown, name: string, depth: number): void {
    if (typeof value === 'string' || typeof value === 'number') {
      if (isSubjectName(name) && isId(String(value))) add(String(value));
      else if (typeof value === 'string') {
        forEachId(value, add);
        recall(value).forEach(add);
      }
    } else if (depth > MAX_DEPTH) return;
    else if (Array.isArray(value)) for (const item of value) collect(item, name, depth + 1);
    else if (isRecord(value))
      for (const key of Object.keys(value)) {
        recall(key).forEach(add);
        collect(value[key], key, depth + 1);
      }
  }

  return {
    get isEmpty() {
      return pseudonyms.size === 0;
    },
    add,
    forEach(take) {
      for (const [id, pseudonym] of pseudonyms) take(id, pseudonym);
    },
    known: () => distinctive.map((id) => ({ pseudonym: pseudonyms.get(id) ?? '', length: id.length })),
    of(value) {
      for (const id of distinctive) if (id === value) return pseudonyms.get(id);
      return undefined;
    },
    replaceIn(text) {
      let replaced = text;
      for (const id of distinctive)
        if (replaced.length >= id.length) replaced = replaceWhole(replaced, id, pseudonyms.get(id) as string);
      return replaced;
    },
    isNamedIn(text) {
      for (const id of pseudonyms.keys()) if (text.includes(id)) return true;
      return false;
    },
    collect: (value) => {
      collect(value, '', 0);
    },
  };
}
