import { hashId } from '@telltale/kernel';
import { ANY, ANY_HASH, newScan, scanLine, templateText, type Scan } from './scan-line';
import { isWordAt, keyNow, keyOf, keyOfWord, keyWithWildcard, loadWords, newTokenKey, type TokenKey } from './token-key';

/** The template of the lines of one log statement. */
export interface LogTemplate {
  /** Stays the same when the template is widened; merged templates keep the id of the older one. */
  readonly id: string;
  /** A line with `<*>` in place of variable parts. */
  readonly text: string;
}

/**
 * Stored form: words in order, '' for variable positions; `order` is the sequence of creation; `seen` is the caller's coarse time, for
 * eviction.
 */
export interface StoredTemplate extends LogTemplate {
  readonly words: readonly string[];
  readonly order: number;
  readonly seen: number;
  /** Merged from siblings: a line may have a word in a variable position. */
  readonly wide: boolean;
}

/** A change to store: a template (`fresh`: new), or a removed one and its replacement ('' when evicted). */
export type TemplateChange =
  | { readonly kind: 'put'; readonly template: StoredTemplate; readonly fresh: boolean }
  | { readonly kind: 'gone'; readonly id: string; readonly text: string; readonly into: string };

export interface TemplateMiner {
  /** The template of a line; `seen` is a coarse, non-decreasing time, e.g. the hour number. Null when the line has no words. */
  match(line: string, seen: number): LogTemplate | null;
  /** Changes since the last call, in deterministic order. */
  changes(): TemplateChange[];
  readonly size: number;
  /** Hashes of the names that lines gave to users; they only grow, and are part of the state. */
  readonly names: ReadonlySet<number>;
}

export interface MinerOptions {
  /** Part of every id: equal words of two tenants are two templates. */
  readonly scope: string;
  /** Maximum templates; above it a tenth is evicted, least recently seen first. */
  readonly max: number;
  readonly restored?: Iterable<StoredTemplate>;
  readonly restoredNames?: Iterable<number>;
}

interface Cluster {
  id: string;
  text: string;
  words: string[];
  order: number;
  seen: number;
  key: number;
  wide: boolean;
  /** Hashes of the words; only for widened templates. */
  fixed: Fixed;
}

type Fixed = Pick<TokenKey, 'hashA' | 'hashB'>;
const NOTHING: Fixed = { hashA: new Int32Array(0), hashB: new Int32Array(0) };

const storedOf = ({ id, text, words, order, seen, wide }: Cluster): StoredTemplate => ({ id, text, words, order, seen, wide });

/** Lookup key of widened templates: length and first token, which is never widened. */
const leadOf = (hashA: Int32Array, count: number): number => (Math.imul(hashA[0] ?? 0, 0x01000193) + count) | 0;

/**
 * A position is variable when siblings with this many words occur there. A word that ends in a variable part (`user7`) or is an identifier
 * (`mailQueue`, `mail_queue`, `mail.queue`) counts as three. Lines with fewer than three words are too short for this rule.
 */
const SIBLINGS = 6;
const IDENTIFIER_WEIGHT = 3;
/** Constants and errors say what happened: not `SCREEN_ON`, `action.SCREEN_ON` and `TimeoutError`. */
const IDENTIFIER = /^(?!.*(?:[A-Z]{2}|Exception|Error)$).*[a-z][._A-Z]+[a-z]/;
const weightOf = (word: string): number => (word.endsWith(ANY) || IDENTIFIER.test(word) ? IDENTIFIER_WEIGHT : 1);
const MIN_WORDS = 3;
const MAX_KNOWN_LINES = 20_000;
const MAX_NAMES = 200;

const wordsOf = (line: string, scan: Scan): string[] => {
  const words: string[] = [];
  for (let i = 0; i < scan.tokens; i++) {
    const end = scan.ends[i] as number;
    words.push(end === 0 ? '' : line.slice(scan.starts[i], end) + (scan.open[i] === 1 ? ANY : ''));
  }
  return words;
};

/** Where the word at this position begins in the text, which contains the words in order. */
function offsetOf({ text, words }: Cluster, at: number): number {
  let from = 0;
  for (const word of words.slice(0, at)) if (word !== '') from = text.indexOf(word, from) + word.length;
  return text.indexOf(words[at] as string, from);
}

