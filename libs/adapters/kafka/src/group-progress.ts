import { type Clock } from '@telltale/kernel';
import { type KafkaContext } from './kafka-options';
import { type ScanSpan, scanTopic } from './partition-scan';
import { type TopicAdmin } from './topic-admin';

type Offsets = readonly { readonly partition: number; readonly offset: number }[];

/** A group that is further behind than this has more to read than transaction markers. */
const MOST_SCANNED = 1_000;

/**
 * How far groups have read. Every transaction ends with a marker that takes an offset and that no consumer receives; aborted records take
 * offsets as well. So a group that has processed every record has a committed offset below the end of the partition. When only such offsets
 * are left, this returns the end. A span is scanned once, and again when either offset has moved.
 */
export function createGroupProgress(context: KafkaContext, admin: TopicAdmin, clock: Clock) {
  const scanned = new Map<string, { readonly from: number; readonly end: number; readonly isEmpty: boolean }>();
  const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;
  const isScanned = (topic: string, { partition, from, end }: ScanSpan): boolean => {
    const known = scanned.get(keyOf(topic, partition));
    return known?.from === from && known.end === end;
  };

  return async function pastMarkers(topic: string, committed: Offsets): Promise<Offsets> {
    if (committed.length === 0) return committed;
    const bounds = new Map((await admin.offsetsOf(topic)).map((info) => [info.partition, info]));
    const spans = committed.flatMap(({ partition, offset }): ScanSpan[] => {
      const { start = 0, end = 0 } = bounds.get(partition) ?? {};
      const from = Math.max(start, offset);
      return end > from && end - from <= MOST_SCANNED ? [{ partition, from, end }] : [];
    });
    const unknown = spans.filter((span) => !isScanned(topic, span));
    const occupied = new Set<number>();
    await scanTopic(context, admin, clock, topic, unknown, (records) =>
      records.forEach(({ partition }) => occupied.add(partition)),
    );
    for (const { partition, from, end } of unknown)
      scanned.set(keyOf(topic, partition), { from, end, isEmpty: !occupied.has(partition) });
    const ends = new Map(
      spans
        .filter(({ partition }) => scanned.get(keyOf(topic, partition))?.isEmpty)
        .map(({ partition, end }) => [partition, end]),
    );
    return committed.map(({ partition, offset }) => ({ partition, offset: ends.get(partition) ?? offset }));
  };
}
