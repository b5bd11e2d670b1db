const HEADER = 25;
const METHODS = { none: 0x02, lz4: 0x82, zstd: 0x90, several: 0x91 } as const;
const METHOD_CODES: ReadonlySet<number> = new Set(Object.values(METHODS));

export interface ColumnBlocks {
  /** What its blocks hold, as far as it can be read here. */
  readonly plain: readonly Buffer[];
  /** Frames of Zstandard, one after the other. */
  readonly zstd: Buffer;
}

/**
 * The blocks of a file as ClickHouse compresses columns: a checksum of 16 bytes, the method, the size with this header of 9 bytes,
 * the size when it is decompressed. Null for a file of another form. Numbers that went through several codecs are passed over.
 */
export function readColumnBlocks(bytes: Buffer): ColumnBlocks | null {
  const plain: Buffer[] = [];
  const zstd: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.length - at < HEADER) return null;
    const method = bytes.readUInt8(at + 16);
    const end = at + 16 + bytes.readUInt32LE(at + 17);
    if (!METHOD_CODES.has(method) || end < at + HEADER || end > bytes.length) return null;
    const body = bytes.subarray(at + HEADER, end);
    if (method === METHODS.zstd) zstd.push(body);
    if (method === METHODS.none) plain.push(body);
    if (method === METHODS.lz4) plain.push(decompressLz4(body, bytes.readUInt32LE(at + 21)));
    at = end;
  }
  return bytes.length === 0 ? null : { plain, zstd: Buffer.concat(zstd) };
}

/** One block of LZ4: literals, then a copy of what came `offset` bytes before, until the input ends. */
export function decompressLz4(input: Buffer, size: number): Buffer {
  const output = Buffer.alloc(size);
  let from = 0;
  let to = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; length += more) more = input.readUInt8(from++);
    return length;
  };
  while (from < input.length) {
    const token = input.readUInt8(from++);
    const literals = lengthFrom(token >> 4);
    input.copy(output, to, from, from + literals);
    from += literals;
    to += literals;
    if (from >= input.length) break;
    const offset = input.readUInt16LE(from);
    from += 2;
    // Byte by byte: a copy may run into what it has just written.
    for (let left = lengthFrom(token & 15) + 4; left > 0; left--, to++) output[to] = output[to - offset] ?? 0;
  }
  return output;
}
