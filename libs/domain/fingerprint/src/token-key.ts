import { ANY_HASH, hashWord, MAX_TOKENS, type WordHash } from './scan-line';

/**
 * Keys of token lists: two sums of token hash × factor of the position, combined to 53 bits. Changing one token changes each sum by a known
 * difference, so the key with one wildcard needs no pass over the other tokens.
 */
export interface TokenKey {
  count: number;
  readonly hashA: Int32Array;
  readonly hashB: Int32Array;
  sumA: number;
  sumB: number;
}

export const newTokenKey = (): TokenKey => ({
  count: 0,
  hashA: new Int32Array(MAX_TOKENS),
  hashB: new Int32Array(MAX_TOKENS),
  sumA: 0,
  sumB: 0,
});

const FACTORS_A = new Int32Array(MAX_TOKENS).fill(1);
const FACTORS_B = new Int32Array(MAX_TOKENS).fill(1);
for (let i = 1; i < MAX_TOKENS; i++) {
  FACTORS_A[i] = Math.imul(FACTORS_A[i - 1] as number, 0x01000193);
  FACTORS_B[i] = Math.imul(FACTORS_B[i - 1] as number, 0x85ebca6b);
}

const join = (a: number, b: number): number => (a >>> 0) * 0x200000 + (b >>> 11);

/** The key of a list in two arrays of hashes. */
export function keyOf(hashA: Int32Array, hashB: Int32Array, count: number): number {
  let a = Math.imul(count, 0x27d4eb2f);
  let b = Math.imul(count, 0x165667b1);
  for (let i = 0; i < count; i++) {
    a = (a + Math.imul(hashA[i] as number, FACTORS_A[i] as number)) | 0;
    b = (b + Math.imul(hashB[i] as number, FACTORS_B[i] as number)) | 0;
  }
  return join(a, b);
}

/** Fills a key from hashes; its positions can then be changed one by one. */
export function loadKey(to: TokenKey, hashA: Int32Array, hashB: Int32Array, count: number): void {
  to.count = count;
  let a = Math.imul(count, 0x27d4eb2f);
  let b = Math.imul(count, 0x165667b1);
  for (let i = 0; i < count; i++) {
    a = (a + Math.imul((to.hashA[i] = hashA[i] as number), FACTORS_A[i] as number)) | 0;
    b = (b + Math.imul((to.hashB[i] = hashB[i] as number), FACTORS_B[i] as number)) | 0;
  }
  to.sumA = a;
  to.sumB = b;
}

const word: WordHash = { a: 0, b: 0 };

/** The key of one word. */
export function keyOfWord(text: string, start = 0, end = text.length): number {
  hashWord(text, start, end, word);
  return join(word.a, word.b);
}

/** Fills a key from words, '' for variable positions. */
export function loadWords(to: TokenKey, words: readonly string[]): void {
  const count = Math.min(words.length, MAX_TOKENS);
  for (let i = 0; i < count; i++) {
    const text = words[i] as string;
    if (text === '') word.a = word.b = ANY_HASH;
    else hashWord(text, 0, text.length, word);
    to.hashA[i] = word.a;
    to.hashB[i] = word.b;
  }
  loadKey(to, to.hashA, to.hashB, count);
}

export const keyNow = ({ sumA, sumB }: TokenKey): number => join(sumA, sumB);

export const isWordAt = (key: TokenKey, at: number): boolean => key.hashA[at] !== ANY_HASH || key.hashB[at] !== ANY_HASH;

/** The key with a wildcard at this position. */
export const keyWithWildcard = (key: TokenKey, at: number): number =>
  join(
    (key.sumA + Math.imul((ANY_HASH - (key.hashA[at] as number)) | 0, FACTORS_A[at] as number)) | 0,
    (key.sumB + Math.imul((ANY_HASH - (key.hashB[at] as number)) | 0, FACTORS_B[at] as number)) | 0,
  );
