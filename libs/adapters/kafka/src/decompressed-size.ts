/**
 * How large a frame becomes, found without decompressing it: the libraries that decompress LZ4 and Zstandard take no bound. Sums stop being
 * exact where a frame is broken; the library then refuses it.
 */
const LZ4_FRAME = 0x184d2204;
const LZ4_MIN_MATCH = 4;
const ZSTD_FRAME = 0xfd2fb528;
const ZSTD_BLOCK_BYTES = 128 * 1024;
/** Frames of no content, in both formats: 16 magic numbers. */
const isSkippable = (magic: number): boolean => magic >= 0x184d2a50 && magic <= 0x184d2a5f;
const hasBytes = (data: Buffer, at: number, bytes: number): boolean => at + bytes <= data.length;

/** A length of which 15 stands in the token; each further byte adds to it, until one is not 255. */
function lz4Length(data: Buffer, start: number, inToken: number): readonly [length: number, at: number] {
  let [length, at] = [inToken, start];
  if (inToken < 15) return [length, at];
  for (;;) {
    const byte = data[at++] ?? 0;
    length += byte;
    if (byte < 255) return [length, at];
  }
}

/** Of the sequences of one block: literals that stand in it, and matches that are copied. */
function lz4BlockSize(block: Buffer): number {
  let size = 0;
  for (let at = 0; at < block.length;) {
    const token = block[at++] ?? 0;
    const [literals, afterLength] = lz4Length(block, at, token >> 4);
    size += literals;
    at = afterLength + literals;
    // The last sequence is literals alone.
    if (at >= block.length) break;
    const [match, next] = lz4Length(block, at + 2, token & 15);
    size += match + LZ4_MIN_MATCH;
    at = next;
  }
  return size;
}

/** LZ4 frame format 1.6.4: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Exact; stops above `most`. */
export function lz4Size(data: Buffer, most: number): number {
  let size = 0;
  for (let at = 0; hasBytes(data, at, 7);) {
    const magic = data.readUInt32LE(at);
    if (isSkippable(magic)) {
      at += 8 + (hasBytes(data, at, 8) ? data.readUInt32LE(at + 4) : 0);
      continue;
    }
    if (magic !== LZ4_FRAME) break;
    const flags = data[at + 4] ?? 0;
    const [blockChecksum, contentSize, contentChecksum, dictionary] = [16, 8, 4, 1].map((bit) => (flags & bit) > 0);
    at += 7 + (contentSize ? 8 : 0) + (dictionary ? 4 : 0);
    while (hasBytes(data, at, 4) && size <= most) {
      const head = data.readUInt32LE(at);
      at += 4;
      if (head === 0) break;
      const [bytes, isPlain] = [head & 0x7fffffff, head >= 0x80000000];
      size += isPlain ? bytes : lz4BlockSize(data.subarray(at, at + bytes));
      at += bytes + (blockChecksum ? 4 : 0);
    }
    if (size > most) break;
    at += contentChecksum ? 4 : 0;
  }
  return size;
}

interface ZstdHead {
  /** What a library that is not given a size allocates at once. */
  readonly allocated: number;
  readonly blockBytes: number;
  readonly bytes: number;
  readonly hasChecksum: boolean;
}

/** Of a frame that begins at `at`. */
function zstdHead(data: Buffer, at: number): ZstdHead {
  const flags = data[at + 4] ?? 0;
  const isSingle = (flags & 32) > 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = flags >> 6 ? 1 << (flags >> 6) : Number(isSingle);
  const head = 5 + (isSingle ? 0 : 1) + dictionaryBytes;
  const descriptor = data[at + 5] ?? 0;
  const base = 2 ** (10 + (descriptor >> 3));
  const raw = data.subarray(at + head, at + head + sizeBytes);
  const content = raw.reduceRight((sum, byte) => sum * 256 + byte, 0) + (sizeBytes === 2 ? 256 : 0);
  const window = isSingle ? content : base + (base / 8) * (descriptor & 7);
  return {
    allocated: sizeBytes > 0 && content > 0 ? content : window,
    blockBytes: Math.min(ZSTD_BLOCK_BYTES, window),
    bytes: head + sizeBytes,
    hasChecksum: (flags & 4) > 0,
  };
}

/**
 * RFC 8878. At most: a compressed block counts as a whole one, for what is in it is known once it is decompressed, and a frame as the
 * window or content that it announces.
 */
export function zstdSize(data: Buffer, most: number): number {
  let [size, allocated] = [0, 0];
  for (let at = 0; hasBytes(data, at, 6) && Math.max(size, allocated) <= most;) {
    const magic = data.readUInt32LE(at);
    if (isSkippable(magic)) {
      at += 8 + (hasBytes(data, at, 8) ? data.readUInt32LE(at + 4) : 0);
      continue;
    }
    if (magic !== ZSTD_FRAME) break;
    const head = zstdHead(data, at);
    allocated += head.allocated;
    at += head.bytes;
    for (let isLast = false; !isLast && hasBytes(data, at, 3) && size <= most;) {
      const block = data.readUIntLE(at, 3);
      const [type, bytes] = [(block >> 1) & 3, block >> 3];
      isLast = (block & 1) > 0;
      size += type === 2 ? head.blockBytes : bytes;
      // A block of one byte that is repeated holds that byte.
      at += 3 + (type === 1 ? 1 : bytes);
    }
    at += head.hasChecksum ? 4 : 0;
  }
  return Math.max(size, allocated);
}
