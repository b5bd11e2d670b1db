import { type TopicSpec } from '@telltale/contracts';
import { partitionOf, PermanentError } from '@telltale/kernel';

export type Headers = Readonly<Record<string, string>>;

/** A record as it was read. Offsets are below 2^53. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly timestampMs: number;
}

/** A record to be written. Without `partition` the key decides (`partitionOf`), without either the adapter spreads. */
export interface OutputRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Headers;
}

/** The partition of a topic of `partitions` that a record goes to; `spread` gives the next number for one that leaves it open. */
export const partitionFor = ({ partition, key }: OutputRecord, partitions: number, spread: () => number): number =>
  partition ?? (key === null ? spread() % partitions : partitionOf(key, partitions));

/** Topics of these records, in the order of their first. */
export const topicsOf = (records: readonly OutputRecord[]): readonly string[] => [...new Set(records.map(({ topic }) => topic))];

/** A record that its topic does not take, by its place among those that were handed over. */
export interface OversizedRecord {
  readonly index: number;
  readonly topic: string;
  readonly bytes: number;
  /** Most bytes of a record of this topic. */
  readonly limit: number;
}

/** Some records are larger than their topics take. Nothing was written, of the others neither. */
export class RecordsTooLarge extends PermanentError {
  constructor(readonly oversized: readonly OversizedRecord[]) {
    super('too_large', oversized.slice(0, 3).map(describeOversized).join('; ') || 'a record is too large for its topic');
  }
}

export const describeOversized = ({ topic, bytes, limit }: OversizedRecord): string =>
  `a record for ${topic} has ${bytes} bytes, the topic takes at most ${limit}: shorten it, or raise max.message.bytes of the topic`;

/** Committed position of one task in one topic. Metadata names the range that was announced from there (see `offset-range`). */
export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string;
}

/** Per topic, the offset to commit and its metadata. */
export type TaskOffsets = ReadonlyMap<string, CommittedOffset>;

/**
 * Exclusive, fenced ownership of one partition: partition number `partition` of every topic of the group. All calls throw FencedError
 * once another owner has taken over, TransientError when the log cannot be reached.
 */
export interface TaskAssignment {
  readonly groupId: string;
  readonly partition: number;
  /** Topics of the group that have this partition. */
  readonly topics: readonly string[];
  /** Aborts when the task is taken away or the membership leaves. */
  readonly lost: AbortSignal;
  /** Positions read again after fencing. A topic never committed stands at its log start, with metadata ''. */
  committed(): Promise<TaskOffsets>;
  /** Everything under this task in a compacted state topic, newest value per key, as of the fence. */
  restoreState(stateTopic: string): Promise<ReadonlyMap<string, Buffer>>;
  /** Sets where reading continues. Call once per topic before the first `poll`. */
  seek(topic: string, offset: number): void;
  /**
   * Waits until there are records or `waitMs` is over, then hands out, in order per topic, at most `maxRecords` and about
   * `maxBytes` of them, and moves on past them. Only committed records are seen.
   */
  poll(limits: { readonly maxRecords: number; readonly maxBytes: number; readonly waitMs: number }): Promise<LogRecord[]>;
  /**
   * Reads the records of [from, end) of a topic again, whole, and moves on to `end`. Records that retention has taken since
   * are missing from the result.
   */
  readRange(topic: string, from: number, end: number): Promise<LogRecord[]>;
  /**
   * One transaction: outputs (state changes are outputs to the state topic) and offsets take effect together or not at all. After a
   * TransientError the same call may be made again: it takes effect once. RecordsTooLarge names the outputs that no repeat can write.
   */
  transact(outputs: readonly OutputRecord[], offsets: TaskOffsets): Promise<void>;
  /** Stops reading and gives the task back. */
  release(): Promise<void>;
}

export interface GroupMembership {
  /** Rejects when membership is lost and cannot be had again; the process should end. */
  readonly failed: Promise<never>;
  leave(): Promise<void>;
}

export interface TopicInfo {
  readonly name: string;
  readonly partitions: readonly { readonly partition: number; readonly start: number; readonly end: number }[];
}

/** The durable, partitioned log: Kafka, or the embedded one. */
export interface Broker {
  /** Creates what is missing; never shrinks or deletes. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
  /**
   * Resolves when the log has each record durably and once. Rejects with RecordsTooLarge, and has none; or with TransientError when the log
   * cannot be reached or does not answer: it may then have any of the records, once. Who sends them again may double them, so records
   * carry ids by which their readers drop repeats.
   */
  produce(records: readonly OutputRecord[]): Promise<void>;
  /**
   * Joins a group; tasks come and go through `onAssigned`, which must resolve only when it is done with the task. `onRebalance` is called
   * whenever tasks were assigned to the members again; never where there is but one member.
   */
  join(options: {
    readonly groupId: string;
    readonly topics: readonly string[];
    readonly onAssigned: (lease: TaskAssignment) => Promise<void>;
    readonly onRebalance?: () => void;
  }): Promise<GroupMembership>;
  /** Reads without a group from the end (or the start) until `signal` aborts; for tails, compacted tables, DLQ. Committed records only. */
  tail(options: {
    readonly topics: readonly string[];
    readonly from: 'start' | 'end';
    readonly signal: AbortSignal;
    readonly onRecords: (records: readonly LogRecord[]) => void | Promise<void>;
  }): Promise<void>;
  /** Reads up to `limit` of the newest records of a topic, oldest first. */
  newest(topic: string, limit: number): Promise<LogRecord[]>;
  /** Per group and topic, the offset below which the group has processed every record, for lag: at the end of a partition when there is nothing left. */
  groupOffsets(
    groupId: string,
    topics: readonly string[],
  ): Promise<ReadonlyMap<string, readonly { readonly partition: number; readonly offset: number }[]>>;
  describe(topics: readonly string[]): Promise<TopicInfo[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
