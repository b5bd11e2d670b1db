import fc from 'fast-check';
import { findWindow, NO_WINDOWS, splitWindows, withWindow } from './open-windows';
import { openWindow } from './window';

const listOf = (starts: readonly number[]) =>
  starts.reduce((windows, start) => withWindow(windows, openWindow(start)), NO_WINDOWS);
const startsOf = (windows: readonly { start: number }[]): number[] => windows.map(({ start }) => start);
const ascending = (starts: Iterable<number>): number[] => [...starts].sort((a, b) => a - b);

describe('open windows of a series', () => {
  it('are found by their start and parted at a time, as those of a map are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50), { maxLength: 20 }), fc.nat(50), (starts, at) => {
        const windows = listOf(starts);
        expect(startsOf(windows)).toEqual(ascending(starts));
        expect(findWindow(windows, at)?.start).toBe(starts.includes(at) ? at : undefined);
        const [taken, left] = splitWindows(windows, at);
        expect(startsOf(taken)).toEqual(ascending(starts.filter((start) => start <= at)));
        expect(startsOf(left)).toEqual(ascending(starts.filter((start) => start > at)));
      }),
    );
  });

  it('of one series are not those of another', () => {
    const [one, other] = [listOf([10, 20]), listOf([10])];
    splitWindows(one, 20);
    expect([startsOf(other), startsOf(NO_WINDOWS)]).toEqual([[10], []]);
  });
});
