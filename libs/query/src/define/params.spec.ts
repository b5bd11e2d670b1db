import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { periodOf } from './params';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const RANGE = { defaultMs: DAY_MS, maxMs: 30 * DAY_MS };

describe('the range of time', () => {
  it.each([
    ['a day up to now when nothing is given', {}, NOW - DAY_MS, NOW + HOUR_MS],
    ['an age', { since: '2h' }, NOW - 2 * HOUR_MS, NOW + HOUR_MS],
    ['ISO 8601', { since: '2026-11-23T10:00:00Z', until: '2026-11-23T11:00:00Z' }, NOW - 2 * HOUR_MS, NOW - HOUR_MS],
    ['Unix ms', { since: String(NOW - HOUR_MS), until: String(NOW) }, NOW - HOUR_MS, NOW],
    ['a day before until', { until: '1d' }, NOW - 2 * DAY_MS, NOW - DAY_MS],
    ['the longest there may be, up to now', { since: '30d' }, NOW - 30 * DAY_MS, NOW + HOUR_MS],
  ])('is %s', (_, given, since, until) => {
    expect(periodOf(given, NOW, RANGE)).toEqual({ since, until });
  });

  it.each([
    ['no time', { since: 'yesterday' }, 'since'],
    ['a number that is no time of ours', { since: '12' }, 'since'],
    ['a time beyond those of the engine', { until: '9999-01-01' }, 'until'],
    ['a time before the first', { since: '999999d' }, 'since'],
    ['an empty range', { since: '1h', until: '2h' }, 'since'],
    ['a range too long', { since: '31d' }, 'since'],
  ])('refuses %s', (_, given, parameter) => {
    expect(() => periodOf(given, NOW, RANGE)).toThrow(expect.objectContaining({ parameter, code: 'invalid' }));
  });
});
