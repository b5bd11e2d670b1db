import { type AnomalyRecord, type DetectorSettingRecord } from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { createDice, DAY_MS, HOUR_MS } from '@telltale/kernel';
import { backtest, type BacktestSeries } from './backtest';
import { type OpenWindow, windowOf } from './state/window';

const START = Date.parse('2026-03-02T00:00:00Z');
const DAYS = 28;
const HOLIDAY = Date.parse('2026-03-26T00:00:00Z');
const FAULT = HOLIDAY + 14 * HOUR_MS;
const FAULT_ENDS = FAULT + 2 * HOUR_MS;
const SEEDS = [1, 2, 3];

interface Holiday {
  /** Of the usual traffic. */
  readonly share: number;
  readonly fault?: 'slow' | 'errors' | 'silent';
}

/** Windows of one series of `perMinute` measurements by day, a quarter of them by night. */
function* windowsOf(seed: number, perMinute: number, median: number, { share, fault }: Holiday): Generator<OpenWindow> {
  const dice = createDice(seed);
  for (let start = START; start < START + DAYS * DAY_MS; start += WINDOW_MS) {
    const wave = 1 - 0.6 * Math.cos((2 * Math.PI * (start - START)) / DAY_MS);
    const isHoliday = start >= HOLIDAY && start < HOLIDAY + DAY_MS;
    const hit = start >= FAULT && start < FAULT_ENDS ? fault : undefined;
    const usual = (perMinute * wave * WINDOW_MS) / 60_000;
    const count = dice.poisson(hit === 'silent' ? 0 : isHoliday ? share * usual : usual);
    if (count === 0) continue;
    // Under load it takes longer.
    const load = 1 + 0.4 * wave * (isHoliday ? share : 1);
    const factor = load * (hit === 'slow' ? 5 : 1);
    const values = Array.from({ length: count }, () => median * factor * Math.exp(0.4 * dice.normal()));
    const errors = values.filter(() => dice.uniform() < (hit === 'errors' ? 0.6 : 0.02)).length;
    yield windowOf(start, values, errors);
  }
}

function seriesOf(seed: number, holiday: Holiday): BacktestSeries[] {
  const tool = (name: string) => ({ service_name: 'shop', kind: 'tool', name });
  const one = (id: string, metric: string, dimensions: Record<string, string>, perMinute: number, median: number, nth: number) => ({
    id, tenant: 'acme', metric, dimensions, windows: windowsOf(10 * seed + nth, perMinute, median, holiday),
  }); // prettier-ignore
  const turns = { service_name: 'shop' };
  return [
    one('count', 'turn.count', turns, 6, 1, 1),
    one('turns', 'turn.duration', turns, 6, 3_000, 1),
    one('search', 'operation.duration', tool('search'), 4, 400, 2),
    one('book', 'operation.duration', tool('book'), 0.7, 900, 3),
  ];
}

const SETTING: DetectorSettingRecord = {
  type: 'set_holidays', tenant: 'acme', id: 'h', name: 'a holiday', dates: ['2026-03-26'], utc_offset: '+00:00', issued_by: 'test',
}; // prettier-ignore

/** Anomalies that began on the holiday or on the two days after it. */
function found(seed: number, holiday: Holiday, settings: readonly DetectorSettingRecord[]): AnomalyRecord[] {
  return backtest(seriesOf(seed, holiday), START + DAYS * DAY_MS, { settings }).filter(
    ({ started_at: at }) => Date.parse(at) >= HOLIDAY && Date.parse(at) < HOLIDAY + 3 * DAY_MS,
  );
}

it.each([0.1, 5])('explore %s', (share) => {
  for (const settings of [[], [SETTING]])
    for (const seed of SEEDS)
      console.log(share, settings.length, seed, found(seed, { share }, settings).map((a) => [a.metric, a.dimensions['name'], a.channel, a.direction, a.started_at, a.value, a.expected, a.expected_low, a.expected_high].join(' ')).join('\n')); // prettier-ignore
});
