import './kafka-options';
import { CompressionTypes } from 'kafkajs';
import { compressFrameSync } from 'lz4-napi';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { compressedBlocks, zstdFrame } from './zstd-frames.fixture';

interface Decoded {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer>;
}
const load = createRequire(__filename);
const Decoder = load('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => unknown;
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (decoder: unknown) => Promise<Decoded[]>;

const NOW = 1_764_000_000_000n;
/** Record batch v2 (Kafka protocol guide). */
function batchOf(first: number, count: number, codec: number, records: Buffer): Buffer {
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(first), 0);
  head.writeInt32BE(61 - 12 + records.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(codec, 21);
  head.writeInt32BE(count - 1, 23);
  head.writeBigInt64BE(NOW, 27);
  head.writeBigInt64BE(NOW + 5n, 35);
  head.writeBigInt64BE(-1n, 43);
  head.writeInt32BE(count, 57);
  return Buffer.concat([head, records]);
}
/** One record whose value is one letter. */
const letter = (value: string): Buffer => Buffer.concat([Buffer.from([14, 0, 0, 0, 1, 2]), Buffer.from(value), Buffer.from([0])]);
const fetched = (...batches: readonly Buffer[]): Promise<Decoded[]> => {
  const bytes = Buffer.concat(batches);
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  return decodeMessages(new Decoder(Buffer.concat([size, bytes])));
};
const zeros = Buffer.alloc(40 * 1024 * 1024);

describe('a batch that cannot be decompressed', () => {
  it.each<[string, number, Buffer, string]>([
    ['gzip that is a bomb', CompressionTypes.GZIP, gzipSync(zeros), 'undecodable: 3 records in gzip'],
    ['Snappy that is a bomb', CompressionTypes.Snappy, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), 'too_large: 3 records in snappy'],
    ['LZ4 that is a bomb', CompressionTypes.LZ4, compressFrameSync(zeros), 'too_large: 3 records in lz4'],
    ['Zstandard that is a bomb', CompressionTypes.ZSTD, zstdFrame(compressedBlocks(300)), 'too_large: 3 records in zstd'],
    ['gzip that is none', CompressionTypes.GZIP, Buffer.from('no gzip'), 'undecodable: 3 records in gzip'],
    ['LZ4 that is none', CompressionTypes.LZ4, Buffer.from('no lz4'), 'undecodable: 3 records in lz4'],
    ['Zstandard that is none', CompressionTypes.ZSTD, Buffer.from('no zstd'), 'undecodable: 3 records in zstd'],
    ['a codec that nobody has', 6, Buffer.from('x'), 'undecodable: 3 records in unknown'],
    ['gzip with fewer records than it says', CompressionTypes.GZIP, gzipSync(letter('a')), 'undecodable: 3 records in gzip'],
  ])('of %s is one record that no one can decode, and what follows it is read', async (_what, codec, content, said) => {
    const records = await fetched(batchOf(7, 1, 0, letter('a')), batchOf(8, 3, codec, content), batchOf(11, 1, 0, letter('b')));
    expect(records.map(({ offset }) => offset)).toEqual(['7', '10', '11']);
    expect(records.map(({ value }) => value?.toString('latin1'))).toEqual(['a', content.toString('latin1'), 'b']);
    const [, bad] = records;
    expect([String(bad?.headers['tt-undecodable-batch']), bad?.key, bad?.timestamp]).toEqual([said, null, String(NOW)]);
  }); // prettier-ignore

  it('at the end of an answer is no such batch where it is only cut off', async () => {
    const whole = batchOf(8, 1, CompressionTypes.GZIP, gzipSync(letter('b')));
    expect(await fetched(batchOf(7, 1, 0, letter('a')), whole.subarray(0, -1))).toMatchObject([{ offset: '7' }]);
    expect(await fetched(batchOf(7, 1, 0, letter('a')), whole)).toMatchObject([{ offset: '7' }, { offset: '8' }]);
  });
});
