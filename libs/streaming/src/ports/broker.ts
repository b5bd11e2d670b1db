import { type TopicSpec } from '@telltale/contracts';
import { partitionOf, PermanentError } from '@telltale/kernel';

export type Headers = Readonly<Record<string, string>>;

/** A consumed record. Offsets are below 2^53. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly timestampMs: number;
}

/**
 * A record to write. Without `partition`, the key selects the partition (`partitionOf`); without either, the adapter distributes records.
 */
export interface OutputRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Headers;
}

/** The partition a record goes to. `spread` returns the next number for a record with neither partition nor key. */
export const partitionFor = ({ partition, key }: OutputRecord, partitions: number, spread: () => number): number =>
  partition ?? (key === null ? spread() % partitions : partitionOf(key, partitions));

/** The topics of these records, in order of first appearance. */
export const topicsOf = (records: readonly OutputRecord[]): readonly string[] => [...new Set(records.map(({ topic }) => topic))];

/** A record that is larger than its topic allows; `index` is its position in the list that was passed. */
export interface OversizedRecord {
  readonly index: number;
  readonly topic: string;
  readonly bytes: number;
  /** Maximum bytes of a record in this topic. */
  readonly limit: number;
}

/** Some records are larger than their topics allow. None of the records was written. */
export class RecordsTooLarge extends PermanentError {
  constructor(readonly oversized: readonly OversizedRecord[]) {
    super('too_large', oversized.slice(0, 3).map(describeOversized).join('; ') || 'a record is too large for its topic');
  }
}

export const describeOversized = ({ topic, bytes, limit }: OversizedRecord): string =>
  `a record for ${topic} has ${bytes} bytes, the topic allows at most ${limit}: shorten it, or raise max.message.bytes of the topic`;

/** Committed position of one task in one topic. The metadata carries the intent that starts there (see `offset-range`). */
export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string;
}

/** By topic: the offset to commit and its metadata. */
export type TaskOffsets = ReadonlyMap<string, CommittedOffset>;

/**
 * Exclusive, fenced ownership of one task: partition `partition` of every topic of the group. Every call throws FencedError once another
 * owner has taken over, and TransientError when the broker is unreachable.
 */
export interface TaskAssignment {
  readonly groupId: string;
  readonly partition: number;
  /** Topics of the group that have this partition. */
  readonly topics: readonly string[];
  /** Aborts when the task is revoked or the member leaves the group. */
  readonly lost: AbortSignal;
  /** Committed positions, read after fencing. A topic without a commit is at its log start, with metadata ''. */
  committed(): Promise<TaskOffsets>;
  /** The state of this task in a compacted state topic: the newest value of each key, as of fencing. */
  restoreState(stateTopic: string): Promise<ReadonlyMap<string, Buffer>>;
  /** The offset that the next record of a topic will have, as readers of committed records see it. */
  endOf(topic: string): Promise<number>;
  /** Sets the offset of the next read. Call it once per topic before the first `poll`. */
  seek(topic: string, offset: number): void;
  /**
   * Waits for records or for `waitMs`, then returns at most `maxRecords` records and about `maxBytes` bytes, in order per topic, and
   * advances past them. Returns only records of committed transactions.
   */
  poll(limits: { readonly maxRecords: number; readonly maxBytes: number; readonly waitMs: number }): Promise<LogRecord[]>;
  /**
   * Reads all records of [from, end) of a topic again and advances to `end`. Records that retention has deleted meanwhile are missing from
   * the result.
   */
  readRange(topic: string, from: number, end: number): Promise<LogRecord[]>;
  /**
   * One transaction: outputs (including state changes, which go to the state topic) and offsets take effect together or not at all. After a
   * TransientError the same call can be repeated and takes effect once. RecordsTooLarge names the outputs that no retry can write. Once it
   * has resolved, nothing reads the bytes of the outputs.
   */
  transact(outputs: readonly OutputRecord[], offsets: TaskOffsets): Promise<void>;
  /** Stops reading and releases the task. */
  release(): Promise<void>;
}

export interface GroupMembership {
  /** Rejects when membership is lost permanently; the process should exit. */
  readonly failed: Promise<never>;
  leave(): Promise<void>;
}

export interface TopicInfo {
  readonly name: string;
  readonly partitions: readonly { readonly partition: number; readonly start: number; readonly end: number }[];
}

/** The durable, partitioned log: Kafka, or the embedded one. */
export interface Broker {
  /** Creates missing topics; never shrinks or deletes any. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
  /**
   * Resolves when the broker has stored every record durably, exactly once; from then on nothing reads their bytes. Rejects with
   * RecordsTooLarge when none was written, or with TransientError when the broker is unreachable or does not respond: any of the records may
   * then be stored, once, and bytes may still be read. Sending them again may duplicate them, so records carry ids by which consumers drop
   * duplicates.
   */
  produce(records: readonly OutputRecord[]): Promise<void>;
  /**
   * Joins a group. The group assigns tasks through `onAssigned`, which must resolve only when it no longer uses the task. `onRebalance` is
   * called after every rebalance; a broker with a single member never calls it.
   */
  join(options: {
    readonly groupId: string;
    readonly topics: readonly string[];
    readonly onAssigned: (assignment: TaskAssignment) => Promise<void>;
    readonly onRebalance?: () => void;
  }): Promise<GroupMembership>;
  /**
   * Reads without a group, from the end or the start, until `signal` aborts; for tails, compacted tables and the DLQ. Returns only
   * committed records.
   * `partition`: only this partition of each topic.
   */
  tail(options: {
    readonly topics: readonly string[];
    readonly from: 'start' | 'end';
    readonly partition?: number;
    readonly signal: AbortSignal;
    readonly onRecords: (records: readonly LogRecord[]) => void | Promise<void>;
  }): Promise<void>;
  /** Returns up to `limit` of the newest records of a topic, or of one of its partitions, oldest first. */
  newest(topic: string, limit: number, partition?: number): Promise<LogRecord[]>;
  /**
   * By group and topic: the offset below which the group has processed every record; equals the end of the partition when there is no lag.
   */
  groupOffsets(
    groupId: string,
    topics: readonly string[],
  ): Promise<ReadonlyMap<string, readonly { readonly partition: number; readonly offset: number }[]>>;
  describe(topics: readonly string[]): Promise<TopicInfo[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
