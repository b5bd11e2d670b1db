import { type LogRecord } from '@telltale/streaming';

const HIGH_BYTES = 16 * 1024 * 1024;
const LOW_BYTES = 4 * 1024 * 1024;

/** Records of one partition that the client fetched ahead of the task, bounded in bytes. */
export interface TopicBuffer {
  readonly topic: string;
  /** The next offset to accept; records before it are skipped. */
  next(): number;
  /** Restarts at `offset` and discards the buffered records. */
  restart(offset: number): void;
  /** Skips offsets that the log no longer has. */
  skipTo(offset: number): void;
  /** True when the batch continues the buffer; false when it is from before a seek and must be fetched again. */
  offer(records: readonly LogRecord[], fetchedFrom: number): boolean;
  /** Removes and returns records below `before`, up to the limits. */
  take(maxRecords: number, maxBytes: number, before?: number): LogRecord[];
  /** After a rejoin the client may be at another offset: accept nothing until a batch continues the buffer. */
  distrust(): void;
  /** Offset of the first buffered record, if any. */
  head(): number | undefined;
  isFull(): boolean;
  isLow(): boolean;
}

const RECORD_OVERHEAD_BYTES = 200;
export const heldBytes = (record: LogRecord): number => (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES;

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
    skipTo: (offset) => void (next = Math.max(next, offset)),
    distrust: () => void (trusted = false),
    offer(batch, fetchedFrom) {
      // Once a batch continued the buffer, the client's own position is continuous; offsets skip control records.
      if (!trusted && fetchedFrom > next) return false;
      trusted = true;
      for (const record of batch) {
        if (record.offset < next) continue;
        records.push(record);
        bytes += heldBytes(record);
        next = record.offset + 1;
      }
      return true;
    },
    take(maxRecords, maxBytes, before = Infinity) {
      let count = 0;
      let taken = 0;
      for (const record of records) {
        if (count >= maxRecords || taken >= maxBytes || record.offset >= before) break;
        taken += heldBytes(record);
        count++;
      }
      bytes -= taken;
      return records.splice(0, count);
    },
    head: () => records[0]?.offset,
    isFull: () => bytes >= HIGH_BYTES,
    isLow: () => bytes < LOW_BYTES,
  };
}
