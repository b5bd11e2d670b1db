import fc from 'fast-check';
import { binOf } from './sketch';
import { addBin, mergeInto, openWindow, type OpenWindow, quantileOf } from './state/window';
import { windowOfStored } from './stored-window';
import { windowRowOf } from './window-row';

const START = 1_770_000_000_000;
const SCORED = { expected: null, score: null, backfill: false, late: false };

function windowOf(values: readonly number[]): OpenWindow {
  const window = { ...openWindow(START), count: values.length, min: Math.min(...values), max: Math.max(...values) };
  for (const value of values) {
    window.sum += value;
    if (value === 0) window.zeros++;
    else addBin(window, binOf(value), 1);
  }
  return window;
}

/** Through the row that the scorer writes, as JSON. */
function stored(window: OpenWindow): OpenWindow {
  const row = windowRowOf({ id: 's', tenant: 't', metric: 'm', dimensions: {} }, window, SCORED, START, 1);
  return windowOfStored({ ...(JSON.parse(JSON.stringify(row)) as typeof row), start: START });
}

const quantiles = (window: OpenWindow, ...shares: number[]): number[] => shares.map((share) => quantileOf(window, share));
const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e9, noNaN: true }));
const valuesOf = (maxLength: number) => fc.array(value, { minLength: 1, maxLength });

describe('a window that comes back from its row', () => {
  it('has its counts and its quantiles', () => {
    fc.assert(
      fc.property(valuesOf(400), (values) => {
        const window = windowOf(values);
        const back = stored(window);
        const { start, count, sum, min, max, errors } = back;
        expect({ start, count, sum, min, max, errors }).toEqual({ start: START, count: window.count, sum: window.sum, min: window.min, max: window.max, errors: 0 }); // prettier-ignore
        expect(quantiles(back, 0.5, 0.95)).toEqual(quantiles(window, 0.5, 0.95));
        expect(back.bins.reduce((sum, number, i) => (i % 2 === 1 ? sum + number : sum), back.zeros)).toBe(count);
      }),
    );
  });

  it('is the same window when it holds up to four measurements, so runs of sparse windows are exact', () => {
    fc.assert(
      fc.property(fc.array(valuesOf(4), { minLength: 2, maxLength: 12 }), (windows) => {
        const [whole, back] = [openWindow(START), openWindow(START)];
        for (const values of windows) {
          mergeInto(whole, windowOf(values));
          mergeInto(back, stored(windowOf(values)));
        }
        expect([back.zeros, back.bins]).toEqual([whole.zeros, whole.bins]);
      }),
    );
  });
});
