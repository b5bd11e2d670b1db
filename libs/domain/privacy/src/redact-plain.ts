import { byName } from './by-name';
import { match, type Match } from './match';
import { MAX_TEXT } from './reading';
import { scanProse } from './scan-prose';
import { type Mode, scanText } from './scan-text';
import { type Kept, withoutKept } from './kept-matches';
import { mergeMatches } from './merge-matches';
import { type Subjects } from './subjects';

/** The replacement of a match: its placeholder, or a pseudonym. */
export type Replace = (placeholder: string, raw: string) => string;

/** How values are replaced. */
export interface Redaction {
  /** Makes the replacement of a match; its placeholder when absent. */
  readonly replace?: Replace | undefined;
  /** Ids of the people that the event is about. */
  readonly subjects?: Subjects | undefined;
  /** Placeholders of what stays as it is. */
  readonly kept?: Kept | undefined;
}

/** Counts replacements. */
export interface RedactionCounts extends Redaction {
  readonly kept: Kept;
  masked: number;
  failed: number;
}
const NONE_KEPT: Kept = new Set();
export const createRedactionCounts = ({ replace, subjects, kept = NONE_KEPT }: Redaction = {}): RedactionCounts => ({
  masked: 0,
  failed: 0,
  replace,
  subjects: subjects?.isEmpty === false ? subjects : undefined,
  kept,
});

/** Counts a match and returns its replacement. */
export function masked(tally: RedactionCounts, placeholder: string, raw: string): string {
  tally.masked++;
  return tally.replace ? tally.replace(placeholder, raw) : placeholder;
}

/** Replaces a field that could not be scanned: nothing of it is kept. */
export const FAILED = '[redaction failed]';
const MAX_PASSES = 4;
const CUT = '[cut]';
const cut = (text: string): string => text.slice(0, MAX_TEXT - 1_000) + CUT;
const UNSAID = /":[^"]{0,3}$/;

/** A replaced number in JSON inside text needs quotes, or the JSON becomes invalid. */
function dressed(text: string, start: number, end: number, placeholder: string): string {
  const c = text.charCodeAt(start);
  if (c < 48 || c > 57 || text.charCodeAt(start - 1) === 34) return placeholder;
  const before = text.slice(Math.max(0, start - 6), start);
  if (!UNSAID.test(before) || !/^\s*[,}\]\\]/.test(text.slice(end, end + 3))) return placeholder;
  const quote = before.includes('\\"') ? '\\"' : '"';
  return `${quote}${placeholder}${quote}`;
}

/** The matches of one pass over the text, in order, without overlaps. Text beyond `MAX_TEXT` is one span. */
export function findSpans(text: string, mode: Mode): Match[] {
  if (text.length > MAX_TEXT) return [...findSpans(text.slice(0, MAX_TEXT), mode), match(MAX_TEXT, text.length, CUT)];
  const { matches } = scanText(text, mode);
  return mode === 'prose' ? mergeMatches(matches ?? [], scanProse(text)) : (matches ?? []);
}

/** How far scanners look around a position. A change can affect only matches within this distance, so only that part is scanned again. */
const REACH = 56;

interface Pass {
  readonly text: string;
  /** Another pass would find nothing. */
  readonly settled: boolean;
}

function once(text: string, tally: RedactionCounts, mode: Mode): Pass {
  const matches = withoutKept(findSpans(text, mode), text, tally.kept);
  if (matches.length === 0) return { text, settled: true };
  let out = '';
  let from = 0;
  // Alternating starts and ends of replacements.
  const places: number[] = [];
  for (const { start, end, placeholder } of matches) {
    out += text.slice(from, start);
    places.push(out.length);
    out += dressed(text, start, end, masked(tally, placeholder, text.slice(start, end)));
    places.push(out.length);
    from = end;
  }
  out += text.slice(from);
  if (out.length > MAX_TEXT) return { text: cut(out), settled: false };
  return { text: out, settled: isSettled(out, places, mode, tally.kept) };
}

/** Whether the surroundings of the replacements contain no new match: text next to a replacement may be read differently now. */
function isSettled(text: string, places: readonly number[], mode: Mode, kept: Kept): boolean {
  for (let i = 0; i < places.length; i += 2) {
    const from = Math.max(0, (places[i] ?? 0) - REACH);
    // Close replacements are scanned as one span.
    while ((places[i + 2] ?? Infinity) - (places[i + 1] ?? 0) <= 2 * REACH) i += 2;
    const to = Math.min(text.length, (places[i + 1] ?? 0) + REACH);
    const found = [...(scanText(text, mode, from, to).matches ?? []), ...(mode === 'prose' ? scanProse(text, from, to) : [])];
    if (found.some(({ placeholder }) => !kept.has(placeholder))) return false;
  }
  return true;
}

const LONGEST_WORD = 24;
/** One word in small letters, of which values of JSON are full: nothing in it tells of anybody. */
function isPlainWord(text: string): boolean {
  if (text.length > LONGEST_WORD) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if ((c < 97 || c > 122) && c !== 95) return false;
  }
  return true;
}

const LONGEST_CODE = 5;
const isCleanCode = byName((code) => findSpans(code, 'prose').length === 0);

/** `text`, as it is read by people, with everything personal or secret masked. Idempotent; never throws. */
export function redactPlain(text: string, tally: RedactionCounts, mode: Mode = 'content'): string {
  try {
    let before = text.length > MAX_TEXT ? cut(text) : text;
    // Ids of other things and names of few values must stay the same in events that do not know the person.
    if (tally.subjects && mode !== 'identifier') before = tally.subjects.replaceIn(before);
    if (isPlainWord(before)) return before;
    // Values of JSON are full of codes that come again and again: `JFK`, `12.5`.
    if (before.length <= LONGEST_CODE && isCleanCode(before)) return before;
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const after = once(before, tally, mode);
      if (after.settled) return after.text;
      before = after.text;
    }
  } catch {
    // Falls through: text that cannot be scanned is not kept.
  }
  tally.failed++;
  return FAILED;
}
