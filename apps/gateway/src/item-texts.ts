import { closingQuote, isDeeperThan, jsonErrorPosition, PermanentError } from '@telltale/kernel';
import { IngestError } from './ingest-error';

/** Where one item lies in a text. */
export interface ItemText {
  readonly from: number;
  readonly to: number;
}

export interface ItemTexts {
  readonly items: readonly ItemText[];
  /** How the items are written: an invalid line rejects that item, an invalid array rejects the request. */
  readonly form: 'array' | 'one' | 'lines';
}

const tooManyItems = (maxItems: number): IngestError =>
  new IngestError('too_large', `the body has over ${maxItems} items; send fewer items a request`);
const notJson = (at: number, length: number): PermanentError =>
  new PermanentError('undecodable', `not JSON: it breaks at position ${at} of ${length}`);
const tooDeep = (maxDepth: number): PermanentError =>
  new PermanentError('undecodable', `JSON nests deeper than ${maxDepth} levels; flatten it, or send the inner part as text`);

const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/**
 * Scans the JSON value at `from` without allocations and returns its end; calls `onComma` for its top-level commas. Checks only quotes and
 * brackets: invalid parts are found when they are parsed.
 */
function walkValue(text: string, from: number, maxDepth: number, onComma: (at: number) => void): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      const end = closingQuote(text, i + 1);
      if (end < 0) break;
      i = end;
    } else if (c === 123 || c === 91) {
      if (++depth > maxDepth) throw tooDeep(maxDepth);
    } else if (c === 125 || c === 93) {
      if (--depth === 0) return i + 1;
    } else if (c === 44 && depth === 1) onComma(i);
  }
  throw notJson(text.length, text.length);
}

function inArray(text: string, start: number, maxItems: number, maxDepth: number): ItemText[] {
  const items: ItemText[] = [];
  let from = start + 1;
  const add = (to: number): void => {
    if (items.length >= maxItems) throw tooManyItems(maxItems);
    items.push({ from, to });
    from = to + 1;
  };
  const end = walkValue(text, start, maxDepth, add);
  if (text.charAt(end - 1) !== ']') throw notJson(end - 1, text.length);
  if (items.length > 0 || skipBlank(text, from) < end - 1) add(end - 1);
  const rest = skipBlank(text, end);
  if (rest < text.length) throw notJson(rest, text.length);
  return items;
}

function inLines(text: string, maxItems: number): ItemText[] {
  const items: ItemText[] = [];
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const next = newline < 0 ? text.length : newline;
    const start = skipBlank(text, from);
    if (start < next) {
      if (items.length >= maxItems) throw tooManyItems(maxItems);
      items.push({ from: start, to: next });
      from = next + 1;
    } else from = start;
  }
  return items;
}

/** Finds the items of a body that is not known to be lines: one JSON array, one value, or one object a line. None nests deeper than `maxDepth`, except in lines. */
export function findItems(text: string, maxItems: number, maxDepth: number): ItemTexts {
  const start = skipBlank(text, 0);
  const first = text.charAt(start);
  if (first === '[') return { form: 'array', items: inArray(text, start, maxItems, maxDepth) };
  if (first !== '{') {
    if (isDeeperThan(text, maxDepth)) throw tooDeep(maxDepth);
    return { form: 'one', items: [{ from: start, to: text.length }] };
  }
  const end = walkValue(text, start, maxDepth, () => undefined);
  const rest = skipBlank(text, end);
  if (rest === text.length) return { form: 'one', items: [{ from: start, to: end }] };
  if (!text.slice(end, rest).includes('\n')) throw notJson(rest, text.length);
  return { form: 'lines', items: inLines(text, maxItems) };
}

export const findLines = (text: string, maxItems: number): ItemTexts => ({ form: 'lines', items: inLines(text, maxItems) });

/** The value of an item, whose depth `findItems` has checked. Throws PermanentError('undecodable') that tells where in the whole text it breaks, and nothing of its content. */
export function parseItem(text: string, { from, to }: ItemText): unknown {
  const own = text.slice(from, to);
  try {
    return JSON.parse(own);
  } catch {
    throw notJson(from + jsonErrorPosition(own), text.length);
  }
}

export const isBlankText = (text: string): boolean => skipBlank(text, 0) === text.length;
