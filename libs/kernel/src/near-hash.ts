function ones(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A near hash as two numbers, for many comparisons. */
export const simhashWords = (hash: string): readonly [number, number] => [
  parseInt(hash.slice(0, 8), 16),
  parseInt(hash.slice(8), 16),
];
/** In how many of 64 bits two near hashes differ: 0 for equal texts, about 32 for unrelated ones. */
export const distanceOf = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number =>
  ones(a ^ c) + ones(b ^ d);
