/** Turns of one service, intent and model: how many, how many were answered, and what those with a known cost cost. */
export interface OutcomeStats {
  readonly turns: number;
  readonly answered: number;
  readonly priced: number;
  readonly nano: number;
}
export const NO_STATS: OutcomeStats = { turns: 0, answered: 0, priced: 0, nano: 0 };

export const addStats = (a: OutcomeStats, b: OutcomeStats, sign: 1 | -1 = 1): OutcomeStats => ({
  turns: Math.max(0, a.turns + sign * b.turns),
  answered: Math.max(0, a.answered + sign * b.answered),
  priced: Math.max(0, a.priced + sign * b.priced),
  nano: Math.max(0, a.nano + sign * b.nano),
});

const Z = 1.96;

/** Wilson's interval of 95 % of a share. */
function wilson(hits: number, of: number): readonly [low: number, high: number] {
  const share = hits / of;
  const middle = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return [middle - half, middle + half];
}

export interface Difference {
  readonly by: number;
  readonly low: number;
  readonly high: number;
}

/** How many more of `a` were answered than of `b`, as shares, with Newcombe's interval of 95 %. */
export function moreAnswered(a: OutcomeStats, b: OutcomeStats): Difference {
  const [p, q] = [a.answered / a.turns, b.answered / b.turns];
  const [[aLow, aHigh], [bLow, bHigh]] = [wilson(a.answered, a.turns), wilson(b.answered, b.turns)];
  return {
    by: p - q,
    low: p - q - Math.sqrt((p - aLow) ** 2 + (bHigh - q) ** 2),
    high: p - q + Math.sqrt((aHigh - p) ** 2 + (q - bLow) ** 2),
  };
}

/** Fewer turns prove nothing. */
const LEAST_TURNS = 50;
/** Outcomes are as good when, at worst, so many fewer are answered. */
const MARGIN = 0.05;
/** A model that costs more than this part of another is no cheaper one. */
const CHEAPER = 0.7;

const meanOf = ({ nano, priced }: OutcomeStats): number => nano / priced;
export const isAsGood = (one: OutcomeStats, other: OutcomeStats): boolean =>
  one.turns >= LEAST_TURNS && other.turns >= LEAST_TURNS && moreAnswered(one, other).low >= -MARGIN;

export interface Alternative {
  readonly name: string;
  readonly stats: OutcomeStats;
  /** What a turn costs with it, as part of what it costs now. */
  readonly costs: number;
  readonly difference: Difference;
}

/** The cheapest of others that does as well for clearly less; null when none does. */
export function cheaperAlternative(of: OutcomeStats, others: readonly (readonly [name: string, stats: OutcomeStats])[]): Alternative | null {
  if (of.priced < LEAST_TURNS) return null;
  const found = others.flatMap(([name, stats]): Alternative[] => {
    if (stats.priced < LEAST_TURNS || !isAsGood(stats, of)) return [];
    const costs = meanOf(stats) / meanOf(of);
    return costs <= CHEAPER ? [{ name, stats, costs, difference: moreAnswered(stats, of) }] : [];
  });
  return found.sort((a, b) => a.costs - b.costs || (a.name < b.name ? -1 : 1))[0] ?? null;
} // prettier-ignore
