import { wordsOf } from './words';

const MAX_CHARS = 20_000;
const MAX_WORDS = 4_000;
const SHINGLE = 3;

function hashWord(word: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) sum = Math.imul(sum ^ word.charCodeAt(i), 0x01000193);
  return sum;
}

/** Spreads a hash over all bits (the finaliser of MurmurHash3, public domain). */
function mixed(value: number): number {
  let sum = value ^ (value >>> 16);
  sum = Math.imul(sum, 0x85ebca6b);
  sum ^= sum >>> 13;
  sum = Math.imul(sum, 0xc2b2ae35);
  return sum ^ (sum >>> 16);
}

const votes = new Int32Array(64);

function vote(feature: number): void {
  const high = mixed(feature);
  const low = mixed(feature ^ 0x9e3779b9);
  for (let bit = 0; bit < 32; bit++) {
    votes[bit] = (votes[bit] as number) + ((high >>> bit) & 1 ? 1 : -1);
    votes[bit + 32] = (votes[bit + 32] as number) + ((low >>> bit) & 1 ? 1 : -1);
  }
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/**
 * 64 bits as 16 hex digits that lie close for texts that share most runs of three words (simhash, Charikar, STOC 2002); '' for a text
 * without words. Numbers count as `#`, so that the same prompt about another order stays near.
 */
export function nearHash(text: string): string {
  const words = wordsOf(text.slice(0, MAX_CHARS), MAX_WORDS);
  if (words.length === 0) return '';
  votes.fill(0);
  const hashes = words.map((word) => hashWord(/^\d+$/.test(word) ? '#' : word));
  const size = Math.min(SHINGLE, hashes.length);
  for (let i = 0; i + size <= hashes.length; i++) {
    let feature = 0;
    for (let j = 0; j < size; j++) feature = (Math.imul(feature, 31) + (hashes[i + j] as number)) | 0;
    vote(feature);
  }
  let high = 0;
  let low = 0;
  for (let bit = 0; bit < 32; bit++) {
    if ((votes[bit] as number) > 0) high |= 1 << bit;
    if ((votes[bit + 32] as number) > 0) low |= 1 << bit;
  }
  return hex(high) + hex(low);
}

function ones(value: number): number {
  let count = 0;
  for (let rest = value >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
  return count;
}

/** In how many of 64 bits two near hashes differ: 0 for equal texts, about 32 for unrelated ones, 64 when one is missing. */
export function hammingDistance(a: string, b: string): number {
  if (a.length !== 16 || b.length !== 16) return 64;
  return (
    ones(parseInt(a.slice(0, 8), 16) ^ parseInt(b.slice(0, 8), 16)) + ones(parseInt(a.slice(8), 16) ^ parseInt(b.slice(8), 16))
  );
}
