const POLYNOMIAL = 0x82f63b78;
const SLICES = 16;

/** Table k holds the checksums of each byte followed by k zero bytes, so that sixteen bytes can be looked up at once. */
const TABLES = ((): readonly Int32Array[] => {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    first[byte] = crc;
  }
  const tables = [first];
  for (let k = 1; k < SLICES; k++) {
    const before = tables[k - 1] as Int32Array;
    tables.push(Int32Array.from(before, (crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0)));
  }
  return tables;
})();
const [T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15] = TABLES as Tuple16;
type Tuple16 = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]; // prettier-ignore

/**
 * CRC-32C (Castagnoli) of bytes [from, to) as an unsigned integer: RFC 3720, appendix B.4. Sixteen bytes at a time by Kounavis and Berry's
 * slicing (A Systematic Approach to Building High Performance Software-Based CRC Generators, 2005).
 */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = -1;
  let i = from;
  // Indexes are within the tables and the bytes: each is a byte, or below `to`.
  for (const end = to - SLICES; i <= end; i += SLICES) {
    crc =
      (T15[((bytes[i] as number) ^ crc) & 0xff] as number) ^
      (T14[((bytes[i + 1] as number) ^ (crc >>> 8)) & 0xff] as number) ^
      (T13[((bytes[i + 2] as number) ^ (crc >>> 16)) & 0xff] as number) ^
      (T12[(bytes[i + 3] as number) ^ (crc >>> 24)] as number) ^
      (T11[bytes[i + 4] as number] as number) ^
      (T10[bytes[i + 5] as number] as number) ^
      (T9[bytes[i + 6] as number] as number) ^
      (T8[bytes[i + 7] as number] as number) ^
      (T7[bytes[i + 8] as number] as number) ^
      (T6[bytes[i + 9] as number] as number) ^
      (T5[bytes[i + 10] as number] as number) ^
      (T4[bytes[i + 11] as number] as number) ^
      (T3[bytes[i + 12] as number] as number) ^
      (T2[bytes[i + 13] as number] as number) ^
      (T1[bytes[i + 14] as number] as number) ^
      (T0[bytes[i + 15] as number] as number);
  }
  for (; i < to; i++) crc = (T0[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
