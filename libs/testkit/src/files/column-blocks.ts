const HEADER = 25;
const METHODS = { none: 0x02, lz4: 0x82, zstd: 0x90, several: 0x91 } as const;
const METHOD_CODES: ReadonlySet<number> = new Set(Object.values(METHODS));

export interface ColumnBlocks {
  /** The content of its blocks, as far as it can be read here. */
  readonly plain: readonly Buffer[];
  /** Concatenated frames of Zstandard. */
  readonly zstd: Buffer;
}

/**
 * Reads the blocks of a compressed ClickHouse column file: a checksum of 16 bytes, the method, the size with this header of 9 bytes, the
 * decompressed size. Null for a file of another format. Numbers with several codecs are skipped.
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

/** Decompresses one block of LZ4: literals, then a copy from `offset` bytes before, until the end of the input. */
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
    // Byte by byte: a copy may overlap its own output.
    for (let left = lengthFrom(token & 15) + 4; left > 0; left--, to++) output[to] = output[to - offset] ?? 0;
  }
  return output;
}
