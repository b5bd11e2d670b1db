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
  /** Boosts and restricts that the merged values come from, where they are not those of the application. */
  readonly boosts: readonly Directive[];
  readonly restricts: readonly Directive[];
  /** Ids of both. */
  readonly ids: readonly string[];
}

/** One of the three values as a number: the higher, the more is sent. */
type Detail = (directive: Directive) => number | undefined;
const FIELDS: readonly { readonly of: Detail; readonly own: (baseline: Baseline) => number; readonly least: number }[] = [
  {
    of: ({ set }) => (set.min_severity === undefined ? undefined : -rankOf(set.min_severity)),
    own: ({ minRank }) => -minRank,
    // What is worse than a warning is always sent, so no restrict asks for less.
    least: -WARN,
  },
  { of: ({ set }) => set.keep, own: ({ keep }) => keep, least: 0 },
  {
    of: ({ set }) => (set.content === undefined ? undefined : CONTENTS.indexOf(set.content)),
    own: ({ content }) => CONTENTS.indexOf(content),
    least: 0,
  },
];

export const unchanged = (baseline: Baseline): Merged => ({
  ...baseline,
  level: baseline.content === 'full' ? 'normal' : 'metadata',
  baseline,
  boosts: [],
  restricts: [],
  ids: [],
});

/** Merges the settings of an application with directives that match; in whatever order these come, the result is the same. */
export function merge(baseline: Baseline, boosts: readonly Directive[], restricts: readonly Directive[]): Merged {
  if (boosts.length === 0 && restricts.length === 0) return unchanged(baseline);
  const changing = new Set<Directive>();
  const [least = 0, keep = 1, content = 0] = FIELDS.map(({ of, own, least: bound }) => {
    const start = own(baseline);
    const boosted = boosts.reduce((most, boost) => Math.max(most, of(boost) ?? most), start);
    /** What a restrict lowers to: never below a boost of higher priority. */
    const loweredTo = (restrict: Directive): number => {
      const wanted = of(restrict);
      if (wanted === undefined) return boosted;
      const kept = boosts.map((boost) => (boost.priority > restrict.priority ? (of(boost) ?? -Infinity) : -Infinity));
      return Math.min(boosted, Math.max(wanted, bound, ...kept));
    };
    const result = restricts.reduce((lowest, restrict) => Math.min(lowest, loweredTo(restrict)), boosted);
    if (result === start) return result;
    for (const boost of boosts) if (result > start && (of(boost) ?? -Infinity) >= result) changing.add(boost);
    for (const restrict of restricts) if (result < boosted && loweredTo(restrict) === result) changing.add(restrict);
    return result;
  });
  const merged = { minRank: -least, keep, content: CONTENTS[content] ?? baseline.content };
  const isChanging = (directive: Directive): boolean => changing.has(directive);
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
    boosts: boosts.filter(isChanging),
    restricts: restricts.filter(isChanging),
    ids: [...boosts, ...restricts]
      .filter(isChanging)
      .map(({ id }) => id)
      .sort(),
  };
}
