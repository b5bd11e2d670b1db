import { hash } from 'node:crypto';

/** The first `chars` hex digits of SHA-256 over the parts, joined by a byte that no part contains; for ids that must never collide. */
export function hashId(chars: number, ...parts: readonly (string | number)[]): string {
  return hash('sha256', parts.join('\u0000')).slice(0, chars);
}

/** 32-bit FNV-1a over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/): fast, for buckets and sampling. */
export function fnv1a(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    sum ^= text.charCodeAt(i);
    sum = Math.imul(sum, 0x01000193);
  }
  return sum >>> 0;
}

/** The partition of a key, the same in every process. */
export const partitionOf = (key: string, partitions: number): number => (partitions <= 1 ? 0 : fnv1a(key) % partitions);
