import { fnv1a } from '@telltale/kernel';

/**
 * The least 32-bit hashes of a set, ascending: k minimum values (Bar-Yossef et al. 2002, https://doi.org/10.1007/3-540-45726-7_1). Up to
 * `MAX_HASHES` distinct values are counted exactly; above, the standard error is about 1 in √62, 13 %.
 */
export type UserSketch = readonly number[];

const MAX_HASHES = 64;
const HASH_BYTES = 4;

/** Murmur3's finalizer: neighboring names get unlike hashes. */
function hashOf(user: string): number {
  let h = fnv1a(user);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export const NO_USERS: UserSketch = [];
/** The sketch of one user; of nobody where it is not known who it is. */
export const sketchOfUser = (user: string): UserSketch => (user === '' ? NO_USERS : [hashOf(user)]);

/** The union. Commutative, associative and idempotent. */
export function joinUsers(a: UserSketch, b: UserSketch): UserSketch {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, MAX_HASHES);
}

export const countUsers = (sketch: UserSketch): number =>
  sketch.length < MAX_HASHES ? sketch.length : Math.round(((MAX_HASHES - 1) * 2 ** 32) / ((sketch[MAX_HASHES - 1] ?? 0) + 1));

export function encodeUsers(sketch: UserSketch): string {
  const bytes = Buffer.alloc(HASH_BYTES * sketch.length);
  sketch.forEach((hash, i) => bytes.writeUInt32LE(hash, HASH_BYTES * i));
  return bytes.toString('base64');
}

/** Reads any text: what is no sketch has whatever hashes its bytes make, no more than a sketch may have. */
export function decodeUsers(text: string): UserSketch {
  const bytes = Buffer.from(text, 'base64');
  const hashes = Array.from({ length: Math.min(MAX_HASHES, Math.floor(bytes.length / HASH_BYTES)) }, (_, i) => bytes.readUInt32LE(HASH_BYTES * i)); // prettier-ignore
  return [...new Set(hashes)].sort((a, b) => a - b);
}
