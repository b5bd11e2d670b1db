import { type CommittedOffset } from '@telltale/streaming';
import { type Database } from 'lmdb';

export type RecordKey = [topic: number, partition: number, offset: number];

export interface TopicMeta {
  readonly id: number;
  readonly partitions: number;
  readonly compact: boolean;
  readonly retentionMs: number;
}

/** The databases of one log. */
export interface Tables {
  readonly records: Database<Buffer, RecordKey>;
  /** Offset of the newest record of each key of compacted topics. */
  readonly latest: Database<number, [number, number, string]>;
  /** The key of every record of a compacted topic that deletes its key, in the order they were written. */
  readonly tombstones: Database<string, RecordKey>;
  readonly meta: Database<unknown, (string | number)[]>;
}

/** The group that is farthest behind in one partition. */
export interface Behind {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

interface Pages {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
  readonly lastPageNumber: number;
}
const pagesOf = (table: { getStats(): object }): Pages => table.getStats() as Pages;

const PAGE_BYTES = 4_096;
/** LMDB keeps a value beside its key up to about half a page, and in pages of its own above. */
const INLINE_BYTES = 2_000;
const NODE_BYTES = 32;

/** About what a record takes in the file. */
export const recordBytes = (frame: Buffer): number =>
  frame.length <= INLINE_BYTES ? frame.length + NODE_BYTES : Math.ceil((frame.length + NODE_BYTES) / PAGE_BYTES) * PAGE_BYTES;

/** Bytes of the pages that hold data, and of the whole file; the pages between the two are reused. */
export function usageOf(tables: readonly { getStats(): object }[]): { readonly usedBytes: number; readonly fileBytes: number } {
  let usedBytes = 0;
  let fileBytes = 0;
  for (const table of tables) {
    const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages, lastPageNumber } = pagesOf(table);
    usedBytes += (treeBranchPageCount + treeLeafPageCount + overflowPages) * pageSize;
    fileBytes = (lastPageNumber + 1) * pageSize;
  }
  return { usedBytes, fileBytes };
}

/** By `topic/partition`: up to where every group that ever joined has read; a group that has committed nothing has read nothing. */
export function leastRead(meta: Tables['meta'], topics: ReadonlyMap<string, TopicMeta>): Map<string, Behind> {
  const least = new Map<string, Behind>();
  for (const { key } of meta.getRange({ start: ['reader', ''], end: ['reader', '\uffff'] })) {
    const [, groupId, topic] = key.map(String) as [string, string, string];
    for (let partition = 0; partition < (topics.get(topic)?.partitions ?? 0); partition++) {
      const committed = meta.get(['offset', groupId, topic, partition]) as CommittedOffset | undefined;
      const offset = committed?.offset ?? 0;
      const slot = `${topic}/${partition}`;
      if (offset < (least.get(slot)?.offset ?? Infinity)) least.set(slot, { groupId, topic, partition, offset });
    }
  }
  return least;
}

/** The size above which topics are cut, so that all of them together keep `total`: the small ones are left whole. */
export function fairLevel(sizes: readonly number[], total: number): number {
  let left = total;
  const ascending = [...sizes].sort((a, b) => a - b);
  for (const [i, size] of ascending.entries()) {
    const share = left / (ascending.length - i);
    if (size > share) return Math.max(0, share);
    left -= size;
  }
  return Infinity;
}
