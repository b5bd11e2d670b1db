import { type Broker } from '../ports/broker';

/** Records that a group has not processed yet, by topic. */
export async function groupLag(
  broker: Pick<Broker, 'groupOffsets' | 'describe'>,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const [offsets, infos] = await Promise.all([broker.groupOffsets(groupId, topics), broker.describe(topics)]);
  return new Map(
    infos.map(({ name, partitions }) => {
      const processed = new Map((offsets.get(name) ?? []).map(({ partition, offset }) => [partition, offset]));
      const lags = partitions.map(({ partition, start, end }) =>
        Math.max(0, end - Math.max(start, processed.get(partition) ?? start)),
      );
      return [name, lags.reduce((sum, lag) => sum + lag, 0)];
    }),
  );
}