/** The text with `<*>` in place of the word at this position. */
function widenText(cluster: Cluster, at: number): string {
  const from = offsetOf(cluster, at);
  return cluster.text.slice(0, from) + ANY + cluster.text.slice(from + (cluster.words[at] as string).length);
}

/**
 * Mines the templates of log lines online, without settings per source. A scan masks variable parts by their form; the rest is the
 * template. Templates that differ in one position only are siblings: a few are different words of a program, many are values, and then they
 * are merged. Based on Drain (He et al., ICWS 2017: group by length and leading tokens, compare, widen), with one hash per position instead
 * of its tree and similarity threshold, and with the late decision about variables of Brain (Yu et al., TSC 2023). Deterministic: the same
 * lines in the same order give the same templates, also across a restore.
 */
export function createTemplateMiner({ scope, max, restored = [], restoredNames = [] }: MinerOptions): TemplateMiner {
  const byKey = new Map<number, Cluster>();
  /** By the key of a template with one wildcard: the templates that would then be equal. */
  const siblings = new Map<number, Cluster[]>();
  /** Cached keys of scanned lines that match a widened template. */
  const known = new Map<number, Cluster>();
  const widened = new Map<number, Cluster[]>();
  const changed = new Map<string, { cluster: Cluster; fresh: boolean }>();
  const removed = new Map<string, { readonly text: string; readonly into: string }>();
  const names = new Set(restoredNames);
  const scan = newScan();
  const own: TokenKey = newTokenKey();
  let order = 0;

  function forEachWildcard(cluster: Cluster, visit: (wildcardKey: number, at: number) => void): void {
    loadWords(own, cluster.words);
    let words = 0;
    for (let i = 0; i < own.count; i++) if (isWordAt(own, i)) words++;
    if (words < MIN_WORDS) return;
    for (let i = 1; i < own.count; i++) if (isWordAt(own, i)) visit(keyWithWildcard(own, i), i);
  }

  function enter(cluster: Cluster): void {
    loadWords(own, cluster.words);
    cluster.key = keyNow(own);
    byKey.set(cluster.key, cluster);
    if (cluster.wide) {
      cluster.fixed = { hashA: own.hashA.slice(0, own.count), hashB: own.hashB.slice(0, own.count) };
      const lead = leadOf(own.hashA, own.count);
      widened.set(lead, [...(widened.get(lead) ?? []), cluster]);
    }
    forEachWildcard(cluster, (wildcardKey) => {
      const members = siblings.get(wildcardKey);
      if (members) members.push(cluster);
      else siblings.set(wildcardKey, [cluster]);
    });
  }

  function leave(cluster: Cluster): void {
    byKey.delete(cluster.key);
    if (cluster.wide) {
      const lead = leadOf(cluster.fixed.hashA, cluster.words.length);
      const rest = (widened.get(lead) ?? []).filter((other) => other !== cluster);
      if (rest.length === 0) widened.delete(lead);
      else widened.set(lead, rest);
    }
    forEachWildcard(cluster, (wildcardKey) => {
      const members = siblings.get(wildcardKey);
      if (!members) return;
      const rest = members.filter((member) => member !== cluster);
      if (rest.length === 0) siblings.delete(wildcardKey);
      else siblings.set(wildcardKey, rest);
    });
  }

  /**
   * `user=mia` and `user=leo`, `for mia` and `for leo`: two values, one of which a line called a user before. With a third, merging would
   * change ids.
   */
  const areUsers = (found: readonly Cluster[], at: number): boolean =>
    found.length === 2 &&
    found.every((one) => /(?:=| for )$/.test(one.text.slice(0, offsetOf(one, at)))) &&
    found.some(({ words }) => names.has(keyOfWord(words[at] as string)));

  /** Merges siblings at the first position where there are enough of them; repeats while the merge creates more. */
  function mergeSiblings(cluster: Cluster): Cluster {
    let at = -1;
    let members: Cluster[] = [];
    forEachWildcard(cluster, (wildcardKey, place) => {
      if (at >= 0) return;
      // A template that is variable here and has a word elsewhere has the same key, but is no sibling.
      const found = (siblings.get(wildcardKey) ?? []).filter(({ words }) => words[place] !== '');
      const equal = byKey.get(wildcardKey);
      const sum = found.reduce((counted, { words }) => counted + weightOf(words[place] as string), equal ? SIBLINGS : 0);
      if (sum >= SIBLINGS || areUsers(found, place)) {
        at = place;
        members = found;
      }
    });
    if (at < 0) return cluster;
    const oldest = members.reduce((a, b) => (b.order < a.order ? b : a));
    for (const member of members) leave(member);
    known.clear();
    const text = widenText(oldest, at);
    const words = oldest.words.map((word, i) => (i === at ? '' : word));
    loadWords(own, words);
    const equal = byKey.get(keyNow(own));
    const kept = equal && equal.order < oldest.order ? equal : oldest;
    if (equal) leave(equal);
    for (const member of equal ? [...members, equal] : members)
      if (member !== kept) {
        removed.set(member.id, { text: member.text, into: kept.id });
        changed.delete(member.id);
        kept.seen = Math.max(kept.seen, member.seen);
      }
    kept.text = text;
    kept.words = words;
    kept.wide = true;
    enter(kept);
    noteChange(kept, false);
    return mergeSiblings(kept);
  }

  function noteChange(cluster: Cluster, fresh: boolean): void {
    const before = changed.get(cluster.id);
    changed.set(cluster.id, { cluster, fresh: fresh || (before?.fresh ?? false) });
  }

  function forget(): void {
    const oldest = [...byKey.values()].sort((a, b) => a.seen - b.seen || a.order - b.order);
    for (const cluster of oldest.slice(0, Math.ceil(max / 10))) {
      leave(cluster);
      changed.delete(cluster.id);
      removed.set(cluster.id, { text: cluster.text, into: '' });
    }
    known.clear();
  }

  /** The widened template that matches the line in all fixed positions. */
  function findWidened(): Cluster | undefined {
    for (const cluster of widened.get(leadOf(scan.hashA, scan.tokens)) ?? []) {
      const { hashA, hashB } = cluster.fixed;
      let i = 0;
      while (i < scan.tokens && (hashA[i] === ANY_HASH || (hashA[i] === scan.hashA[i] && hashB[i] === scan.hashB[i]))) i++;
      if (i === scan.tokens) return cluster;
    }
    return undefined;
  }

  function learn(line: string, key: number, seen: number): Cluster {
    const words = wordsOf(line, scan);
    const id = hashId(16, scope, ...words);
    const made: Cluster = { id, text: templateText(line, scan), words, order: order++, seen, key, wide: false, fixed: NOTHING };
    removed.delete(id);
    enter(made);
    noteChange(made, true);
    const cluster = mergeSiblings(made);
    if (byKey.size > max) forget();
    return cluster;
  }

  for (const stored of [...restored].sort((a, b) => a.order - b.order)) {
    enter({ ...stored, words: [...stored.words], key: 0, fixed: NOTHING });
    order = Math.max(order, stored.order + 1);
  }

  return {
    match(line, seen) {
      scanLine(line, scan);
      if (scan.tokens === 0) return null;
      if (scan.nameEnd > 0 && names.size < MAX_NAMES) names.add(keyOfWord(line, scan.nameStart, scan.nameEnd));
      const key = keyOf(scan.hashA, scan.hashB, scan.tokens);
      let cluster = byKey.get(key) ?? known.get(key);
      if (!cluster) {
        cluster = findWidened() ?? learn(line, key, seen);
        if (known.size >= MAX_KNOWN_LINES) known.clear();
        if (cluster.key !== key) known.set(key, cluster);
      }
      if (cluster.seen < seen) {
        cluster.seen = seen;
        noteChange(cluster, false);
      }
      return cluster;
    },
    changes() {
      const list: TemplateChange[] = [];
      for (const [id, { text, into }] of removed) list.push({ kind: 'gone', id, text, into });
      for (const { cluster, fresh } of changed.values()) list.push({ kind: 'put', template: storedOf(cluster), fresh });
      removed.clear();
      changed.clear();
      return list;
    },
    get size() {
      return byKey.size;
    },
    names,
  };
}
