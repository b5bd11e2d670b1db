import { effectHref, hrefOf, sessionHref, turnsHref } from './links';

describe('links of the console', () => {
  it('leaves out what is not given', () => {
    expect(hrefOf('/costs', { tab: 'why', service: '', until: undefined })).toBe('/costs?tab=why');
    expect(turnsHref({})).toBe('/turns');
  });
  it('keeps hostile values inside of their parameter', () => {
    const href = turnsHref({ intent: 'a&outcome=error#x', service: '../x?' });
    expect([...new URL(href, 'http://t').searchParams]).toEqual([['intent', 'a&outcome=error#x'], ['service', '../x?']]); // prettier-ignore
    expect(new URL(sessionHref('../../api/session?'), 'http://t').pathname).toBe('/sessions/..%2F..%2Fapi%2Fsession%3F');
  });
  it.each([
    ['2026-11-29T09:00:00.000Z', [null, null]],
    ['2026-11-20T09:00:00.000Z', ['30d', null]],
    ['2026-09-20T09:00:00.000Z', ['2026-09-13T09:00:00.000Z', '2026-09-27T09:00:00.000Z']],
  ])('shows enough time on both sides of a deploy at %s', (at, times) => {
    const asked = new URL(effectHref({ service: 'a&b', at }, Date.parse('2026-11-30T09:00:00Z')), 'http://t').searchParams;
    expect([asked.get('b'), asked.get('after'), asked.get('mode')]).toEqual(['a&b', at, 'change']);
    expect([asked.get('since'), asked.get('until')]).toEqual(times);
  });
});
