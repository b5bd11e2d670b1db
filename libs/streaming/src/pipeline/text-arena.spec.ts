import * as fc from 'fast-check';
import { createTextArena } from './text-arena';

const large = fc.nat(400_000).map((length) => 'é'.repeat(length));
const text = fc.oneof({ weight: 9, arbitrary: fc.string({ unit: 'binary' }) }, { weight: 1, arbitrary: large });

describe('an arena of texts', () => {
  it('holds the bytes of all texts of a batch at once, whatever their sizes', () => {
    const arena = createTextArena();
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 8 }), { maxLength: 3 }), (batches) => {
        for (const texts of batches) {
          arena.startBatch();
          const added = texts.map((one) => arena.add(one));
          expect(added.every((bytes, i) => bytes.equals(Buffer.from(texts[i] ?? '')))).toBe(true);
          arena.release();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('puts a newline behind each, so that neighbours are lines of one body', () => {
    const arena = createTextArena();
    arena.startBatch();
    const [first, second] = ['{"a":1}', '{"b":"é"}'].map((one) => arena.add(one)) as [Buffer, Buffer];
    expect(second.byteOffset).toBe(first.byteOffset + first.length + 1);
    expect(Buffer.from(first.buffer, first.byteOffset, first.length + 1 + second.length).toString()).toBe('{"a":1}\n{"b":"é"}');
  });

  it('uses the memory of a released batch again, and leaves that of any other alone', () => {
    const arena = createTextArena();
    arena.startBatch();
    const kept = arena.add('kept');
    arena.startBatch();
    const released = arena.add('released');
    expect(kept.toString()).toBe('kept');
    arena.release();
    arena.startBatch();
    expect(arena.add('new text').buffer).toBe(released.buffer);
    expect(kept.toString()).toBe('kept');
  });

  it('holds a text that is larger than any piece of its memory', () => {
    const arena = createTextArena();
    arena.startBatch();
    const large = 'x'.repeat(3_000_000);
    expect(arena.add(large).toString() === large).toBe(true);
  });

  it('has nothing to give back before its first batch', () => {
    const arena = createTextArena();
    arena.release();
    arena.startBatch();
    expect(arena.add('first').toString()).toBe('first');
  });

  it('keeps 32 pieces of memory for later, and leaves the rest to the garbage collector', () => {
    const arena = createTextArena();
    const batch = () => {
      arena.startBatch();
      const used = Array.from({ length: 40 }, () => arena.add('x'.repeat(340_000)).buffer);
      arena.release();
      return new Set(used);
    };
    const [before, after] = [batch(), batch()];
    expect([before.size, [...after].filter((one) => before.has(one)).length]).toEqual([40, 32]);
  });

  it('shares memory with the arenas of other tasks only once a batch is released', () => {
    const [one, other] = [createTextArena(), createTextArena()];
    one.startBatch();
    other.startBatch();
    const text = one.add('of one');
    expect(other.add('of the other').buffer).not.toBe(text.buffer);
    one.release();
    other.startBatch();
    expect(other.add('of the next').buffer).toBe(text.buffer);
    one.startBatch();
    expect(one.add('more of one').buffer).not.toBe(text.buffer);
  });
});
