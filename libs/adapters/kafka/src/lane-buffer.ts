import { type LogRecord } from '@telltale/engine';

const HIGH_BYTES = 16 * 1024 * 1024;
const LOW_BYTES = 4 * 1024 * 1024;

/** What the client has fetched of one partition ahead of the lane, bounded in bytes. */
export interface TopicBuffer {
  readonly topic: string;
  /** The next offset it wants; what lies before is passed over. */
  next(): number;
  /** Starts anew at `offset`; what is held is thrown away. */
  restart(offset: number): void;
  /** True when the batch continues the stream; false when it comes from before a seek and must be asked for again. */
  offer(records: readonly LogRecord[], fetchedFrom: number): boolean;
  take(maxRecords: number, maxBytes: number): LogRecord[];
  /** After the group was joined anew the client may stand elsewhere: trust nothing until a batch connects. */
  distrust(): void;
  readonly isFull: () => boolean;
  readonly isLow: () => boolean;
  readonly held: () => number;
}

const bytesOf = (record: LogRecord): number => (record.value?.length ?? 0) + 200;

export function createTopicBuffer(topic: string): TopicBuffer {
  let records: LogRecord[] = [];
  let bytes = 0;
  let next = 0;
  let trusted = false;
  return {
    topic,
    next: () => next,
    restart(offset) {
      records = [];
      bytes = 0;
      next = offset;
      trusted = false;
    },
    distrust: () => void (trusted = false),
    offer(batch, fetchedFrom) {
      // Once a batch has connected, the client's own position is continuous; offsets skip control records.
      if (!trusted && fetchedFrom > next) return false;
      trusted = true;
      for (const record of batch) {
        if (record.offset < next) continue;
        records.push(record);
        bytes += bytesOf(record);
        next = record.offset + 1;
      }
      return true;
    },
    take(maxRecords, maxBytes) {
      let count = 0;
      let taken = 0;
      while (count < records.length && count < maxRecords && taken < maxBytes) taken += bytesOf(records[count++] as LogRecord);
      bytes -= taken;
      return records.splice(0, count);
    },
    isFull: () => bytes >= HIGH_BYTES,
    isLow: () => bytes < LOW_BYTES,
    held: () => records.length,
  };
}
