import { hashId } from '@telltale/kernel';
import { ANY, ANY_HASH, newScan, scanLine, templateText, type Scan } from './scan-line';
import { isWordAt, keyNow, keyOf, keyWithHole, loadWords, newTokenKey, type TokenKey } from './token-key';

/** What lines of one statement share. */
export interface LogTemplate {
  /** Stays when the template widens; two templates that become one keep the id of the older. */
  readonly id: string;
  /** A line with `<*>` where lines differ. */
  readonly text: string;
}

/** As it is kept: words in order, '' where lines differ; `order` counts templates; `seen` is the caller's coarse time, for forgetting. */
export interface StoredTemplate extends LogTemplate {
  readonly words: readonly string[];
  readonly order: number;
  readonly seen: number;
  /** Made of siblings: a word may stand where it varies. */
  readonly wide: boolean;
}

/** What to write down: a template (`fresh`: met for the first time), or one that is gone and what stands for it now ('' when forgotten). */
export type TemplateChange =
  | { readonly kind: 'put'; readonly template: StoredTemplate; readonly fresh: boolean }
  | { readonly kind: 'gone'; readonly id: string; readonly text: string; readonly into: string };

export interface TemplateMiner {
  /** The template of a line; `seen` is a coarse time (the number of the hour, say) that never falls. Null when the line has no words. */
  match(line: string, seen: number): LogTemplate | null;
  /** What changed since the last call, in a fixed order. */
  changes(): TemplateChange[];
  readonly size: number;
}

export interface MinerOptions {
  /** Part of every id: the same words of two tenants are two templates. */
  readonly scope: string;
  /** Templates kept; above it a tenth is forgotten, the longest unseen first. */
  readonly max: number;
  readonly restored?: Iterable<StoredTemplate>;
}

interface Cluster {
  id: string;
  text: string;
  words: string[];
  order: number;
  seen: number;
  key: number;
  wide: boolean;
  /** Hashes of the words, when widened. */
  fixed: Fixed;
}

type Fixed = Pick<TokenKey, 'hashA' | 'hashB'>;
const NOTHING: Fixed = { hashA: new Int32Array(0), hashB: new Int32Array(0) };

const storedOf = ({ id, text, words, order, seen, wide }: Cluster): StoredTemplate => ({ id, text, words, order, seen, wide });

/** Where widened templates are looked for: by length and first token, which never widens. */
const leadOf = (hashA: Int32Array, count: number): number => (Math.imul(hashA[0] ?? 0, 0x01000193) + count) | 0;

/**
 * A word is a value when so many others stood in its place. One that ends in a value (`user7`) counts for several, and a value of which
 * nothing stays (`0101`) for all. Lines of few words say too little about each other to be judged so.
 */
const SIBLINGS = 6;
const OPEN_COUNTS = 3;
const countsFor = (word: string | undefined): number => (word?.endsWith(ANY) ? OPEN_COUNTS : 1);
const MIN_WORDS = 3;
const MAX_KNOWN_LINES = 20_000;

const wordsOf = (line: string, scan: Scan): string[] => {
  const words: string[] = [];
  for (let i = 0; i < scan.tokens; i++) {
    const end = scan.ends[i] as number;
    words.push(end === 0 ? '' : line.slice(scan.starts[i], end) + (scan.open[i] === 1 ? ANY : ''));
  }
  return words;
};

/** The text with `<*>` for the word at this place; words stand in the text in their order. */
function widenText({ text, words }: Cluster, at: number): string {
  let from = 0;
  for (let i = 0; i <= at; i++) {
    const word = words[i] as string;
    if (word === '') continue;
    const found = text.indexOf(word, from);
    if (i === at) return text.slice(0, found) + ANY + text.slice(found + word.length);
    from = found + word.length;
  }
  return text;
}

/**
 * Finds the statements behind log lines, online, with no setting per source. A scan masks what varies by its form; a template is what is
 * left. Templates that differ in one place only are siblings: a few are the words of a program, many are values, and then they
 * become one. After Drain (He et al., ICWS 2017: group by length and leading tokens, compare, widen), with a hash for each place in
 * stead of its tree and similarity threshold, and with the late decision of what a variable is of Brain (Yu et al., TSC 2023).
 * Same lines in the same order: same templates, also across a restore.
 */
export function createTemplateMiner({ scope, max, restored = [] }: MinerOptions): TemplateMiner {
  const byKey = new Map<number, Cluster>();
  /** By the key of a template with a hole: who would be equal with it, and whether that is decided. */
  const siblings = new Map<number, Cluster[]>();
  /** Keys of lines as scanned that lead to a widened template: spares the search. */
  const known = new Map<number, Cluster>();
  const widened = new Map<number, Cluster[]>();
  const changed = new Map<string, { cluster: Cluster; fresh: boolean }>();
  const gone = new Map<string, { readonly text: string; readonly into: string }>();
  const scan = newScan();
  const own: TokenKey = newTokenKey();
  let order = 0;

  function forEachHole(cluster: Cluster, visit: (hole: number, at: number) => void): void {
    loadWords(own, cluster.words);
    let words = 0;
    for (let i = 0; i < own.count; i++) if (isWordAt(own, i)) words++;
    if (words < MIN_WORDS) return;
    for (let i = 1; i < own.count; i++) if (isWordAt(own, i)) visit(keyWithHole(own, i), i);
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
    forEachHole(cluster, (hole) => {
      const members = siblings.get(hole);
      if (members) members.push(cluster);
      else siblings.set(hole, [cluster]);
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
    forEachHole(cluster, (hole) => {
      const members = siblings.get(hole);
      if (!members) return;
      const rest = members.filter((member) => member !== cluster);
      if (rest.length === 0) siblings.delete(hole);
      else siblings.set(hole, rest);
    });
  }

  /** Widens at the first place where enough siblings differ; again, while widening makes more of them. */
  function settle(cluster: Cluster): Cluster {
    let at = -1;
    let members: Cluster[] = [];
    forEachHole(cluster, (hole, place) => {
      if (at >= 0) return;
      // One that varies here and has a word elsewhere has the same key, and is none.
      const found = (siblings.get(hole) ?? []).filter(({ words }) => words[place] !== '');
      const equal = byKey.get(hole);
      const sum = found.reduce((counted, { words }) => counted + countsFor(words[place]), equal ? SIBLINGS : 0);
      if (sum >= SIBLINGS) {
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
        gone.set(member.id, { text: member.text, into: kept.id });
        changed.delete(member.id);
        kept.seen = Math.max(kept.seen, member.seen);
      }
    kept.text = text;
    kept.words = words;
    kept.wide = true;
    enter(kept);
    noteChange(kept, false);
    return settle(kept);
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
      gone.set(cluster.id, { text: cluster.text, into: '' });
    }
    known.clear();
  }

  /** A widened template whose words the line has, in the places that do not vary. */
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
    gone.delete(id);
    enter(made);
    noteChange(made, true);
    const cluster = settle(made);
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
      for (const [id, { text, into }] of gone) list.push({ kind: 'gone', id, text, into });
      for (const { cluster, fresh } of changed.values()) list.push({ kind: 'put', template: storedOf(cluster), fresh });
      gone.clear();
      changed.clear();
      return list;
    },
    get size() {
      return byKey.size;
    },
  };
}
