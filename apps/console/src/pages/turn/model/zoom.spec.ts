import fc from 'fast-check';
import { isWhole, panBy, placeIn, type Sight, ticksOf, WHOLE, zoomAt, zoomTo } from './zoom';

const part = fc.double({ min: 0, max: 1, noNaN: true });
const isOnAxis = ({ from, to }: Sight): boolean => from >= 0 && to <= 1 + 1e-12 && to > from;

describe('zooming an axis', () => {
  it('goes to the box that was drawn, whichever way', () => {
    expect([zoomTo(0.2, 0.4), zoomTo(0.4, 0.2)].map(({ from, to }) => [from.toFixed(6), to.toFixed(6)])).toEqual([['0.200000', '0.400000'], ['0.200000', '0.400000']]); // prettier-ignore
  });

  it('never leaves the axis, and keeps what is under the cursor where it is', () => {
    fc.assert(
      fc.property(part, part, part, fc.double({ min: 1, max: 50, noNaN: true }), (a, b, at, factor) => {
        const sight = zoomTo(a, b);
        const nearer = zoomAt(sight, at, factor);
        const fixed = sight.from + at * (sight.to - sight.from);
        expect([isOnAxis(sight), isOnAxis(nearer), isOnAxis(panBy(sight, at - 0.5))]).toEqual([true, true, true]);
        const isAtItsNearest = nearer.to - nearer.from <= 1.1e-5;
        expect(isAtItsNearest || Math.abs(placeIn(nearer, fixed) - at) < 1e-3).toBe(true);
      }),
    );
  });

  it('fits again when it is zoomed far out', () => {
    expect(isWhole(zoomAt(zoomTo(0.3, 0.4), 0.5, 0.001))).toBe(true);
    expect(isWhole(WHOLE)).toBe(true);
  });
});

it.each([[0, 1_000, 5, [0, 200, 400, 600, 800, 1_000]], [0, 7, 4, [0, 2, 4, 6]], [5, 5, 4, []]])('has round ticks from %d to %d', (from, to, most, ticks) => {
  expect(ticksOf(from, to, most)).toEqual(ticks);
}); // prettier-ignore
