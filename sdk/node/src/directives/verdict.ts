import { type Content, type Rank, rankOf, WARN } from '../severity';
import { type Floor } from './floor';
import { type Active, type Rules } from './in-force';
import { type Merged } from './merge';
import { type Matched } from './match';

export interface Weighed extends Matched {
  /** Null for an operation: it has no severity, and is below none. */
  readonly severity: Rank | null;
  /** It warns or tells of a failure: it is always sent. */
  readonly isExempt: boolean;
  /** It carries input, output, arguments or results. */
  readonly hasContent: boolean;
  readonly bytes: number;
}

export type Verdict =
  | { readonly isSent: true; readonly weight: number; readonly boostedBy: readonly Active[]; readonly merged: Merged }
  | { readonly isSent: false; readonly reason: 'below_severity' | 'not_kept' | 'over_limits' };

const RANK_OF_CONTENT: Readonly<Record<Content, number>> = { none: 0, metadata: 1, full: 2 };

/** Weight of a record under a share that is kept, or null where it is not sent. Those that are kept stand for all others, whose weight is 0 where they are sent. */
function weightUnder(keep: number, record: Weighed, floor: Floor, mono: number): number | null {
  if (keep >= 1 || record.isExempt) return 1;
  const hash = record.subject.hash();
  if (hash === null) return 1;
  const key = record.isLog ? `log ${record.logger}` : `${record.operation.kind} ${record.operation.name}`;
  if (hash >= keep) return floor.take(key, mono) ? 0 : null;
  floor.sent(key, mono);
  return 1 / keep;
}

/** Whether a record would have been sent as it is without boosts. */
function isAdded(record: Weighed, { baseline, content }: Merged): boolean {
  if (record.severity !== null && record.severity < baseline.minRank) return true;
  if (record.hasContent && RANK_OF_CONTENT[content] > RANK_OF_CONTENT[baseline.content]) return true;
  const hash = baseline.keep < 1 && !record.isExempt ? record.subject.hash() : null;
  return hash !== null && hash >= baseline.keep;
}

/** Whether a boost, had it not used up its limits, would have sent what is not. */
function wouldSend({ directive: { set } }: Active, record: Weighed, isBelow: boolean): boolean {
  if (isBelow) return set.min_severity !== undefined && rankOf(set.min_severity) <= (record.severity ?? 0);
  return set.keep !== undefined && (record.subject.hash() ?? 0) < set.keep;
}

/** Decides what becomes of a record, and counts it for the directives that decided. */
export function judge(record: Weighed, { merged, matching, usedUp }: Rules, floor: Floor, mono: number): Verdict {
  for (const one of matching) if (merged.boosts.includes(one.directive) || merged.restricts.includes(one.directive)) one.hits++;

  const isBelow = record.severity !== null && record.severity < Math.min(merged.minRank, WARN);
  const weight = isBelow ? null : weightUnder(merged.keep, record, floor, mono);
  if (weight === null) {
    for (const one of usedUp) if (wouldSend(one, record, isBelow)) one.drops++;
    return { isSent: false, reason: isBelow ? 'below_severity' : 'not_kept' };
  }
  const restricts = record.isExempt ? [] : matching.filter(({ directive }) => directive.class === 'restrict');
  const full = restricts.filter(({ bucket }) => !bucket.hasRoom(mono, record.bytes));
  if (full.length > 0) {
    for (const one of full) one.drops++;
    return { isSent: false, reason: 'over_limits' };
  }
  for (const { bucket } of restricts) bucket.take(record.bytes);
  const boostedBy =
    merged.boosts.length > 0 && isAdded(record, merged)
      ? matching.filter(({ directive }) => merged.boosts.includes(directive))
      : [];
  for (const { bucket } of boostedBy) bucket.take(record.bytes);
  return { isSent: true, weight, boostedBy, merged };
}
