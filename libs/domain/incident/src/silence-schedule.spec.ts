import { isoTime } from '@telltale/kernel';
import { silencedUntil, type Silence } from '.';

const at = (text: string): number => Date.parse(text);
const SHOP = { service_name: 'shop', services: ['shop', 'bot'], kind: 'behavior', severity: 'warning', title: 'shop: tool search is slow', probable_cause: 'gpt-4o answers late' }; // prettier-ignore
const UNTIL = '2026-03-02T12:00:00Z';
const NOW = at('2026-03-02T11:00:00Z');
const isSilenced = (silence: Silence): boolean => silencedUntil(SHOP, [silence], NOW) > NOW;

describe('a silence with matchers', () => {
  it.each<[string, NonNullable<Silence['matchers']>, boolean]>([
    ['its service', [{ field: 'service', op: '=', value: 'shop' }], true],
    ['another of its services', [{ field: 'service', op: '=', value: 'bot' }], true],
    ['one of several services', [{ field: 'service', op: 'in', value: ['x', 'bot'] }], true],
    ['none of its services', [{ field: 'service', op: '!=', value: 'bot' }], false],
    ['its kind and severity', [{ field: 'kind', op: '=', value: 'behavior' }, { field: 'severity', op: '!=', value: 'critical' }], true],
    ['its kind and another severity', [{ field: 'kind', op: '=', value: 'behavior' }, { field: 'severity', op: '=', value: 'critical' }], false],
    ['words of its title', [{ field: 'title', op: '=', value: 'Tool Search' }], true],
    ['half a word of its title', [{ field: 'title', op: '=', value: 'sear' }], false],
    ['a model that is named', [{ field: 'model', op: '=', value: 'gpt-4o' }], true],
    ['a model whose name begins so', [{ field: 'model', op: '=', value: 'gpt-4' }], false],
    ['any but a tool that is named', [{ field: 'tool', op: '!=', value: 'search' }], false],
  ])('of %s is about it: %3$s', (_what, matchers, expected) => {
    expect(isSilenced({ until: UNTIL, matchers })).toBe(expected);
  }); // prettier-ignore

  it('narrows what service_name and kind say', () => {
    expect(isSilenced({ until: UNTIL, service_name: 'shop', matchers: [{ field: 'tool', op: '=', value: 'search' }] })).toBe(
      true,
    );
    expect(isSilenced({ until: UNTIL, service_name: 'bank', matchers: [{ field: 'tool', op: '=', value: 'search' }] })).toBe(
      false,
    );
  });
});

describe('a silence with a begin', () => {
  const silence: Silence = { from: '2026-03-02T11:30:00Z', until: UNTIL };
  it.each([
    ['2026-03-02T11:29:59.999Z', null],
    ['2026-03-02T11:30:00Z', UNTIL],
    ['2026-03-02T11:59:59.999Z', UNTIL],
    ['2026-03-02T12:00:00Z', null],
  ])('holds at %s until %s', (now, until) => {
    expect(silencedUntil(SHOP, [silence], at(now))).toBe(at(until ?? now));
  });
});

describe('a weekly silence', () => {
  const weekly = (days: ('sun' | 'mon' | 'fri' | 'sat')[], from: string, to: string, time_zone = 'UTC'): Silence => ({
    weekly: [{ days, from, to, time_zone }],
  });
  it.each([
    ['within its window', weekly(['mon'], '10:00', '12:00'), '2026-03-02T11:00:00Z', '2026-03-02T12:00:00Z'],
    ['before it', weekly(['mon'], '10:00', '12:00'), '2026-03-02T09:59:59Z', null],
    ['at its end', weekly(['mon'], '10:00', '12:00'), '2026-03-02T12:00:00Z', null],
    ['on another day', weekly(['fri'], '10:00', '12:00'), '2026-03-02T11:00:00Z', null],
    ['after midnight', weekly(['sat'], '22:00', '06:00'), '2026-03-08T03:00:00Z', '2026-03-08T06:00:00Z'],
    ['over the turn of the week', weekly(['sat'], '22:00', '06:00'), '2026-03-07T23:30:00Z', '2026-03-08T06:00:00Z'],
    ['of a whole day', weekly(['mon'], '00:00', '00:00'), '2026-03-02T11:00:00Z', '2026-03-03T00:00:00Z'],
    ['on clocks elsewhere', weekly(['mon'], '10:00', '12:00', 'America/New_York'), '2026-03-02T16:00:00Z', '2026-03-02T17:00:00Z'],
    ['when clocks are set forward in it', weekly(['sun'], '01:00', '06:00', 'Europe/Berlin'), '2026-03-29T00:30:00Z', '2026-03-29T04:00:00Z'],
    ['when clocks are set back in it', weekly(['sun'], '01:00', '06:00', 'Europe/Berlin'), '2026-10-24T23:30:00Z', '2026-10-25T05:00:00Z'],
    ['day after day without a gap', weekly(['fri', 'sat', 'sun'], '00:00', '00:00'), '2026-03-06T05:00:00Z', '2026-03-09T00:00:00Z'],
  ])('%s', (_what, silence, now, until) => {
    expect(isoTime(silencedUntil(SHOP, [silence], at(now)))).toBe(isoTime(at(until ?? now)));
  }); // prettier-ignore

  it('ends with its until, and always comes to an end of looking', () => {
    const silence = weekly(['mon'], '10:00', '12:00');
    expect(silencedUntil(SHOP, [{ ...silence, until: '2026-03-02T11:15:00Z' }], NOW)).toBe(at('2026-03-02T11:15:00Z'));
    const all: Silence = { weekly: [{ days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], from: '00:00', to: '00:00', time_zone: 'UTC' }] }; // prettier-ignore
    expect(silencedUntil(SHOP, [all], NOW)).toBeGreaterThan(NOW + 50 * 86_400_000);
  });
});
