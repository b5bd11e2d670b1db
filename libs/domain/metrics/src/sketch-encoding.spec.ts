import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { createSketch, encodeSketch } from './sketch';

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
  it('preserves the quantiles', () => {
    const sketch = createSketch();
    for (let i = 1; i <= 1_000; i++) sketch.accept(i);
    const median = sketch.getValueAtQuantile(0.5);
    expect(DDSketch.fromProto(Buffer.from(encodeSketch(sketch), 'base64')).getValueAtQuantile(0.5)).toBeCloseTo(median, 6);
  });
});
