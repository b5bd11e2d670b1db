import { isRecord } from '@telltale/kernel';
import { isTechnical, kindOfField } from './field-names';
import { PHONE, PLACEHOLDER, SECRET } from './match';
import { MAX_TEXT } from './reading';
import { redactKey } from './redact-name';
import { classOfAttribute } from './attribute-classes';
import { findJson, rewriteJson } from './json-text';
import { FAILED, masked, redactPlain, type RedactionCounts } from './redact-plain';
import { type Mode, scanText } from './scan-text';
import { isPhoneName, isSecretName } from './secret-names';
import { subjectOf } from './subjects';

const MAX_DEPTH = 100;
const BARE_PHONE = /^\d{10,11}$/;
/** Smaller whole numbers are never personal by themselves. */
const LEAST_TELLING = 1e9;

interface Walk {
  readonly tally: RedactionCounts;
  readonly mode: Mode;
}

function leaf(value: string | number, name: string, { tally, mode }: Walk): unknown {
  const text = String(value);
  if (text === '' || isPlaceholder(text)) return value;
  if (isSecretName(name)) return masked(tally, SECRET, text);
  const subject = tally.subjects && subjectOf(tally.subjects, name, text);
  if (subject !== undefined) return subject;
  if ((text.length === 10 || text.length === 11) && BARE_PHONE.test(text) && isPhoneName(name) && !tally.kept.has(PHONE))
    return masked(tally, PHONE, text);
  const kind = mode === 'prose' ? kindOfField(name, text) : null;
  if (kind && !tally.kept.has(kind)) return masked(tally, kind, text);
  if (typeof value === 'number' && Math.abs(value) < LEAST_TELLING && Number.isInteger(value)) return value;
  const after = redactText(text, tally, modeOfLeaf(name, text, mode));
  return after === text ? value : after;
}

function modeOfLeaf(name: string, text: string, mode: Mode): Mode {
  if (isTechnical(name, text)) return 'identifier';
  return mode === 'prose' && isAddress(text) ? 'content' : mode;
}

/** JSON with everything personal or secret masked, by its keys and values. */
function redactJson(json: string, of: Walk): string {
  return rewriteJson(json, {
    value: (value, name) => leaf(value, name, of),
    key: (key) => redactKey(key, of.tally),
  });
}

/**
 * `text` with everything personal or secret masked. JSON in it, which is what tools return, is read by key; what it holds as text is read
 * the same way. Idempotent; never throws.
 */
export function redactText(text: string, tally: RedactionCounts, mode: Mode = 'content'): string {
  if (mode === 'identifier' || text.length > MAX_TEXT || !text.includes('"')) return redactPlain(text, tally, mode);
  const parts = findJson(text);
  if (parts.length === 0) return redactPlain(text, tally, mode);
  let out = '';
  let from = 0;
  for (const [start, end] of parts) {
    if (start > from) out += redactPlain(text.slice(from, start), tally, mode);
    out += redactJson(text.slice(start, end), { tally, mode });
    from = end;
  }
  return from < text.length ? out + redactPlain(text.slice(from), tally, mode) : out;
}

const isPlaceholder = (text: string): boolean => {
  if (text.charCodeAt(0) !== 91) return false;
  const found = PLACEHOLDER.exec(text);
  return found !== null && found[0].length === text.length;
};

/** A URL as a whole value is a source or target of the program; in a sentence it may be somebody's. */
const isAddress = (text: string): boolean => text.length < 2_048 && text.startsWith('http') && !/\s/.test(text);

/** `name` is the name of the field that contains the value. */
function walk(value: unknown, name: string, depth: number, of: Walk): unknown {
  if (typeof value === 'string' || typeof value === 'number') return leaf(value, name, of);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  if (Array.isArray(value)) return value.map((item: unknown) => walk(item, name, depth + 1, of));
  if (!isRecord(value)) return null;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const said = redactKey(key, of.tally);
    out[said === '__proto__' ? '_proto_' : said] = walk(value[key], key, depth + 1, of);
  }
  return out;
}

function redactNamed(name: string, value: unknown, tally: RedactionCounts, mode: Mode): unknown {
  try {
    return walk(value, name, 0, { tally, mode });
  } catch {
    tally.failed++;
    return FAILED;
  }
}

/** Masks the texts, keys and numbers of a JSON value, and the values of secret names. Never throws. */
export const redactValue = (value: unknown, tally: RedactionCounts, mode: Mode = 'content'): unknown =>
  redactNamed('', value, tally, mode);

/**
 * Any value as masked text: text stays text, other values become JSON. What programs wrote is first scanned as JSON, and walked only when
 * something is found, because masking JSON text directly would break it. Prose usually contains something, and escapes hide it, so it is
 * walked at once.
 */
export function redactToText(value: unknown, tally: RedactionCounts, mode: Mode = 'content'): string {
  if (typeof value === 'string') return redactText(value, tally, mode);
  if (value === undefined || value === null) return '';
  try {
    if (mode === 'prose') return JSON.stringify(redactValue(value, tally, mode));
    const json = JSON.stringify(value);
    if (json.length > MAX_TEXT) return JSON.stringify(redactValue(value, tally, mode));
    const { matches, needsWalk } = scanText(json, mode);
    return matches === null && !needsWalk && !tally.subjects?.isNamedIn(json)
      ? json
      : JSON.stringify(redactValue(value, tally, mode));
  } catch {
    tally.failed++;
    return FAILED;
  }
}

/** The value of a field as masked text; the value of a secret name is always masked. */
export function redactField(name: string, value: unknown, tally: RedactionCounts, mode: Mode = 'content'): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Math.abs(value) < LEAST_TELLING && !isSecretName(name)) {
    const text = String(value);
    return (tally.subjects && subjectOf(tally.subjects, name, text)) ?? text;
  }
  if (name === '' || typeof value === 'object') {
    const isSecret = typeof value === 'object' && value !== null && isSecretName(name);
    return isSecret ? masked(tally, SECRET, '') : redactToText(value, tally, mode);
  }
  const said = redactNamed(name, value, tally, mode);
  return typeof said === 'string' ? said : String(said);
}

const FRAME = /^\s*(?:at\s|File "|\.{3}\s|goroutine\s|\S+\.(?:go|py|js|ts|java|rb|rs|php):\d+|[\w.$/]+\()/;

/** Masks a stack trace: frames are code, the lines between them can contain anything. */
export function redactStack(stack: string, tally: RedactionCounts): string {
  if (stack === '') return '';
  const lines = redactText(stack, tally).split('\n');
  return lines.map((line) => (FRAME.test(line) ? line : redactText(line, tally, 'prose'))).join('\n');
}

const SAYS_PROSE =
  /(?:message|prompt|content|input|output|text|description|comment|completion|query|question|answer|transcript|reason|note|summary|feedback|address|name)s?$/i;
const isSentence = (value: string): boolean => value.length > 24 && value.split(' ', 6).length > 4;

/** The scan mode of an attribute: by its class, and where its name says nothing by what it looks like. Most are written by programs, some contain what people said. */
export function modeOfAttribute(name: string, value: unknown): Mode {
  if (typeof value === 'object' && value !== null) return 'prose';
  if (typeof value !== 'string') return 'content';
  const isProse = classOfAttribute(name) === 'content' || isSentence(value) || (SAYS_PROSE.test(name) && value.includes(' '));
  return isProse ? 'prose' : 'content';
}
