import { isRecord } from '@telltale/kernel';

/** One value in JSON: where it stands, with `[]` for every index and `*` for keys that are ids. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number | boolean | null;
}

const MAX_LEAVES = 400;
const MAX_DEPTH = 8;
const MAX_TEXT = 200;

const isIdKey = (key: string): boolean => /\d/.test(key) && key.length >= 3;
const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** The values of JSON in their order, at most 400 of them. Keys that look like ids are values too: `{card_17: {…}}` holds card_17. */
export function leavesOf(json: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (leaves.length >= MAX_LEAVES || depth > MAX_DEPTH) return;
    if (Array.isArray(value)) for (const item of value) walk(item, `${path}[]`, depth + 1);
    else if (isRecord(value))
      for (const [key, item] of Object.entries(value)) {
        const name = isIdKey(key) ? '*' : key;
        if (name === '*') leaves.push({ path: at(path, '*'), value: key });
        walk(item, at(path, name), depth + 1);
      }
    else if (value === null || typeof value === 'number' || typeof value === 'boolean') leaves.push({ path, value });
    else if (typeof value === 'string') leaves.push({ path, value: value.slice(0, MAX_TEXT) });
  };
  walk(json, '', 0);
  return leaves;
}

const FORMATS: readonly (readonly [string, RegExp])[] = [
  ['empty', /^\s*$/],
  ['date-time', /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['time', /^\d{1,2}:\d\d(:\d\d)?$/],
  ['uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ['email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ['url', /^https?:\/\//],
  ['text', /\s/],
];
const PREFIX = /^([^\d\s]{1,24}?[_\-#:/]?)(\d[\dA-Za-z]*)$/;

/**
 * The form of a text: `date`, `card_<digits>`, `#W<digits>`, `6 letters and digits`, `3 capitals`, `word`, `text`. Ids of one kind have one form
 * where they have a prefix; others are told apart by their characters and length only.
 */
export function formOf(text: string): string {
  for (const [form, pattern] of FORMATS) if (pattern.test(text)) return form;
  const [, prefix, rest] = PREFIX.exec(text) ?? [];
  if (
    prefix !== undefined &&
    rest !== undefined &&
    (/[_\-#:/]$|^#/.test(prefix) || (/^[A-Z]{2,5}$/.test(prefix) && /^\d+$/.test(rest)))
  )
    return `${prefix}${/^\d+$/.test(rest) ? '<digits>' : '<letters and digits>'}`;
  if (/^\d+$/.test(text)) return `${text.length} digits`;
  if (/^[0-9a-f]{8,}$/i.test(text) && /\d/.test(text)) return `${text.length} hex digits`;
  if (/^[A-Z]{2,5}$/.test(text)) return `${text.length} capitals`;
  if (/^[A-Za-z0-9]+$/.test(text) && /\d/.test(text) && text.length <= 40) return `${text.length} letters and digits`;
  return /^[\p{L}_-]+$/u.test(text) ? 'word' : 'other';
}

export const typeOf = (value: Leaf['value']): string =>
  value === null ? 'null' : typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;

/** Words that may stand in a sentence for a value: `basic_economy` → `basic economy`. */
export const spoken = (value: string): string => value.toLowerCase().replace(/[_-]+/g, ' ').trim();

/** Whether a text holds a value as a whole word. */
export function mentions(text: string, value: string): boolean {
  if (value === '') return false;
  const lower = text.toLowerCase();
  const wanted = value.toLowerCase();
  for (let from = lower.indexOf(wanted); from >= 0; from = lower.indexOf(wanted, from + 1)) {
    const isEdge = (c: string): boolean => !/[\p{L}\p{N}_]/u.test(c);
    if (isEdge(lower.charAt(from - 1) || ' ') && isEdge(lower.charAt(from + wanted.length) || ' ')) return true;
  }
  return false;
}
