/** Frames of Zstandard as RFC 8878 has them, for nothing here compresses with it. */
const BLOCK_BYTES = 128 * 1024;
/** A window of 8 MiB, as compressors announce that do not know how much will come; no checksum. */
const HEAD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68]);

const blockHead = (type: number, size: number, isLast: boolean): Buffer => {
  const head = Buffer.alloc(3);
  head.writeUIntLE((size << 3) | (type << 1) | Number(isLast), 0, 3);
  return head;
};

export type Block = (isLast: boolean) => Buffer;
/** One byte, 128 Ki times. */
const repeatedByte: Block = (isLast) => Buffer.concat([blockHead(1, BLOCK_BYTES, isLast), Buffer.from([0x20])]);
/** A compressed block: literals of one byte, 128 Ki times, and no sequences. */
const compressed: Block = (isLast) => {
  const literals = Buffer.alloc(3);
  literals.writeUIntLE((BLOCK_BYTES << 4) | (3 << 2) | 1, 0, 3);
  const content = Buffer.concat([literals, Buffer.from([0x20, 0x00])]);
  return Buffer.concat([blockHead(2, content.length, isLast), content]);
};

export const repeated = (times: number): Block[] => Array.from({ length: times }, () => repeatedByte);
export const compressedBlocks = (times: number): Block[] => Array.from({ length: times }, () => compressed);
export const zstdFrame = (blocks: readonly Block[], head = HEAD): Buffer =>
  Buffer.concat([head, ...blocks.map((block, i) => block(i === blocks.length - 1))]);
