import { isWhole, type Sight, WHOLE, zoomTo } from './zoom';

/** Beyond it, what was opened and closed by hand is not kept: addresses have a length that everything takes. */
const MOST_LETTERS = 1_500;
const DIGITS = 5;

/** `0.25-0.5`; empty where all is in sight. */
export const zoomText = (sight: Sight): string =>
  isWhole(sight) ? '' : `${Number(sight.from.toFixed(DIGITS))}-${Number(sight.to.toFixed(DIGITS))}`;

/** All of the axis where the text is no zoom. */
export function sightOf(text: string): Sight {
  const [, from, to] = /^([01](?:\.\d{1,9})?)-([01](?:\.\d{1,9})?)$/.exec(text) ?? [];
  return from === undefined || to === undefined ? WHOLE : zoomTo(Math.min(1, Number(from)), Math.min(1, Number(to)));
}

export function keysText(keys: ReadonlySet<string>): string {
  const text = keys.size === 0 ? '' : JSON.stringify([...keys]);
  return text.length > MOST_LETTERS ? '' : text;
}

export function keysOf(text: string): ReadonlySet<string> {
  try {
    const keys: unknown = text === '' || text.length > MOST_LETTERS ? [] : JSON.parse(text);
    return new Set(Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : []);
  } catch {
    return new Set();
  }
}

export const playedText = (ms: number | null): string => (ms === null ? '' : String(Math.round(ms)));
export const playedOf = (text: string): number | null => (/^\d{1,12}$/.test(text) ? Number(text) : null);
