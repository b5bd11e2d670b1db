import { partitionOf } from '@telltale/kernel';

/** The good items by the lane that their trace's key goes to, in order of first item; as many sets as lanes are met. */
export function lanesOf(
  traces: ReadonlyMap<number, string>,
  lanes: number,
  bad: ReadonlySet<number>,
): readonly ReadonlySet<number>[] {
  const byLane = new Map<number, Set<number>>();
  for (const [index, trace] of traces) {
    if (bad.has(index)) continue;
    const lane = partitionOf(trace, lanes);
    const items = byLane.get(lane);
    if (items) items.add(index);
    else byLane.set(lane, new Set([index]));
  }
  return [...byLane.values()];
}
