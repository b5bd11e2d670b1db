import { match, type Match } from './match';
import { MAX_TEXT } from './reading';
import { scanProse } from './scan-prose';
import { type Mode, scanText } from './scan-text';
import { mergeMatches } from './merge-matches';

/** What stands for something that was there: its placeholder, or a pseudonym. */
export type Replace = (placeholder: string, raw: string) => string;

/** How much was masked, and by what. */
export interface RedactionCounts {
  masked: number;
  failed: number;
  readonly replace?: Replace;
}
export const createRedactionCounts = (replace?: Replace): RedactionCounts =>
  replace ? { masked: 0, failed: 0, replace } : { masked: 0, failed: 0 };

/** Counts one and gives what stands for it. */
export function masked(tally: RedactionCounts, placeholder: string, raw: string): string {
  tally.masked++;
  return tally.replace ? tally.replace(placeholder, raw) : placeholder;
}

/** What stands for a field that could not be looked through: nothing of it is let pass. */
export const FAILED = '[redaction failed]';
const MAX_PASSES = 4;
const CUT = '[cut]';
const cut = (text: string): string => text.slice(0, MAX_TEXT - 1_000) + CUT;
const UNSAID = /":[^"]{0,3}$/;

/** A number in JSON inside text needs quotes around what replaces it, or the JSON is broken. */
function dressed(text: string, start: number, end: number, placeholder: string): string {
  const c = text.charCodeAt(start);
  if (c < 48 || c > 57 || text.charCodeAt(start - 1) === 34) return placeholder;
  const before = text.slice(Math.max(0, start - 6), start);
  if (!UNSAID.test(before) || !/^\s*[,}\]\\]/.test(text.slice(end, end + 3))) return placeholder;
  const quote = before.includes('\\"') ? '\\"' : '"';
  return `${quote}${placeholder}${quote}`;
}

/** What stands in the text that must not be kept, as one pass finds it: in order, without overlaps. What is beyond `MAX_TEXT` is one span. */
export function findSpans(text: string, mode: Mode): Match[] {
  if (text.length > MAX_TEXT) return [...findSpans(text.slice(0, MAX_TEXT), mode), match(MAX_TEXT, text.length, CUT)];
  const { matches } = scanText(text, mode);
  return mode === 'prose' ? mergeMatches(matches ?? [], scanProse(text)) : (matches ?? []);
}

/** How far a scanner looks around: what changed lies within, so only that is looked at again. */
const REACH = 56;

interface Pass {
  readonly text: string;
  /** Another pass would find nothing. */
  readonly settled: boolean;
}

function once(text: string, tally: RedactionCounts, mode: Mode): Pass {
  const matches = findSpans(text, mode);
  if (matches.length === 0) return { text, settled: true };
  let out = '';
  let from = 0;
  // Where what stands for something begins and ends, by turns.
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
  return { text: out, settled: isSettled(out, places, mode) };
}

/** Whether nothing is found around what was replaced: what was read together with it may be read differently now. */
function isSettled(text: string, places: readonly number[], mode: Mode): boolean {
  for (let i = 0; i < places.length; i += 2) {
    const from = Math.max(0, (places[i] ?? 0) - REACH);
    // What stands close together is one stretch.
    while ((places[i + 2] ?? Infinity) - (places[i + 1] ?? 0) <= 2 * REACH) i += 2;
    const to = Math.min(text.length, (places[i + 1] ?? 0) + REACH);
    if (scanText(text, mode, from, to).matches || (mode === 'prose' && scanProse(text, from, to).length > 0)) return false;
  }
  return true;
}

/** `text` with all that must not be kept masked. What comes out goes through unchanged; never throws. */
export function redactText(text: string, tally: RedactionCounts, mode: Mode = 'content'): string {
  try {
    let before = text.length > MAX_TEXT ? cut(text) : text;
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const after = once(before, tally, mode);
      if (after.settled) return after.text;
      before = after.text;
    }
  } catch {
    // Falls through: what cannot be looked through is not kept.
  }
  tally.failed++;
  return FAILED;
}
