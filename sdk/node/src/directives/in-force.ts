import { type Clock } from '../clock';
import { type Rank, rankOf } from '../severity';
import { type Directive, type DirectiveSet } from './directive';
import { isMatch, isPlace, type Matched, type Place } from './match';
import { type Baseline, merge, type Merged, unchanged } from './merge';
import { createTokenBucket, type TokenBucket } from './token-bucket';

export interface DirectiveCounts {
  readonly id: string;
  readonly hits: number;
  readonly drops: number;
  readonly bytes: number;
}

/** A directive of the set, and what it did since it was last reported. */
export interface Active {
  readonly directive: Directive;
  readonly endsAt: number;
  readonly bucket: TokenBucket;
  hits: number;
  drops: number;
  bytes: number;
}

/** What holds for a record. */
export interface Rules {
  readonly merged: Merged;
  readonly matching: readonly Active[];
  /** Boosts that would count, had they not used up their limits. */
  readonly usedUp: readonly Active[];
}

/** The directives in force in this process. */
export interface InForce {
  /** Swaps the set as a whole. */
  apply(set: DirectiveSet): void;
  readonly hash: string;
  rulesFor(matched: Matched & { readonly bytes: number }): Rules;
  /** Nothing below this severity can be sent, whatever it matches. */
  leastRank(): Rank;
  /** Boosts in force that ask for what rings hold. */
  flushes(): readonly Active[];
  /** How long until the next directive ends by itself; null where none does. */
  nextEndMs(): number | null;
  /** Takes the counts since the last time. */
  takeCounts(): DirectiveCounts[];
  /** Gives counts back that could not be reported. */
  putBack(counts: readonly DirectiveCounts[]): void;
}

/** Directives that ended and whose counts wait to be reported. */
const MAX_ENDED = 200;
const countsOf = ({ directive, hits, drops, bytes }: Active): DirectiveCounts => ({ id: directive.id, hits, drops, bytes });
const isSomething = ({ hits, drops, bytes }: DirectiveCounts): boolean => hits + drops + bytes > 0;

const sameLimits = (a: Directive, b: Directive): boolean =>
  a.limits.records_per_s === b.limits.records_per_s && a.limits.bytes_per_min === b.limits.bytes_per_min;

export function createInForce(baseline: Baseline, place: Place, clock: Clock): InForce {
  const nothing: Rules = { merged: unchanged(baseline), matching: [], usedUp: [] };
  let hash = '';
  let set: readonly Active[] = [];
  /** Those of the set that records of this process can match, and that have not ended when last looked at. */
  let live: readonly Active[] = [];
  let nextEnd = Infinity;
  /** What directives did that are not in the set any more, and have not been reported. */
  let ended: DirectiveCounts[] = [];
  let least = baseline.minRank;

  function refresh(mono: number): void {
    live = set.filter(({ directive, endsAt }) => endsAt > mono && isPlace(directive.target, place));
    nextEnd = Math.min(Infinity, ...live.map(({ endsAt }) => endsAt));
    const ranks = live.flatMap(({ directive }) =>
      directive.class === 'boost' && directive.set.min_severity ? [rankOf(directive.set.min_severity)] : [],
    );
    least = Math.min(baseline.minRank, ...ranks);
  }

  const alive = (): readonly Active[] => {
    if (live.length === 0) return live;
    const mono = clock.mono();
    if (mono >= nextEnd) refresh(mono);
    return live;
  };

  function rulesOf(matching: readonly Active[], bytes: number): Rules {
    const boosts: Directive[] = [];
    const restricts: Directive[] = [];
    const usedUp: Active[] = [];
    for (const one of matching)
      if (one.directive.class === 'restrict') restricts.push(one.directive);
      else if (one.bucket.hasRoom(clock.mono(), bytes)) boosts.push(one.directive);
      else usedUp.push(one);
    return { merged: merge(baseline, boosts, restricts), matching, usedUp };
  }

  return {
    get hash() {
      return hash;
    },
    apply(next) {
      const mono = clock.mono();
      const former = new Map(set.map((one) => [one.directive.id, one]));
      set = next.directives.map((directive) => {
        const before = former.get(directive.id);
        const { hits, drops, bytes } = before ?? { hits: 0, drops: 0, bytes: 0 };
        const bucket =
          before && sameLimits(before.directive, directive) ? before.bucket : createTokenBucket(directive.limits, mono);
        return { directive, endsAt: mono + directive.livesMs, bucket, hits, drops, bytes };
      });
      const present = new Set(next.directives.map(({ id }) => id));
      const gone = [...former.values()].filter(({ directive }) => !present.has(directive.id)).map(countsOf);
      ended = [...ended, ...gone.filter(isSomething)].slice(-MAX_ENDED);
      hash = next.hash;
      refresh(mono);
    },
    rulesFor(matched) {
      const candidates = alive();
      if (candidates.length === 0) return nothing;
      const matching = candidates.filter(({ directive }) => isMatch(directive.target, matched));
      return matching.length === 0 ? nothing : rulesOf(matching, matched.bytes);
    },
    leastRank: () => {
      alive();
      return least;
    },
    flushes: () => alive().filter(({ directive }) => directive.class === 'boost' && directive.set.flush === true),
    nextEndMs: () => (alive().length === 0 ? null : Math.max(0, nextEnd - clock.mono())),
    takeCounts() {
      const counts = [...ended, ...set.map(countsOf)];
      ended = [];
      for (const one of set) one.hits = one.drops = one.bytes = 0;
      return counts;
    },
    putBack(counts) {
      const byId = new Map(counts.map((one) => [one.id, one]));
      for (const one of set) {
        const back = byId.get(one.directive.id);
        one.hits += back?.hits ?? 0;
        one.drops += back?.drops ?? 0;
        one.bytes += back?.bytes ?? 0;
        byId.delete(one.directive.id);
      }
      ended = [...byId.values()].filter(isSomething).slice(-MAX_ENDED);
    },
  };
}
