import { PermanentError } from '@telltale/kernel';
import { decompress as decompressZstd } from 'fzstd';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { decompressFrame } from 'lz4-napi';
import { promisify } from 'node:util';
import { gzip, unzip } from 'node:zlib';
import { uncompress } from 'snappy';
import { lz4Size, zstdSize } from './decompressed-size';

/**
 * What a batch may become: 32 times what a broker takes by default as it comes (message.max.bytes, 1 MiB). Producers bound their batches
 * before they compress them (librdkafka and the Collector 1 MB, Java 16 KB), so none comes near.
 */
const MAX_BYTES = 32 * 1024 * 1024;
/** What Java writes around Snappy's blocks (org.xerial.snappy.SnappyOutputStream): a head of 16 bytes, then length and block. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEAD = 16;

/** The length of a block after decompression, as its first bytes say: seven bits a byte, least first (Snappy's format description). */
function snappyLength(block: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  return length;
}

function bounded(bytes: number): void {
  if (bytes > MAX_BYTES)
    throw new PermanentError('too_large', `a compressed batch has more than ${MAX_BYTES} bytes: send smaller batches`);
}

async function snappyBlock(block: Buffer): Promise<Buffer> {
  bounded(snappyLength(block));
  return (await uncompress(block, { asBuffer: true })) as Buffer;
}

async function fromSnappy(data: Buffer): Promise<Buffer> {
  if (!data.subarray(0, XERIAL.length).equals(XERIAL)) return snappyBlock(data);
  const blocks: Buffer[] = [];
  let bytes = 0;
  for (let at = XERIAL_HEAD; at + 4 <= data.length;) {
    const end = at + 4 + data.readUInt32BE(at);
    const block = await snappyBlock(data.subarray(at + 4, end));
    bounded((bytes += block.length));
    blocks.push(block);
    at = end;
  }
  return Buffer.concat(blocks);
}

const refuse = (name: string) => (): Promise<never> =>
  Promise.reject(new PermanentError('config', `${name}: we write without compression or with gzip`));
const gunzip = promisify(unzip);
const zip = promisify(gzip);

/**
 * kafkajs reads gzip only, and ends on a batch of anything else. Producers choose: the Collector, librdkafka and the Java client know all four
 * (KIP-110 for Zstandard).
 */
CompressionCodecs[CompressionTypes.GZIP] = () => ({
  compress: ({ buffer }: { readonly buffer: Buffer }) => zip(buffer),
  decompress: (data: Buffer) => gunzip(data, { maxOutputLength: MAX_BYTES }),
});
CompressionCodecs[CompressionTypes.Snappy] = () => ({ compress: refuse('snappy'), decompress: fromSnappy });
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: refuse('lz4'),
  async decompress(data: Buffer) {
    bounded(lz4Size(data, MAX_BYTES));
    return decompressFrame(data);
  },
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: refuse('zstd'),
  decompress: async (data: Buffer) => {
    bounded(zstdSize(data, MAX_BYTES));
    return Promise.resolve(Buffer.from(decompressZstd(data)));
  },
});
