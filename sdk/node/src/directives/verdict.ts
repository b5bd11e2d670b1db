import { type Content, type Rank, rankOf, WARN } from '../severity';
import { type Directive } from './directive';
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

type HeldReason = 'below_severity' | 'not_kept' | 'over_limits';
export type Verdict =
  | {
      readonly isSent: true;
      readonly weight: number;
      /** Directives that changed something about the record. */
      readonly changedBy: readonly Active[];
      /** Those of them that its bytes count for. */
      readonly boostedBy: readonly Active[];
      readonly merged: Merged;
    }
  | { readonly isSent: false; readonly reason: HeldReason };

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

/** The directives without which something about the record were different. */
function changersOf(record: Weighed, { minRank, keep, content, baseline, by }: Merged, isSent: boolean): ReadonlySet<Directive> {
  const found = new Set<Directive>();
  const add = (directives: readonly Directive[]): void => directives.forEach((one) => found.add(one));
  const { severity } = record;
  if (!record.isExempt && severity !== null) {
    const asksForIt = ({ set }: Directive): boolean => set.min_severity !== undefined && rankOf(set.min_severity) <= severity;
    if (minRank <= severity && severity < baseline.minRank) add(by.minRank.filter(asksForIt));
    if (baseline.minRank <= severity && severity < minRank) add(by.minRank.filter((one) => !asksForIt(one)));
  }
  if (!record.isExempt && keep !== baseline.keep && record.subject.hash() !== null) add(by.keep);
  if (isSent && content !== baseline.content) add(by.content);
  return found;
}

/** Decides what becomes of a record, and counts it for the directives that decided. */
export function judge(record: Weighed, rules: Rules, floor: Floor, mono: number): Verdict {
  const { merged, matching, usedUp } = rules;
  const countChangers = (isSent: boolean): readonly Active[] => {
    const changers = changersOf(record, merged, isSent);
    const changedBy = matching.filter(({ directive }) => changers.has(directive));
    for (const one of changedBy) one.hits++;
    return changedBy;
  };
  const hold = (reason: HeldReason): Verdict => {
    countChangers(false);
    return { isSent: false, reason };
  };

  const isBelow = record.severity !== null && record.severity < Math.min(merged.minRank, WARN);
  const weight = isBelow ? null : weightUnder(merged.keep, record, floor, mono);
  if (weight === null) {
    for (const one of usedUp) if (wouldSend(one, record, isBelow)) one.drops++;
    return hold(isBelow ? 'below_severity' : 'not_kept');
  }
  const restricts = record.isExempt ? [] : matching.filter(({ directive }) => directive.class === 'restrict');
  const full = restricts.filter(({ bucket }) => !bucket.hasRoom(mono, record.bytes));
  if (full.length > 0) {
    for (const one of full) one.drops++;
    return hold('over_limits');
  }
  for (const { bucket } of restricts) bucket.take(record.bytes);
  const changedBy = countChangers(true);
  const boostedBy = isAdded(record, merged) ? changedBy.filter(({ directive }) => directive.class === 'boost') : [];
  for (const { bucket } of boostedBy) bucket.take(record.bytes);
  return { isSent: true, weight, changedBy, boostedBy, merged };
}
