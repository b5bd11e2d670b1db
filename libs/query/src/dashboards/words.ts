import { removeInvisible } from '@telltale/kernel';

/** On one line, without what would hide or reorder text, and no longer than `most`. */
export function printable(text: string, most: number): string {
  const clean = removeInvisible(text.replaceAll(/\s/g, ' '));
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`;
}

/** A value within a sentence. */
export const named = (value: string): string => (value === '' ? '(none)' : printable(value, 40));

const significant = (value: number, digits: number): string =>
  Number(value.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: 9 });
export const shareWords = (share: number): string => `${significant(100 * share, 2)} %`;
/** 1 turn, 1,204 turns. */
export const countWords = (count: number, one: string, many = `${one}s`): string =>
  `${Math.round(count).toLocaleString('en-US')} ${Math.round(count) === 1 ? one : many}`;
export const usdWords = (nano: number): string => `$${significant(nano / 1e9, 2)}`;
export const msWords = (ms: number): string => (ms >= 1_000 ? `${significant(ms / 1_000, 2)} s` : `${significant(ms, 2)} ms`);
export const timesWords = (ratio: number): string => `${significant(ratio, 2)} times`;
