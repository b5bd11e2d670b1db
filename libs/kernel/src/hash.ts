import { createHash } from 'node:crypto';

/** First `chars` hex digits of SHA-256 over the parts, joined by a byte no part holds; for ids that must never collide. */
export function hashId(chars: number, ...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, chars);
}

/** 32-bit FNV-1a over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/): fast, for buckets and sampling. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Which of `partitions` a key belongs to, the same in every process. */
export const partitionOf = (key: string, partitions: number): number => (partitions <= 1 ? 0 : fnv1a(key) % partitions);
