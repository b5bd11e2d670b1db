import { type OutputRecord } from '@telltale/engine';
import { partitionOf, PermanentError } from '@telltale/kernel';
import { type Message, type TopicMessages } from 'kafkajs';

/** kafkajs does not split by bytes and brokers refuse batches above 1 MiB. */
export const CHUNK_BYTES = 900_000;
const MAX_RECORD_BYTES = 1_000_000;
const RECORD_OVERHEAD_BYTES = 70;

function sizeOf(record: OutputRecord): number {
  let bytes =
    RECORD_OVERHEAD_BYTES + (record.value === null ? 0 : Buffer.byteLength(record.value)) + (record.key?.length ?? 0) * 3;
  for (const [name, value] of Object.entries(record.headers ?? {})) bytes += name.length + value.length * 3;
  return bytes;
}

/** Rounds of requests; in each, every partition has at most one batch below the limit. Order within a partition is kept. */
export async function chunkRecords(
  records: readonly OutputRecord[],
  partitionsOf: (topic: string) => Promise<number>,
  spread: () => number,
): Promise<TopicMessages[][]> {
  const rounds: Map<string, Message[]>[] = [];
  const filling = new Map<string, { round: number; bytes: number }>();
  const counts = new Map<string, number>();
  for (const { topic } of records) if (!counts.has(topic)) counts.set(topic, await partitionsOf(topic));
  for (const record of records) {
    const bytes = sizeOf(record);
    if (bytes > MAX_RECORD_BYTES)
      throw new PermanentError(
        'too_large',
        `a record for ${record.topic} has ${bytes} bytes, at most ${MAX_RECORD_BYTES} are taken`,
      );
    const count = counts.get(record.topic) ?? 1;
    const partition = record.partition ?? (record.key === null ? spread() % count : partitionOf(record.key, count));
    const slot = `${record.topic}/${partition}`;
    let at = filling.get(slot);
    if (!at) filling.set(slot, (at = { round: 0, bytes: 0 }));
    if (at.bytes > 0 && at.bytes + bytes > CHUNK_BYTES) {
      at.round++;
      at.bytes = 0;
    }
    at.bytes += bytes;
    const round = (rounds[at.round] ??= new Map());
    const messages = round.get(record.topic) ?? [];
    if (messages.length === 0) round.set(record.topic, messages);
    messages.push({
      key: record.key,
      value: record.value,
      partition,
      ...(record.headers ? { headers: { ...record.headers } } : {}),
    });
  }
  return rounds.map((round) => [...round].map(([topic, messages]) => ({ topic, messages })));
}
