import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { createSketch, encodeSketch } from '@telltale/domain-metrics';
import { type Measure } from '@telltale/contracts';
import { newTestMeasure } from './measures.fixture';
import { binsOf, decodeSketch } from './sketch';
import { addMeasure, openWindow } from './state/window';

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
        expect(read?.bins).toEqual([...expected].flat());
        expect(read?.zeros).toBe(sketch.zeroCount);
      }),
      { numRuns: 30 },
    );
  });

  it('adds up the parts of a window, as the enricher writes them, to what all values together have', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constantFrom(0, 1, 0.5, 1e6, 1.0000001)), {
      minLength: 1,
      maxLength: 20,
    });
    const partOf = (part: readonly number[]): Measure => {
      const sketch = createSketch();
      for (const value of part) sketch.accept(value);
      return { ...newTestMeasure(0, part, 0), sketch: encodeSketch(sketch) };
    };
    const windowOf = (parts: readonly Measure[]) => {
      const window = openWindow(0);
      for (const part of parts) addMeasure(window, part, binsOf(part) ?? { zeros: 0, bins: [] });
      return window;
    };
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (parts) => {
        const all = windowOf([partOf(parts.flat())]);
        expect(windowOf(parts.map(partOf))).toEqual({ ...all, sum: expect.closeTo(all.sum, 6) as number });
        expect(windowOf([...parts].reverse().map(partOf)).bins).toEqual(all.bins);
      }),
    );
  });

  it('reads sparse bins as well', () => {
    // positiveValues { binCounts { key: -3, value: 2.0 } binCounts { key: 70, value: 1.0 } }
    const pair = (key: number, hex: string) =>
      `0a0${key > 127 ? 'c' : 'b'}08${key > 127 ? '8c01' : key.toString(16).padStart(2, '0')}11${hex}`;
    const store = pair(5, '0000000000000040') + pair(140, '000000000000f03f');
    const bytes = Buffer.from(`12${(store.length / 2).toString(16)}${store}`, 'hex');
    expect(decodeSketch(bytes.toString('base64'))?.bins).toEqual([-3, 2, 70, 1]);
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
