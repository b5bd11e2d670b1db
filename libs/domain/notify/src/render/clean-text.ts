import { escapeInvisible } from '@telltale/kernel';

const ELLIPSIS = '…';

/** At most so many UTF-16 units, never half of a character, with a mark where something was cut. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - ELLIPSIS.length);
  // The first half of a pair alone is no character.
  return (/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept) + ELLIPSIS;
}

/** One line of what may come from anywhere: breaks become spaces, and what is invisible can be seen. */
export const oneLine = (text: string, longest: number): string =>
  cut(escapeInvisible(text.replace(/[\s\u0085]+/gu, ' ').trim()), longest);

/** Text of several lines, what is invisible in it made visible. */
export const plain = (text: string, longest: number): string => cut(escapeInvisible(text), longest);
