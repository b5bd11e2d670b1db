import { type Content, CONTENTS, type Rank, rankOf, WARN } from '../severity';
import { type Directive } from './directive';

/** What an application asks for itself. */
export interface Baseline {
  readonly minRank: Rank;
  readonly keep: number;
  readonly content: Content;
}

export interface Merged extends Baseline {
  readonly level: 'metadata' | 'normal' | 'full' | 'debug';
  /** What the application asked for, of which directives changed something. */
  readonly baseline: Baseline;
  /** For each value, the directives that make it another than that of the application. */
  readonly by: Readonly<Record<keyof Baseline, readonly Directive[]>>;
}

/** One of the three values as a number: the higher, the more is sent. */
interface Field {
  readonly of: (directive: Directive) => number | undefined;
  readonly own: (baseline: Baseline) => number;
  readonly least: number;
}
const SEVERITY: Field = {
  of: ({ set }) => (set.min_severity === undefined ? undefined : -rankOf(set.min_severity)),
  own: ({ minRank }) => -minRank,
  // What is worse than a warning is always sent, so no restrict asks for less.
  least: -WARN,
};
const KEEP: Field = { of: ({ set }) => set.keep, own: ({ keep }) => keep, least: 0 };
const CONTENT: Field = {
  of: ({ set }) => (set.content === undefined ? undefined : CONTENTS.indexOf(set.content)),
  own: ({ content }) => CONTENTS.indexOf(content),
  least: 0,
};

export const unchanged = (baseline: Baseline): Merged => ({
  ...baseline,
  level: baseline.content === 'full' ? 'normal' : 'metadata',
  baseline,
  by: { minRank: [], keep: [], content: [] },
});

/** Merges the settings of an application with directives that match; in whatever order these come, the result is the same. */
export function merge(baseline: Baseline, boosts: readonly Directive[], restricts: readonly Directive[]): Merged {
  if (boosts.length === 0 && restricts.length === 0) return unchanged(baseline);
  const mergeField = ({ of, own, least: bound }: Field): { readonly value: number; readonly by: readonly Directive[] } => {
    const start = own(baseline);
    const boosted = boosts.reduce((most, boost) => Math.max(most, of(boost) ?? most), start);
    /** What a restrict lowers to: never below a boost of higher priority. */
    const loweredTo = (restrict: Directive): number => {
      const wanted = of(restrict);
      if (wanted === undefined) return boosted;
      const kept = boosts.map((boost) => (boost.priority > restrict.priority ? (of(boost) ?? -Infinity) : -Infinity));
      return Math.min(boosted, Math.max(wanted, bound, ...kept));
    };
    const value = restricts.reduce((lowest, restrict) => Math.min(lowest, loweredTo(restrict)), boosted);
    if (value === start) return { value, by: [] };
    const raisers = boosts.filter((boost) => (of(boost) ?? -Infinity) > start);
    return { value, by: value > start ? raisers : restricts.filter((restrict) => loweredTo(restrict) < boosted) };
  };
  const [severity, keep, content] = [mergeField(SEVERITY), mergeField(KEEP), mergeField(CONTENT)];
  const merged = { minRank: -severity.value, keep: keep.value, content: CONTENTS[content.value] ?? baseline.content };
  const level =
    merged.content !== 'full'
      ? 'metadata'
      : merged.minRank < baseline.minRank
        ? 'debug'
        : baseline.content !== 'full'
          ? 'full'
          : 'normal';
  return {
    ...merged,
    level,
    baseline,
    by: { minRank: severity.by, keep: keep.by, content: content.by },
  };
}
