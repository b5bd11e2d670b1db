import { hrefOf, sessionHref, turnsHref } from './links';

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
});
