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
  /** The tombstones of compacted topics, by record in write order, with the deleted key. */
  readonly tombstones: Database<string, RecordKey>;
  readonly meta: Database<unknown, (string | number)[]>;
}

/** The group that is furthest behind in one partition. */
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
/** LMDB stores a value of up to about half a page next to its key, and larger ones in pages of their own. */
const INLINE_BYTES = 2_000;
const NODE_BYTES = 32;

/** Approximate size of a record in the file. */
export const recordBytes = (frame: Buffer): number =>
  frame.length <= INLINE_BYTES ? frame.length + NODE_BYTES : Math.ceil((frame.length + NODE_BYTES) / PAGE_BYTES) * PAGE_BYTES;

/** Bytes of the used pages, and of the whole file; unused pages are reused. */
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

/** By `topic/partition`: the offset that every group has read up to; a group without commits has read nothing. */
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

/** The size to which topics are cut so that all together keep `total` bytes; smaller topics stay complete. */
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
