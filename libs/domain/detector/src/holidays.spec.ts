import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { createBaselines } from './baselines';
import { afterUsualTime, HOLIDAY_FACTOR, holidayAt, holidayOf, mergeHolidays } from './holidays';
import { modelOf, WINDOW_MS } from './model';

const FIRST = Date.parse('2026-03-02T00:00:00Z');

describe('holidays', () => {
  const christmas = mergeHolidays([holidayOf('2026-12-26', '+01:00'), holidayOf('2026-12-25', '+01:00'), holidayOf('2027-01-01', '+01:00')]); // prettier-ignore

  it('are days of the clocks that are named, and days after each other are one', () => {
    expect(christmas).toHaveLength(2);
    expect(holidayAt(christmas, Date.parse('2026-12-24T22:59:59Z'))).toBeUndefined();
    const both = { from: Date.parse('2026-12-24T23:00:00Z'), until: Date.parse('2026-12-26T23:00:00Z') };
    expect(holidayAt(christmas, both.from)).toEqual(both);
    expect(holidayAt(christmas, both.until - 1)).toEqual(both);
    expect(holidayAt(christmas, both.until)).toBeUndefined();
  });

  it.each([
    ['no holiday', '2026-12-20T00:00:00Z', HOUR_MS, HOUR_MS],
    ['until one begins', '2026-12-24T22:00:00Z', HOUR_MS, HOUR_MS],
    ['into one', '2026-12-24T22:30:00Z', HOUR_MS, 30 * MINUTE_MS + HOLIDAY_FACTOR * 30 * MINUTE_MS],
    ['within one', '2026-12-25T00:00:00Z', HOUR_MS, HOLIDAY_FACTOR * HOUR_MS],
    ['out of one', '2026-12-26T22:00:00Z', HOUR_MS, 2 * HOUR_MS - HOUR_MS / HOLIDAY_FACTOR],
    ['through two', '2026-12-26T22:00:00Z', 10 * DAY_MS, 10 * DAY_MS + (HOUR_MS + DAY_MS) * (1 - 1 / HOLIDAY_FACTOR)],
  ])('count a twentieth of the time without data: %s', (_, from, spanMs, expected) => {
    const start = Date.parse(from);
    expect(afterUsualTime(christmas, start, spanMs) - start).toBeCloseTo(expected, 3);
  });
});

describe('traffic on a holiday', () => {
  const RUN_MS = 5 * MINUTE_MS;

  /** Five days of 10 a minute, 40 from 8 h to 20 h; then the row and its copy. */
  function known() {
    const sut = createBaselines();
    const row = sut.add();
    for (let end = FIRST + RUN_MS; end <= FIRST + 5 * DAY_MS; end += RUN_MS) {
      const hour = ((end - 1) % DAY_MS) / HOUR_MS;
      const noise = 1 + 0.1 * Math.sin(end / RUN_MS);
      sut.evaluateTraffic(row, { end, count: Math.round(5 * (hour >= 8 && hour < 20 ? 40 : 10) * noise), spanMs: RUN_MS });
    }
    return { sut, row, usualRow: sut.addCopy(row) };
  }
  const surprise = (perMinute: number, isHoliday: boolean): boolean => {
    const { sut, row, usualRow } = known();
    const run = { end: FIRST + 5 * DAY_MS + RUN_MS, count: 5 * perMinute, spanMs: RUN_MS };
    const [evidence] = sut.evaluateTraffic(row, run, isHoliday ? usualRow : undefined);
    return evidence !== undefined && evidence.isLarge && evidence.logP < -5;
  };

  it.each([
    [1, true, false],
    [400, true, false],
    [2_000, true, true],
  ])('%i a minute: reported on a usual day %s, on a holiday %s', (perMinute, usual, onHoliday) => {
    expect(surprise(perMinute, false)).toBe(usual);
    expect(surprise(perMinute, true)).toBe(onHoliday);
  });

  it('is forgotten when the holiday is over', () => {
    const { sut, row, usualRow } = known();
    const other = sut.addCopy(usualRow);
    for (let end = FIRST + 5 * DAY_MS + RUN_MS; end <= FIRST + 6 * DAY_MS; end += RUN_MS)
      sut.evaluateTraffic(row, { end, count: 8, spanMs: RUN_MS }, usualRow);
    sut.endHoliday(row, usualRow, FIRST + 6 * DAY_MS);
    const next = { end: FIRST + 6 * DAY_MS + RUN_MS, count: 50, spanMs: RUN_MS };
    expect(sut.evaluateTraffic(row, next)).toEqual(sut.evaluateTraffic(other, next));
  });

  it('leaves what is known of errors, and when there was data last', () => {
    const DURATION = modelOf('turn.duration', {});
    if (!DURATION) throw new Error('turn.duration has a model');
    const sut = createBaselines();
    const row = sut.add();
    const feed = (from: number, to: number, errors: number) => {
      for (let start = from; start < to; start += WINDOW_MS) sut.evaluateWindow(row, DURATION, { start, count: 4, errors });
    };
    feed(FIRST, FIRST + DAY_MS, 0);
    const usualRow = sut.addCopy(row);
    feed(FIRST + DAY_MS, FIRST + DAY_MS + 6 * HOUR_MS, 2);
    const usual = sut.noDataFrom(usualRow) - FIRST - DAY_MS;
    sut.endHoliday(row, usualRow, FIRST + 2 * DAY_MS);
    expect(sut.noDataFrom(row) - FIRST - 2 * DAY_MS).toBe(usual + WINDOW_MS);
    const [evidence] = sut.evaluateWindow(row, DURATION, { start: FIRST + 2 * DAY_MS, count: 4, errors: 2 });
    expect(evidence?.expected).toBeGreaterThan(0.3);
  });
});
