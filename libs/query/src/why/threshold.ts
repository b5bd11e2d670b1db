import { type RowsOf } from '../define/definition';
import { numberOf } from '../define/row-values';
import { badCondition, numberIn, type Subject } from './subject';
import { type Compared, turnRowsOf } from './turn-rows';

/** Shares of the turns before that lie beyond the threshold: which of them tells the periods apart best depends on how many turns got how much worse. */
const TAILS = [0.5, 0.25, 0.1, 0.05, 0.01] as const;
/** What counts of each: far tails rest on few turns, and hold only those that were always near them. */
const WEIGHTS = [1, 1, 0.9, 0.7, 0.5] as const;

export interface Threshold {
  /** SQL: whether a turn is bad. */
  readonly bad: string;
  /** Beyond it a turn is bad; null where none is needed. */
  readonly value: number | null;
}

const entropy = (bad: number, total: number): number => {
  const good = total - bad;
  return (bad > 0 ? bad * Math.log(bad / total) : 0) + (good > 0 ? good * Math.log(good / total) : 0);
};

/** How surely the bad shares of two periods differ, nats; 0 where it fell. */
function riseOf(wasBad: number, was: number, isBad: number, is: number): number {
  if (was === 0 || is === 0 || isBad / is <= wasBad / was) return 0;
  return entropy(wasBad, was) + entropy(isBad, is) - entropy(wasBad + isBad, was + is);
}

/** From which value on a turn is bad: the tail of the turns before by which the two periods differ most. */
export async function thresholdOf(rowsOf: RowsOf, subject: Subject, compared: Compared, sampled: number): Promise<Threshold> {
  const number = numberIn(subject);
  if (number === null) return { bad: badCondition(subject), value: null };
  const { from, params, isAfter } = turnRowsOf(subject, compared);
  const turns = from({ value: `toFloat64(ifNull(${number}, 0))`, is_after: isAfter }, sampled);
  const up = subject.direction === 'up';
  const quantiles = TAILS.map((tail) => (up ? 1 - tail : tail)).join(', ');
  const beyond = (i: number): string => `value ${up ? '>' : '<'} limits[${i + 1}]`;
  const counts = TAILS.map((_, i) => `countIf(${beyond(i)} AND NOT is_after) AS was_${i}, countIf(${beyond(i)} AND is_after) AS is_${i}`); // prettier-ignore
  const [row] = await rowsOf({
    sql: `WITH (SELECT if(countIf(NOT is_after) > 0, quantilesTDigestIf(${quantiles})(value, NOT is_after), quantilesTDigest(${quantiles})(value)) FROM ${turns}) AS limits
      SELECT limits AS chosen, countIf(NOT is_after) AS was, countIf(is_after) AS is, ${counts.join(', ')} FROM ${turns}`,
    params,
  });
  const limits = ((row?.['chosen'] as unknown[] | undefined) ?? []).map(Number);
  const rises = WEIGHTS.map((weight, i) => weight * riseOf(numberOf(row, `was_${i}`), numberOf(row, 'was'), numberOf(row, `is_${i}`), numberOf(row, 'is')));
  const best = Math.max(...rises) > 0 ? rises.indexOf(Math.max(...rises)) : 2;
  const value = limits[best];
  if (value === undefined || !Number.isFinite(value)) return { bad: '0', value: null };
  return { bad: `toFloat64(ifNull(${number}, 0)) ${up ? '>' : '<'} ${value}`, value };
} // prettier-ignore
