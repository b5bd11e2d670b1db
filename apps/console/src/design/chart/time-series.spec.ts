import { nearest, readingsAt, timesOf, type TimeSeries } from './time-series';

const calls: TimeSeries = { name: 'calls', points: [[3, 1], [1, 4]], band: [[1, 2, 6]] }; // prettier-ignore
const errors: TimeSeries = { name: 'errors', points: [[2, null], [1, 0]] }; // prettier-ignore

describe('series over time', () => {
  it('have their times in order, each once', () => expect(timesOf([calls, errors])).toEqual([1, 2, 3]));

  it.each([
    ['before the first', [10, 20, 30], 1, 0],
    ['after the last', [10, 20, 30], 99, 2],
    ['between two: the nearer one', [10, 20, 30], 26, 2],
    ['in the middle of two: the earlier one', [10, 20, 30], 25, 1],
    ['of one', [10], 50, 0],
    ['of none', [], 50, -1],
  ])('the nearest time %s', (_, times, at, expected) => expect(nearest(times, at)).toBe(expected));

  it('say what they have at a time, with what is usual, and nothing where they have nothing', () => {
    expect(readingsAt([calls, errors], 1)).toEqual([{ name: 'calls', value: 4, usual: [2, 6] }, { name: 'errors', value: 0, usual: null }]); // prettier-ignore
    expect(readingsAt([calls, errors], 2).map(({ value }) => value)).toEqual([null, null]);
  });
});
