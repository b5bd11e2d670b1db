import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { Choice } from '../design/fields';
import { clockOf, timeOf } from '../format/times';
import { useNow, useZone } from './preferences';
import { useUrlChange } from './url';

const MINUTE = 60_000;
/** Spans that are offered, as the API takes them. */
const SPANS = {
  '1h': { name: 'last hour', ms: 60 * MINUTE },
  '6h': { name: 'last 6 hours', ms: 360 * MINUTE },
  '24h': { name: 'last day', ms: 1_440 * MINUTE },
  '7d': { name: 'last 7 days', ms: 7 * 1_440 * MINUTE },
  '30d': { name: 'last 30 days', ms: 30 * 1_440 * MINUTE },
} as const;
export type Span = keyof typeof SPANS;

/** A time to look at: as the API takes it, and in ms since the epoch. */
export interface Range {
  readonly since: string;
  readonly until: string | undefined;
  readonly from: number;
  readonly to: number;
  /** By two moments, and not up to now. */
  readonly isFixed: boolean;
}

const isSpan = (text: string): text is Span => text in SPANS;

/** The range in the address: `since` is a span up to now, or with `until` a moment. */
export function useRange(fallback: Span = '24h'): Range & { readonly setRange: (from: number, to: number) => void } {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const now = useNow();
  const since = params.get('since') ?? fallback;
  const until = params.get('until') ?? undefined;
  const fixed = until !== undefined && Number.isFinite(timeOf(until)) && Number.isFinite(timeOf(since));
  // What is asked up to now is asked with the same words each time; where it begins moves with the clock, for drawing.
  const to = fixed ? timeOf(until) : now;
  const from = fixed ? timeOf(since) : now - SPANS[isSpan(since) ? since : fallback].ms;
  return useMemo(
    () => ({
      since: fixed ? since : isSpan(since) ? since : fallback,
      until: fixed ? until : undefined,
      from,
      to,
      isFixed: fixed,
      setRange: (first, last) => change({ since: new Date(first).toISOString(), until: new Date(last).toISOString() }),
    }),
    [since, until, fixed, from, to, fallback, change],
  );
}

/** Chooses the range of a page. A range that was dragged in a chart is named by its two moments, and can be left. */
export function RangePicker({ fallback = '24h', longest = '30d' }: { readonly fallback?: Span; readonly longest?: Span }) {
  const { since, from, to, isFixed } = useRange(fallback);
  const [zone] = useZone();
  const change = useUrlChange();
  const fixed = `${clockOf(from, zone).slice(0, 16)} to ${clockOf(to, zone).slice(0, 16)}`;
  return (
    <Choice
      label="Time"
      value={isFixed ? 'fixed' : since}
      options={[...(isFixed ? [['fixed', fixed] as const] : []), ...Object.entries(SPANS).filter(([, { ms }]) => ms <= SPANS[longest].ms).map(([span, { name }]) => [span, name] as const)]}
      onChange={(value) => value !== 'fixed' && change({ since: value === fallback ? '' : value, until: '' })}
    />
  );
} // prettier-ignore
