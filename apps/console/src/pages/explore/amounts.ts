import { countOf, durationOf, moneyOf } from '../../format/numbers';

/** A value of a measure in words, by its unit. */
export function amountOf(unit: string): (value: number | string | null | undefined) => string {
  if (unit === 'ms') return (value) => durationOf(value === null || value === undefined ? null : Number(value));
  if (unit === 'nano_usd') return moneyOf;
  if (unit === 'share') return (value) => (value === null || value === undefined ? '–' : `${Number((100 * Number(value)).toPrecision(3))} %`);
  return (value) => (value === null || value === undefined ? '–' : countOf(Math.abs(Number(value)) < 100 ? Number(Number(value).toPrecision(3)) : Math.round(Number(value))));
} // prettier-ignore

export const percentOf = (share: number): string =>
  `${Number((100 * share).toFixed(share !== 0 && Math.abs(share) < 0.1 ? 1 : 0))} %`;

/** A value of a field, which may be none. */
export const valueName = (value: string): string => (value === '' ? '(none)' : value);
/** The values of a group, or what all others are called. */
export const groupName = (by: Readonly<Record<string, string>> | null): string =>
  by === null ? 'all others' : Object.values(by).map(valueName).join(' · '); // prettier-ignore
/** 1 turn, 12 events. */
export const rowsName = (of: string, count: number): string =>
  `${amountOf('rows')(count)} ${count === 1 ? of.replace(/s$/, '') : of}`;
