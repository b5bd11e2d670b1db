import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { type BinCounts, binOf, createSketch, encodeBins, encodeSketch } from './sketch';

const values = fc.array(
  fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(0), fc.integer({ min: 1, max: 5_000 })),
  { maxLength: 60 },
);

describe('the encoding of a sketch', () => {
  it('equals the encoding of the library byte for byte', () => {
    fc.assert(
      fc.property(values, (all) => {
        const sketch = createSketch();
        all.forEach((value) => sketch.accept(value));
        const ours = encodeSketch(sketch);
        expect(ours).toBe(Buffer.from(sketch.toProto()).toString('base64'));
      }),
    );
  });
  it('of counts by bin is the same as of the values', () => {
    fc.assert(
      fc.property(values, (all) => {
        const sketch = createSketch();
        const positive: BinCounts = new Map();
        const negative: BinCounts = new Map();
        let zeros = 0;
        for (const value of all.map((one) => (Math.abs(one) < 1e-6 ? 0 : one))) {
          sketch.accept(value);
          const counts = value > 0 ? positive : negative;
          const bin = value === 0 ? 0 : binOf(Math.abs(value));
          if (value === 0) zeros++;
          else counts.set(bin, (counts.get(bin) ?? 0) + 1);
        }
        expect(encodeBins(positive, negative, zeros)).toBe(encodeSketch(sketch));
      }),
    );
  });
  it('comes back with its quantiles', () => {
    const sketch = createSketch();
    for (let i = 1; i <= 1_000; i++) sketch.accept(i);
    const median = sketch.getValueAtQuantile(0.5);
    expect(DDSketch.fromProto(Buffer.from(encodeSketch(sketch), 'base64')).getValueAtQuantile(0.5)).toBeCloseTo(median, 6);
  });
});
