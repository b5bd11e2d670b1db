import { localize, reachedFrom } from '@telltale/domain-rootcause';
import { type PetshopIssue, readPetshop } from './petshop-data';
import { callees, largestChange, largestDeviation } from './petshop-peers';

type Ranker = (issue: PetshopIssue) => string[];

interface TopK {
  readonly top1: number;
  readonly top3: number;
}

export interface PetshopFigures extends TopK {
  readonly issues: number;
  /** Three components at random of those that the target reaches. */
  readonly chance_top3: number;
  readonly lift: number;
  /** Of the part that is for testing; constants were chosen without it. */
  readonly test: TopK & { readonly issues: number };
  readonly peers: Readonly<Record<string, TopK>>;
  readonly missed: readonly string[];
}

const rounded = (value: number): number => Math.round(1_000 * value) / 1_000;
const ratio = (hits: number, of: number): number => (of === 0 ? 0 : rounded(hits / of));

/** The target itself is what the question is about. */
const ranked = (ids: readonly string[], { target }: PetshopIssue): string[] => ids.filter((id) => id !== target);

const ownCause: Ranker = ({ components, calls, target, metric }) =>
  localize(components, calls, { target, areShares: metric === 'availability' }).map(({ id }) => id);

const PEERS: Readonly<Record<string, Ranker>> = {
  largest_deviation: largestDeviation,
  largest_relative_change: largestChange,
  callee_traversal: callees,
};

function topK(issues: readonly PetshopIssue[], rank: Ranker): TopK {
  const places = issues.map((issue) => ranked(rank(issue), issue).indexOf(issue.rootCause));
  const within = (k: number): number => places.filter((place) => place >= 0 && place < k).length;
  return { top1: ratio(within(1), issues.length), top3: ratio(within(3), issues.length) };
}

/** Faults of a public set of microservices: which component they came from, of those the target calls. */
export function evaluatePetshop(path: string): Promise<PetshopFigures> {
  const issues = readPetshop(path);
  const own = topK(issues, ownCause);
  const chance = issues.reduce((sum, { calls, target }) => sum + Math.min(1, 3 / Math.max(1, reachedFrom(target, calls).size - 1)), 0) / issues.length; // prettier-ignore
  const test = issues.filter(({ part }) => part === 'test');
  return Promise.resolve({
    issues: issues.length,
    ...own,
    chance_top3: rounded(chance),
    lift: rounded(own.top3 / chance),
    test: { issues: test.length, ...topK(test, ownCause) },
    peers: Object.fromEntries(Object.entries(PEERS).map(([name, rank]) => [name, topK(issues, rank)])),
    missed: issues.flatMap((issue) => {
      const [first = 'nothing'] = ranked(ownCause(issue), issue);
      return first === issue.rootCause ? [] : [`${issue.name}: ${first} instead of ${issue.rootCause}`];
    }),
  });
}
