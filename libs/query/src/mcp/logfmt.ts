import { isRecord } from '@telltale/kernel';
import { cleanText } from './clean-text';

/** Longer texts are cut in lines. */
const MAX_TEXT = 240;
const MAX_DEPTH = 12;
const BARE = /^[\w.:/@+-]+$/;

type Fields = Readonly<Record<string, unknown>>;

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

/** A text as it stands in a line: bare where it is one word, otherwise quoted; what is cut off is counted. */
export function valueText(value: unknown, max = MAX_TEXT): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = cleanText(typeof value === 'string' ? value : JSON.stringify(value));
  const characters = Array.from(text);
  const shown = characters.length > max ? characters.slice(0, max).join('') : text;
  const rest = characters.length > max ? `…(+${characters.length - max} characters)` : '';
  return `${BARE.test(shown) ? shown : JSON.stringify(shown)}${rest}`;
}

/** `name=value` of every field that says something. */
export const logfmt = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => `${BARE.test(name) ? name : JSON.stringify(cleanText(name))}=${valueText(value)}`)
    .join(' ');

const isList = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.some((one) => isRecord(one));
/** An object of plain values is shown in the line of what holds it. */
const isNested = (value: unknown): boolean =>
  isList(value) || (isRecord(value) && Object.values(value).some((one) => typeof one === 'object' && one !== null));

/** Any answer as lines: one for each object that holds others, and one for each of a list, with its path before it. */
export function linesOf(value: unknown, path = '', depth = 0): string[] {
  if (!isRecord(value) || depth > MAX_DEPTH) return isEmpty(value) ? [] : [`${path}: ${valueText(value)}`];
  const entries = Object.entries(value);
  const own = logfmt(Object.fromEntries(entries.filter(([, one]) => !isNested(one))));
  const nested = entries
    .filter(([, one]) => isNested(one))
    .flatMap(([name, one]) => {
      const key = valueText(name);
      const below = path === '' ? key : `${path}.${key}`;
      return isList(one) ? one.flatMap((item, i) => linesOf(item, `${below}[${i}]`, depth + 1)) : linesOf(one, below, depth + 1);
    });
  return [...(own === '' ? [] : [path === '' ? own : `${path}: ${own}`]), ...nested];
}
