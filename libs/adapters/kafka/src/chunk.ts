import { type OutputRecord, type OversizedRecord, partitionFor, RecordsTooLarge, topicsOf } from '@telltale/streaming';
import { type TopicMessages } from 'kafkajs';
import { GroupedMessages } from './grouped-messages';

/** Target size of a batch; kafkajs does not split by bytes. Larger batches gain nothing, even where a topic allows them. */
export const CHUNK_BYTES = 900_000;
/** Batch header (61 bytes), and what compression may add to incompressible data, beyond a thousandth. */
const BATCH_OVERHEAD_BYTES = 128;
/** Maximum size of the lengths, deltas and attributes of a record, and of a header. */
const RECORD_OVERHEAD_BYTES = 40;
const HEADER_OVERHEAD_BYTES = 10;
/** Before a record is rejected for a limit older than this, the limit is read again: it may have been raised. */
const LIMIT_AGE_MS = 10_000;

/** What is needed to split requests. */
export interface TopicFacts {
  partitionsOf(topic: string): Promise<number>;
  /** `max.message.bytes`, at most `maxAgeMs` old. */
  limitOf(topic: string, maxAgeMs: number): Promise<number>;
}

/** Upper bound of the bytes that the client writes. Keys and headers count as three bytes per character unless `exact`. */
function sizeOf(record: OutputRecord, exact: boolean): number {
  const bytesOf = (text: string): number => (exact ? Buffer.byteLength(text) : text.length * 3);
  let bytes = RECORD_OVERHEAD_BYTES + (record.value === null ? 0 : Buffer.byteLength(record.value)) + bytesOf(record.key ?? '');
  for (const [name, value] of Object.entries(record.headers ?? {}))
    bytes += HEADER_OVERHEAD_BYTES + bytesOf(name) + bytesOf(value);
  return bytes;
}

/** Bytes available for records in a batch below the limit. */
const roomIn = (limit: number): number => Math.floor(limit * 0.999) - BATCH_OVERHEAD_BYTES;

async function checkSizes(
  records: readonly OutputRecord[],
  suspects: readonly number[],
  limitOf: TopicFacts['limitOf'],
): Promise<void> {
  const oversized: OversizedRecord[] = [];
  for (const index of suspects) {
    const record = records[index] as OutputRecord;
    const limit = await limitOf(record.topic, LIMIT_AGE_MS);
    const bytes = sizeOf(record, true);
    if (bytes > roomIn(limit)) oversized.push({ index, topic: record.topic, bytes: bytes + BATCH_OVERHEAD_BYTES, limit });
  }
  if (oversized.length > 0) throw new RecordsTooLarge(oversized);
}

/**
 * Splits records into rounds of requests: in each round every partition has at most one batch, within the limit of its topic. Keeps the
 * order within a partition. Throws RecordsTooLarge when a single record exceeds the limit of its topic.
 */
export async function chunkRecords(
  records: readonly OutputRecord[],
  { partitionsOf, limitOf }: TopicFacts,
  spread: () => number,
): Promise<TopicMessages[][]> {
  const rounds: Map<string, GroupedMessages>[] = [];
  const filling = new Map<string, { round: number; bytes: number }>();
  const facts = new Map<string, { readonly partitions: number; readonly room: number }>();
  for (const topic of topicsOf(records))
    facts.set(topic, { partitions: await partitionsOf(topic), room: roomIn(await limitOf(topic, Infinity)) });
  const suspects: number[] = [];
  for (const [index, record] of records.entries()) {
    const { partitions: count, room } = facts.get(record.topic) ?? { partitions: 1, room: 0 };
    const bytes = sizeOf(record, false);
    if (bytes > room) suspects.push(index);
    const partition = partitionFor(record, count, spread);
    const slot = `${record.topic}/${partition}`;
    let at = filling.get(slot);
    if (!at) filling.set(slot, (at = { round: 0, bytes: 0 }));
    if (at.bytes > 0 && at.bytes + bytes > Math.min(CHUNK_BYTES, room)) {
      at.round++;
      at.bytes = 0;
    }
    at.bytes += bytes;
    const round = (rounds[at.round] ??= new Map());
    let messages = round.get(record.topic);
    if (!messages) round.set(record.topic, (messages = new GroupedMessages()));
    messages.add(partition, record);
  }
  if (suspects.length > 0) await checkSizes(records, suspects, limitOf);
  return rounds.map((round) => [...round].map(([topic, messages]) => ({ topic, messages })));
}
