import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS, isoDay, isoTime, MINUTE_MS, SECOND_MS, windowStart } from './time';

const NOON = Date.UTC(2026, 10, 23, 12, 0, 7, 5);

describe('times', () => {
  it('a window starts at a multiple of its size, before 1970, too', () => {
    expect([NOON, 60_000, 59_999, 0, -1].map((ts) => windowStart(ts, MINUTE_MS))).toEqual([NOON - 7_005, 60_000, 0, 0, -60_000]);
  });
  it('are written in UTC', () => {
    expect([isoTime(NOON), isoDay(NOON)]).toEqual(['2026-11-23T12:00:07.005Z', '2026-11-23']);
    expect(isoDay(Date.UTC(2026, 10, 23, 23, 59, 59, 999))).toBe('2026-11-23');
    expect([0, DAY_MS, DAY_MS - 0.5, -1].map(isoDay)).toEqual(['1970-01-01', '1970-01-02', '1970-01-01', '1969-12-31']);
    for (const none of [NaN, Infinity, 8.64e15 + 1]) expect(() => isoDay(none)).toThrow(RangeError);
  });
  it('of any year are written as Date writes them, with fractions cut off', () => {
    const ms = fc.oneof(
      fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
      fc.double({ min: NOON, max: NOON + DAY_MS, noNaN: true }),
      fc.constantFrom(0, -1, 59_999.999, Date.UTC(9_999, 11, 31, 23, 59, 59, 999), Date.UTC(10_000, 0, 1)),
    );
    fc.assert(
      fc.property(ms, (ts) => expect(isoTime(ts)).toBe(new Date(ts).toISOString())),
      { numRuns: 2_000 },
    );
    for (const none of [NaN, Infinity, -Infinity, 8.64e15 + 1]) expect(() => isoTime(none)).toThrow(RangeError);
  });
  it('units are made of each other', () => {
    expect([SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS]).toEqual([1_000, 60 * SECOND_MS, 60 * MINUTE_MS, 24 * HOUR_MS]);
  });
});
