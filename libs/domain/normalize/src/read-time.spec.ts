import { readTime } from './read-time';

describe('readTime', () => {
  const noon = Date.UTC(2026, 0, 31, 12, 0, 0);
  it.each([
    ['seconds', noon / 1000],
    ['milliseconds', noon],
    ['microseconds', noon * 1000],
    ['nanoseconds', noon * 1e6],
    ['seconds as text', String(noon / 1000)],
    ['nanoseconds as text', `${noon}000000`],
    ['ISO 8601', '2026-01-31T12:00:00.000Z'],
    ['ISO 8601 with an offset', '2026-01-31T13:00:00+01:00'],
    ['ISO 8601 without a zone, taken for UTC', '2026-01-31T12:00:00'],
    ['a blank in place of the T', '2026-01-31 12:00:00'],
    ['nine digits of a second', '2026-01-31T12:00:00.000000000Z'],
  ])('reads %s', (_, value) => {
    expect(readTime(value)).toBe(noon);
  });
  it('reads a day as its start', () => expect(readTime('2026-01-31')).toBe(Date.UTC(2026, 0, 31)));
  it.each([['yesterday'], [''], ['31/01/2026'], ['2026-13-45'], [1e40], [Infinity], [null], [{}], [true]])(
    'takes %j for no time',
    (value) => {
      expect(readTime(value)).toBeNaN();
    },
  );
});
