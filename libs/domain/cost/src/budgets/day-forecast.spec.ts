import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { dayForecastOf } from './day-forecast';
import { type SpanSum } from './sums';

const TODAY = Date.parse('2026-03-16T00:00:00Z');
/** Spend of the hours of `days` days before today, and of today until `now`. */
const hoursOf = (days: number, now: number, nanoOf: (hourOfDay: number, day: number) => number): SpanSum[] => {
  const first = TODAY - days * DAY_MS;
  const count = Math.ceil((now - first) / HOUR_MS);
  return Array.from({ length: count }, (_, i): SpanSum => [first + i * HOUR_MS, nanoOf(i % 24, Math.floor(i / 24)), 1, 0]).filter(([, nano]) => nano > 0);
}; // prettier-ignore
const byDay = (hour: number): number => (hour >= 9 && hour < 17 ? 100 : 0);

describe('the forecast of a day', () => {
  it.each([
    ['before the hours in which money is spent', 8, 800],
    ['in the middle of them', 13, 800],
    ['after them', 18, 800],
  ])('knows when of the day money is spent: %s', (_, hour, expected) => {
    const now = TODAY + hour * HOUR_MS;
    expect(dayForecastOf(hoursOf(20, now, byDay), now)).toBe(expected);
  });

  it('is what is spent already and what is left as usual, when the day is dearer than others so far', () => {
    const now = TODAY + 13 * HOUR_MS;
    expect(
      dayForecastOf(
        hoursOf(20, now, (hour, day) => (day === 20 ? 3 : 1) * byDay(hour)),
        now,
      ),
    ).toBe(4 * 300 + 400);
  });

  it('takes of an hour that has begun what is left of it', () => {
    const now = TODAY + 13.5 * HOUR_MS;
    const hours = hoursOf(20, now, byDay).map((span): SpanSum => (span[0] === TODAY + 13 * HOUR_MS ? [span[0], 50, 1, 0] : span));
    expect(dayForecastOf(hours, now)).toBe(800);
  }); // prettier-ignore

  it.each([
    ['fewer than seven whole days', hoursOf(6, TODAY + 12 * HOUR_MS, byDay)],
    ['nothing', []],
    ['today alone', hoursOf(0, TODAY + 12 * HOUR_MS, byDay)],
  ])('is none of %s', (_, hours) => expect(dayForecastOf(hours, TODAY + 12 * HOUR_MS)).toBeNull());
});
