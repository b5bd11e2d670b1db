import { type ExpectedRange } from './questions';
import { drawn, holidaySpans, maintenanceSpans } from './marked';

const HOUR = 3_600_000;
const T = Date.parse('2026-11-30T00:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const window = (at: number, p50: number, expected: number | null) =>
  ({ window_start: iso(at), p50, expected }) as unknown as Parameters<typeof drawn>[0][number];
const range = (runs: number, within: number): ExpectedRange => ({
  series_id: 's', metric: 'operation.duration', dimensions: {}, replayed_from: iso(T), runs, within, is_thinned: false, shown: [[T + 1, 5, 4, 2, 6]],
}); // prettier-ignore

describe('what is drawn of a series', () => {
  const windows = [window(T + 10_000, 3, 2), window(T, 1, null)];

  it('is its range where it was measured, with what it covers', () => {
    const { value, expected, band, says } = drawn(windows, range(200, 196));
    expect([value, expected, band]).toEqual([[[T + 1, 5]], [[T + 1, 4]], [[T + 1, 2, 6]]]);
    expect(says).toContain('196 of 200 runs (98 %) lay in it');
  });

  it.each([
    [range(0, 0), 'does not know this series'],
    [range(20, 20), '20 runs only'],
    [range(200, 150), '150 of 200 runs (75 %)'],
    [undefined, ''],
  ])('is no range where that was not measured, or does not hold: %#', (measured, why) => {
    const { value, expected, band, says } = drawn(windows, measured);
    expect([value, expected, band]).toEqual([[[T, 1], [T + 10_000, 3]], [[T + 10_000, 2]], []]); // prettier-ignore
    expect(says).toContain(why);
  });
});

describe('what is marked on the axis', () => {
  const about = { service_name: '', reason: 'move', state: 'active', recorded_at: iso(T) };
  it('is planned work of the service or of all, until it was taken back', () => {
    const all = [
      { ...about, from_at: iso(T), until_at: iso(T + 2 * HOUR) },
      { ...about, from_at: iso(T), until_at: iso(T + 2 * HOUR), state: 'ended', recorded_at: iso(T + HOUR) },
      { ...about, from_at: iso(T), until_at: iso(T + HOUR), service_name: 'bot' },
      { ...about, from_at: iso(T + HOUR), until_at: iso(T + 2 * HOUR), state: 'ended', recorded_at: iso(T) },
    ] as unknown as Parameters<typeof maintenanceSpans>[0];
    expect(maintenanceSpans(all, 'shop').map(({ from, to }) => [from - T, to - T])).toEqual([[0, 2 * HOUR], [0, HOUR]]); // prettier-ignore
  });

  it('is a holiday from midnight to midnight by the clocks of its list', () => {
    const all = [
      { service_name: '', dates: ['2026-12-25'], utc_offset: '+01:00', name: 'Christmas', state: 'active', recorded_at: iso(T) },
    ];
    const [day] = holidaySpans(all as unknown as Parameters<typeof holidaySpans>[0], 'shop');
    expect([day?.text, iso(day?.from ?? 0), iso(day?.to ?? 0)]).toEqual(['holiday: Christmas', '2026-12-24T23:00:00.000Z', '2026-12-25T23:00:00.000Z']); // prettier-ignore
  });
});
