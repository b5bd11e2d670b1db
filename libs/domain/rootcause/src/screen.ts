import { type Counts } from './statistics';
import { sameValue, type Value, type ValueCounts } from './values';

/** Most values whose turns are counted together: one bit of 64 each. */
export const MAX_VALUES = 56;
const SUSPECTS = 28;
const USUALLY_BAD = 14;

const totalOf = ({ bad, good }: Counts): number => bad + good;
const shareOf = (counts: Counts, prior: number): number => (counts.bad + 2 * prior) / (totalOf(counts) + 2);

/** Log-likelihood that the observed share gains over the expected one. */
function gainOver({ bad, good }: Counts, expected: number): number {
  const total = bad + good;
  if (total === 0) return 0;
  const p = Math.min(Math.max(expected, 1e-4), 1 - 1e-4);
  const own = bad / total;
  return (bad > 0 ? bad * Math.log(own / p) : 0) + (good > 0 ? good * Math.log((1 - own) / (1 - p)) : 0);
}

/**
 * The values worth a closer look, of all there are: those with more bad turns than they had before, those that always had more than others or take
 * another share of the traffic (what a rise may be confused with), and those that are asked for.
 */
export function screenValues(values: readonly ValueCounts[], before: Counts, after: Counts, always: readonly Value[]): Value[] {
  const usual = totalOf(before) > 0 ? before.bad / totalOf(before) : shareOf(after, 0.1);
  const rated = values.map((one) => {
    const expected = shareOf(one.before, usual);
    const more = totalOf(one.after) > 0 && one.after.bad / totalOf(one.after) > expected;
    const shares = [totalOf(one.before) / Math.max(1, totalOf(before)), totalOf(one.after) / Math.max(1, totalOf(after))];
    const moved = Math.abs((shares[1] ?? 0) - (shares[0] ?? 0)) * Math.abs(expected - usual) * totalOf(after);
    return {
      one,
      suspicion: more ? gainOver(one.after, expected) : 0,
      habit: Math.max(gainOver(one.before, usual), moved),
    };
  });
  const chosen: Value[] = [];
  const add = (list: readonly { readonly one: ValueCounts }[], most: number): void => {
    for (const { one } of list.slice(0, most))
      if (chosen.length < MAX_VALUES && !chosen.some((value) => sameValue(value, one)))
        chosen.push({ dimension: one.dimension, value: one.value });
  };
  add(rated.filter(({ one }) => always.some((value) => sameValue(value, one))).sort((a, b) => b.suspicion - a.suspicion), 12); // prettier-ignore
  add([...rated].filter(({ suspicion }) => suspicion > 0).sort((a, b) => b.suspicion - a.suspicion), SUSPECTS); // prettier-ignore
  add([...rated].filter(({ habit }) => habit > 1).sort((a, b) => b.habit - a.habit), USUALLY_BAD); // prettier-ignore
  add(
    [...rated].sort((a, b) => b.suspicion + b.habit - a.suspicion - a.habit),
    rated.length,
  );
  return chosen;
}
