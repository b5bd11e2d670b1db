import { type AnomalyRecord, type DetectorSettingRecord } from '@telltale/contracts';
import { createDice, DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { backtest, type BacktestSeries } from './backtest';
import { type OpenWindow, windowOf } from './state/window';

const START = Date.parse('2026-03-02T00:00:00Z');
const HOLIDAY = Date.parse('2026-03-26T00:00:00Z');
const END = START + 28 * DAY_MS;
const SLOW = { from: HOLIDAY + 9 * HOUR_MS, until: HOLIDAY + 11 * HOUR_MS };
const FAILING = { from: HOLIDAY + 13 * HOUR_MS, until: HOLIDAY + 15 * HOUR_MS };
const SILENT = { from: HOLIDAY + 16 * HOUR_MS, until: HOLIDAY + 24 * HOUR_MS };
const SEEDS = [1, 2, 3];

interface Holiday {
  /** Of the usual traffic. */
  readonly share: number;
  /** Whether search takes five times as long for two hours, six in ten calls of book fail for two hours, and nothing comes for eight hours. */
  readonly faults: boolean;
}
interface Source {
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Measurements a minute, on average over the day. */
  readonly perMinute: number;
  readonly median: number;
}

const of = (name: string) => ({ metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name } });
const SOURCES: readonly Source[] = [
  { metric: 'turn.count', dimensions: { service_name: 'shop' }, perMinute: 6, median: 1 },
  { metric: 'turn.duration', dimensions: { service_name: 'shop' }, perMinute: 6, median: 3_000 },
  { ...of('search'), perMinute: 4, median: 400 },
  { ...of('book'), perMinute: 1.5, median: 900 },
];

/** A window a minute; by night there is a quarter of the traffic of noon, and it takes less time. */
function* windowsOf(
  { metric, dimensions, perMinute, median }: Source,
  seed: number,
  { share, faults }: Holiday,
): Generator<OpenWindow> {
  const dice = createDice(seed);
  for (let start = START; start < END; start += MINUTE_MS) {
    const isIn = ({ from, until }: { from: number; until: number }): boolean => faults && start >= from && start < until;
    const load =
      (1 - 0.6 * Math.cos((2 * Math.PI * (start - START)) / DAY_MS)) * (start >= HOLIDAY && start < HOLIDAY + DAY_MS ? share : 1);
    const count = isIn(SILENT) ? 0 : dice.poisson(perMinute * load);
    if (count === 0) continue;
    const factor = (1 + 0.4 * load) * (isIn(SLOW) && dimensions['name'] === 'search' ? 5 : 1);
    const values = Array.from({ length: count }, () =>
      metric === 'turn.count' ? 1 : median * factor * Math.exp(0.4 * dice.normal()),
    );
    const errorShare = isIn(FAILING) && dimensions['name'] === 'book' ? 0.6 : 0.02;
    yield windowOf(start, values, values.filter(() => dice.uniform() < errorShare).length);
  }
}

const seriesOf = (seed: number, holiday: Holiday): BacktestSeries[] =>
  SOURCES.map((source, nth) => {
    const { metric, dimensions } = source;
    return {
      id: `${nth}`,
      tenant: 'acme',
      metric,
      dimensions,
      windows: windowsOf(source, 10 * seed + Math.max(nth, 1), holiday),
    };
  });

const SETTING: DetectorSettingRecord = {
  type: 'set_holidays', tenant: 'acme', id: 'h', name: 'a holiday', dates: ['2026-03-26'], utc_offset: '+00:00', issued_by: 'test',
}; // prettier-ignore

/** Anomalies that began on the holiday or the day after it. */
const found = (seed: number, faults: boolean, settings: readonly DetectorSettingRecord[]): AnomalyRecord[] =>
  backtest(seriesOf(seed, { share: 0.1, faults }), END, { settings }).filter(
    ({ started_at: at }) => Date.parse(at) >= HOLIDAY && Date.parse(at) < HOLIDAY + 2 * DAY_MS,
  );

describe('a holiday with a tenth of the traffic, after 24 days with a daily rhythm', () => {
  it('alerts where nobody has named it, and does not where somebody has', () => {
    const alerts = [[], [SETTING]].map((settings) => SEEDS.map((seed) => found(seed, false, settings).length));
    expect(alerts).toEqual([
      [2, 1, 3],
      [0, 0, 0],
    ]);
  });

  it.each(SEEDS)('leaves a slow tool, failing calls and an outage to be found: %i', (seed) => {
    const all = found(seed, true, [SETTING]);
    const hasBegunIn = ({ from, until }: typeof SLOW, wanted: Partial<AnomalyRecord>, name?: string): boolean =>
      all.some((one) => {
        const at = Date.parse(one.started_at);
        const isWanted = Object.entries(wanted).every(([field, value]) => one[field as keyof AnomalyRecord] === value);
        return at >= from - 5 * MINUTE_MS && at < until && isWanted && one.dimensions['name'] === name;
      });
    expect(hasBegunIn(SLOW, { metric: 'operation.duration', direction: 'up' }, 'search')).toBe(true);
    expect(hasBegunIn(FAILING, { channel: 'errors' }, 'book')).toBe(true);
    expect(hasBegunIn(SILENT, { metric: 'turn.duration', kind: 'no_data' })).toBe(true);
    expect(all.filter(({ started_at: at }) => Date.parse(at) < SLOW.from)).toEqual([]);
  });
});
