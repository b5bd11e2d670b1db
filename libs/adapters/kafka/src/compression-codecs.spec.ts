import './compression-codecs';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { gzipSync } from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { repeated, zstdFrame } from './zstd-frames.fixture';

jest.setTimeout(60_000);

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(data: Buffer): Promise<Buffer>;
}
const codec = (type: CompressionTypes): Codec => (CompressionCodecs as unknown as Record<number, () => Codec>)[type]?.() as Codec;
const text = Buffer.from('what producers send '.repeat(500));
const head = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
const framed = (...blocks: readonly Buffer[]): Buffer =>
  Buffer.concat([head, ...blocks.flatMap((block) => { const length = Buffer.alloc(4); length.writeUInt32BE(block.length); return [length, block]; })]); // prettier-ignore

describe('compression of batches', () => {
  it('reads Snappy as librdkafka writes it, and as Java does, in blocks', async () => {
    const { decompress } = codec(CompressionTypes.Snappy);
    expect(await decompress(compressSync(text))).toEqual(text);
    const halves = [text.subarray(0, 4_000), text.subarray(4_000)];
    expect(await decompress(framed(...halves.map((half) => compressSync(half))))).toEqual(text);
    expect(await decompress(framed())).toEqual(Buffer.alloc(0));
  });
  it('reads a frame of Zstandard, and of LZ4', async () => {
    // Frames that hold their text as it is (RFC 8878; LZ4 frame format 1.6).
    expect(String(await codec(CompressionTypes.ZSTD).decompress(Buffer.from('28b52ffd0058290000' + '68656c6c6f', 'hex')))).toBe(
      'hello',
    );
    expect(String(await codec(CompressionTypes.LZ4).decompress(Buffer.from('04224d1860408205000080' + '68656c6c6f' + '00000000', 'hex')))).toBe('hello'); // prettier-ignore
  });
  it('writes gzip, and nothing else', async () => {
    const { compress, decompress } = codec(CompressionTypes.GZIP);
    expect(await decompress(await compress({ buffer: text }))).toEqual(text);
    await expect(codec(CompressionTypes.LZ4).compress({ buffer: text })).rejects.toThrow(
      'we write without compression or with gzip',
    );
  });
  it.each([
    ['gzip', CompressionTypes.GZIP, () => gzipSync(Buffer.alloc(40 * 1024 * 1024)), /larger than 33554432 bytes/],
    ['Snappy', CompressionTypes.Snappy, () => Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), /more than 33554432 bytes/],
    ['LZ4', CompressionTypes.LZ4, () => compressFrameSync(Buffer.alloc(40 * 1024 * 1024)), /more than 33554432 bytes/],
    ['Zstandard', CompressionTypes.ZSTD, () => zstdFrame(repeated(257)), /more than 33554432 bytes/],
  ])('refuses what grows beyond memory: %s', async (_name, type, bomb, said) => {
    await expect(codec(type).decompress(bomb())).rejects.toThrow(said);
  });
});
