import fc from 'fast-check';
import { decompress } from 'fzstd';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';
import { lz4Size, zstdSize } from './decompressed-size';
import { compressedBlocks, repeated, zstdFrame } from './zstd-frames.fixture';

const MOST = 32 * 1024 * 1024;
const BLOCK = 128 * 1024;
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
/** Texts of all kinds of repetition. */
const texts = fc.tuple(fc.uint8Array({ maxLength: 2_000 }), fc.integer({ min: 1, max: 400 })).map(([piece, times]) => Buffer.concat(Array.from({ length: times }, () => piece))); // prettier-ignore

describe('the size of what is compressed with LZ4', () => {
  it('is known exactly without decompressing it, whatever it is', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), fc.boolean(), (text, contentChecksum, blockChecksums) => {
        const frame = compressFrameSync(text, { contentChecksum, blockChecksums });
        expect(lz4Size(frame, MOST)).toBe(text.length);
        expect(decompressFrameSync(frame)).toHaveLength(text.length);
      }),
      { numRuns: 200 },
    );
  });
  it('is that of all frames, those of no content left out', () => {
    const frame = compressFrameSync(Buffer.alloc(70_000));
    expect(lz4Size(Buffer.concat([skippable, frame, skippable, frame]), MOST)).toBe(140_000);
  });
  it('is looked for no further than the bound', () => {
    const size = lz4Size(compressFrameSync(Buffer.alloc(16 * 1024 * 1024)), 1_000_000);
    expect([size > 1_000_000, size < 16 * 1024 * 1024]).toEqual([true, true]);
  });
});

describe('the size of what is compressed with Zstandard', () => {
  it.each([
    ['repeated bytes', repeated(100)],
    ['compressed blocks', compressedBlocks(100)],
  ])('is known at most, block by block: %s', (_what, blocks) => {
    expect(zstdSize(zstdFrame(blocks), MOST)).toBe(100 * BLOCK);
    expect(decompress(zstdFrame(blocks))).toHaveLength(100 * BLOCK);
  });
  it('is that of all frames', () => {
    const frame = zstdFrame(compressedBlocks(65));
    expect(zstdSize(Buffer.concat([frame, skippable, frame]), MOST)).toBe(130 * BLOCK);
  });
  it.each([
    ['a window of 2 GiB', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8])],
    ['content of 4 GiB', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0xff])],
    ['content of 1 EiB', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10])],
  ])('is as large as a frame announces, for that is taken at once: %s', (_what, head) => {
    expect(zstdSize(zstdFrame(repeated(1), head), MOST)).toBeGreaterThanOrEqual(2 ** 31);
  });
  it('is looked for no further than the bound', () => {
    const size = zstdSize(zstdFrame(repeated(1_000)), 20_000_000);
    expect([size > 20_000_000, size < 1_000 * BLOCK]).toEqual([true, true]);
  });
});

it('any bytes have a size, found in time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('04224d18', '28b52ffd', '502a4d18', ''), (bytes, magic) => {
      const data = Buffer.concat([Buffer.from(magic, 'hex'), bytes]);
      for (const size of [lz4Size, zstdSize]) expect(size(data, MOST)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 2_000 },
  );
});
