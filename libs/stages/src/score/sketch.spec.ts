import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { decodeSketch } from './sketch';

const encode = (sketch: DDSketch): string => Buffer.from(sketch.toProto()).toString('base64');

describe('reading a sketch', () => {
  it('finds what the library put in', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
        const sketch = new DDSketch({ relativeAccuracy: 0.01 });
        values.forEach((value) => sketch.accept(value));
        const read = decodeSketch(encode(sketch));
        const expected = new Map<number, number>();
        sketch.store.bins.forEach((count, i) => count > 0 && expected.set(i + sketch.store.offset, count));
        expect(new Map(read?.bins)).toEqual(expected);
        expect(read?.zeros).toBe(sketch.zeroCount);
      }),
      { numRuns: 30 },
    );
  });

  it('reads sparse bins as well', () => {
    // positiveValues { binCounts { key: -3, value: 2.0 } binCounts { key: 70, value: 1.0 } }
    const pair = (key: number, hex: string) =>
      `0a0${key > 127 ? 'c' : 'b'}08${key > 127 ? '8c01' : key.toString(16).padStart(2, '0')}11${hex}`;
    const store = pair(5, '0000000000000040') + pair(140, '000000000000f03f');
    const bytes = Buffer.from(`12${(store.length / 2).toString(16)}${store}`, 'hex');
    expect(decodeSketch(bytes.toString('base64'))?.bins).toEqual([
      [-3, 2],
      [70, 1],
    ]);
  });

  it('refuses another accuracy and what is no sketch, and never throws', () => {
    const other = new DDSketch({ relativeAccuracy: 0.05 });
    other.accept(5);
    expect(decodeSketch(encode(other))).toBeNull();
    expect(decodeSketch('AAAA////')).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) =>
        expect(() => decodeSketch(Buffer.from(bytes).toString('base64'))).not.toThrow(),
      ),
    );
  });
});
