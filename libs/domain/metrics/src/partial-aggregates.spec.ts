import fc from 'fast-check';
import { type Cell, createPartialAggregates, type PackedBatch, WINDOW_MS } from './partial-aggregates';
import { createSketch, encodeSketch } from './sketch';

const AT = Date.UTC(2026, 0, 31, 12);
const seriesOf = (name: string) => ({
  tenant: 'acme',
  id: `id of ${name}`,
  metric: 'score',
  dimensions: ['name', name],
  key: `id of ${name}`,
});

function cellOf(name: string, values: readonly number[], weight = 1, window = AT): Cell {
  const cell = { series: seriesOf(name), window, count: 0, sum: 0, min: Infinity, max: -Infinity, errors: 0, values: [] as number[] }; // prettier-ignore
  for (const value of values) {
    cell.count += weight;
    cell.sum += value * weight;
    cell.min = Math.min(cell.min, value);
    cell.max = Math.max(cell.max, value);
    cell.values.push(value, weight);
  }
  return cell;
}
/** As it comes back from state. */
const stored = (batch: PackedBatch): PackedBatch => JSON.parse(JSON.stringify(batch)) as PackedBatch;

const values = fc.array(fc.oneof(fc.constantFrom(0, 1, 1, -1, 1e15), fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((one) => (Math.abs(one) < 1e-6 ? 0 : one))), { minLength: 1, maxLength: 6 }); // prettier-ignore
const batches = fc.array(
  fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), values, weight: fc.constantFrom(1, 2.5), later: fc.nat(1) }), {
    maxLength: 4,
  }),
  { maxLength: 6 },
);

describe('measures of several batches', () => {
  it('have a sketch, byte for byte, of all values together', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
        const sut = createPartialAggregates();
        for (const part of parts) sut.add([cellOf('a', part)]);
        const [measure] = sut.flush();
        const sketch = createSketch();
        for (const value of parts.flat()) sketch.accept(value);
        const areEqual = new Set(parts.flat().map((value) => value + 0)).size === 1;
        expect(measure?.sketch).toBe(areEqual ? '' : encodeSketch(sketch));
        expect([measure?.count, measure?.min, measure?.max]).toEqual([
          parts.flat().length,
          Math.min(...parts.flat()),
          Math.max(...parts.flat()),
        ]);
      }),
    );
  });

  it('are the same, byte for byte, when they are put together again from what was stored of the batches', () => {
    fc.assert(
      fc.property(batches, fc.nat(6), (all, cut) => {
        const live = createPartialAggregates();
        let restored = createPartialAggregates();
        const packed: PackedBatch[] = [];
        all.forEach((cells, i) => {
          const made = () => cells.map((one) => cellOf(one.name, one.values, one.weight, AT + one.later * WINDOW_MS));
          packed.push(stored(live.add(made())));
          if (i === cut) {
            restored = createPartialAggregates();
            for (const batch of packed) restored.restore(batch);
          } else restored.add(made());
        });
        expect(JSON.stringify(restored.flush())).toBe(JSON.stringify(live.flush()));
      }),
    );
  });

  it('name a series once until they go out, so that what is stored of a value is small', () => {
    const sut = createPartialAggregates();
    const [first, second] = [sut.add([cellOf('a', [812.5])]), sut.add([cellOf('a', [644.2])])];
    expect([first.series.length, second.series.length]).toEqual([1, 0]);
    expect(JSON.stringify(second).length).toBeLessThan(80);
    sut.flush();
    expect(sut.add([cellOf('a', [1])]).series).toHaveLength(1);
  });

  it('leave nothing behind when they have gone out', () => {
    const sut = createPartialAggregates();
    sut.add([cellOf('a', [1]), cellOf('b', [2])]);
    expect(sut.flush().map(({ dimensions }) => dimensions['name'])).toEqual(['a', 'b']);
    expect([sut.size, sut.flush()]).toEqual([0, []]);
  });
});
