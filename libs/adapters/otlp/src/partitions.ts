import { partitionOf } from '@telltale/kernel';

/** The good items by the partition that their trace's key goes to, in order of first item; as many sets as partitions are met. */
export function partitionByTrace(
  traces: ReadonlyMap<number, string>,
  partitions: number,
  bad: ReadonlySet<number>,
): readonly ReadonlySet<number>[] {
  const byPartition = new Map<number, Set<number>>();
  for (const [index, trace] of traces) {
    if (bad.has(index)) continue;
    const partition = partitionOf(trace, partitions);
    const items = byPartition.get(partition);
    if (items) items.add(index);
    else byPartition.set(partition, new Set([index]));
  }
  return [...byPartition.values()];
}
