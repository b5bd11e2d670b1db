import { isRecord } from '@telltale/kernel';
import { isHex } from './characters';
import { type Match, PHONE, SECRET } from './match';
import { scanProse } from './scan-prose';
import { type Mode, scanText } from './scan-text';
import { unite } from './unite';
import { isPhoneName, isSecretName } from './secret-names';

/** How much was masked. */
export interface Tally {
  masked: number;
  failed: number;
}
export const createTally = (): Tally => ({ masked: 0, failed: 0 });

/** What stands for a field that could not be looked through: nothing of it is let pass. */
export const FAILED = '[redaction failed]';
const MAX_PASSES = 4;
const MAX_DEPTH = 100;
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

/** What stands in the text that must not be kept, as one pass finds it: in order, without overlaps. */
export function findSpans(text: string, mode: Mode): Match[] {
  const { matches } = scanText(text, mode);
  return mode === 'prose' ? unite(matches ?? [], scanProse(text)) : (matches ?? []);
}

/** How far a scanner looks around: what changed lies within, so only that is looked at again. */
const REACH = 56;

function once(text: string, tally: Tally, mode: Mode): { readonly text: string; readonly changed: boolean; readonly settled: boolean } {
  const matches = findSpans(text, mode);
  if (matches.length === 0) return { text, changed: false, settled: true };
  let out = '';
  let from = 0;
  const places: number[] = [];
  for (const { start, end, placeholder } of matches) {
    out += text.slice(from, start) + dressed(text, start, end, placeholder);
    places.push(out.length);
    from = end;
  }
  tally.masked += matches.length;
  out += text.slice(from);
  const settled = isSettled(out, places, mode) && (mode !== 'prose' || isProseSettled(out, places));
  return { text: out, changed: true, settled };
}

/** Whether nothing with a form is found around the places where something was replaced: names are not brought about by what stands for others. */
function isSettled(text: string, places: readonly number[], mode: Mode): boolean {
  let from = -1;
  let to = -1;
  for (const place of [...places, Infinity]) {
    if (place - REACH <= to) {
      to = place + REACH;
      continue;
    }
    if (to >= 0 && scanText(text.slice(Math.max(0, from), to), mode).matches) return false;
    from = place - REACH;
    to = place + REACH;
  }
  return true;
}

/** Whether no name ends where something was replaced: what stands before can look ahead to it, but nothing behind looks back. */
function isProseSettled(text: string, places: readonly number[]): boolean {
  let last = 0;
  for (const place of places) {
    const from = Math.max(last, place - REACH);
    const start = from === last ? from : text.indexOf(' ', from);
    if (start >= 0 && start < place && scanProse(text.slice(start, place + 1)).length > 0) return false;
    last = place;
  }
  return true;
}

/** `text` with all that must not be kept masked. What comes out goes through unchanged; never throws. */
export function redactText(text: string, tally: Tally, mode: Mode = 'content'): string {
  try {
    let before = text;
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const after = once(before, tally, mode);
      if (!after.changed || after.settled) return after.text;
      before = after.text;
    }
  } catch {
    // Falls through: what cannot be looked through is not kept.
  }
  tally.failed++;
  return FAILED;
}

const MAX_REMEMBERED = 20_000;
const MAX_NAME = 128;
const clean = new Set<string>();

/** A name of few values, such as that of a service or an attribute. Those that hold nothing to mask are remembered. */
export function redactName(name: string, tally: Tally): string {
  if (clean.has(name)) return name;
  const masked = redactText(name, tally, 'identifier');
  if (masked !== name || name.length > MAX_NAME) return masked;
  if (clean.size >= MAX_REMEMBERED) clean.clear();
  clean.add(name);
  return name;
}

function isHexId(id: string): boolean {
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    if (!isHex(c) && c !== 45) return false;
  }
  return true;
}

/** An id: when it holds something to mask, a pseudonym of the whole stands for it, so that it still joins what belongs together. */
export function redactIdentifier(id: string, tally: Tally, pseudonymOf: (id: string) => string): string {
  if (isHexId(id)) return id;
  const masked = redactText(id, tally, 'identifier');
  return masked === id ? id : `id_${pseudonymOf(id)}`;
}

const BARE_PHONE = /^\d{10,11}$/;

function mask(tally: Tally, placeholder: string): string {
  tally.masked++;
  return placeholder;
}

/** `name` is that of the field the value stands under. */
function walk(value: unknown, tally: Tally, name: string, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    if (text !== '' && text !== SECRET && isSecretName(name)) return mask(tally, SECRET);
    if (BARE_PHONE.test(text) && isPhoneName(name)) return mask(tally, PHONE);
    const masked = redactText(text, tally);
    return masked === text ? value : masked;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  if (Array.isArray(value)) return value.map((item: unknown) => walk(item, tally, name, depth + 1));
  if (!isRecord(value)) return null;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const said = redactText(key, tally);
    out[said === '__proto__' ? '_proto_' : said] = walk(value[key], tally, key, depth + 1);
  }
  return out;
}

function redactNamed(name: string, value: unknown, tally: Tally): unknown {
  try {
    return walk(value, tally, name, 0);
  } catch {
    tally.failed++;
    return FAILED;
  }
}

/** A JSON value with its texts, its keys and its numbers masked, and what stands under a secret's name. Never throws. */
export const redactValue = (value: unknown, tally: Tally): unknown => redactNamed('', value, tally);

/**
 * Any value as masked text: text stays text, the rest becomes JSON. The JSON is scanned first; only when something is there are the
 * values walked, for masking JSON text itself would break it.
 */
export function redactToText(value: unknown, tally: Tally): string {
  if (typeof value === 'string') return redactText(value, tally);
  if (value === undefined || value === null) return '';
  try {
    const json = JSON.stringify(value);
    const { matches, needsWalk } = scanText(json, 'content');
    return matches === null && !needsWalk ? json : JSON.stringify(redactValue(value, tally));
  } catch {
    tally.failed++;
    return FAILED;
  }
}

/** The value of a field as masked text; what stands under a secret's name is masked whatever it looks like. */
export function redactField(name: string, value: unknown, tally: Tally): string {
  if (typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) < 1e9 && !isSecretName(name)))
    return String(value);
  if (name === '' || typeof value === 'object') {
    const isSecret = typeof value === 'object' && value !== null && isSecretName(name);
    return isSecret ? mask(tally, SECRET) : redactToText(value, tally);
  }
  const masked = redactNamed(name, value, tally);
  return typeof masked === 'string' ? masked : String(masked);
}
