import {
  addDiscovery,
  correctedLogP,
  countActive,
  countEvaluation,
  FALSE_ALARM_START,
  type FalseAlarmState,
  logAcceptedPerDay,
  logShareOf,
} from './false-alarms';
import { createDice } from '@telltale/kernel';

const RULES = { perDay: 5, perSeriesDay: 0.1, reward: 0.1 };
const HOUR = 3_600_000;

function withSeries(count: number): FalseAlarmState {
  let state = FALSE_ALARM_START;
  for (let i = 0; i < count; i++) state = countActive(state, 10 * HOUR, true);
  return state;
}

describe('the false-alarm budget', () => {
  it.each([
    ['few series', 10, 0.1],
    ['many', 1_000, 0.005],
    ['very many', 100_000, 0.00005],
  ])('is shared by %s', (_, series, each) => {
    expect(Math.exp(logAcceptedPerDay(withSeries(series), RULES, 10 * HOUR))).toBeCloseTo(each, 9);
  });

  it('is shared by the channels that look at the same values of a series, and by no others', () => {
    const ofValues = (['value', 'calls', 'level_shift', 'p95'] as const).map((channel) => logShareOf(channel, 'level'));
    for (const share of ofValues) expect(share).toBeLessThan(0);
    expect(logShareOf('errors', 'level')).toBe(0);
    expect(logShareOf('no_data', 'level')).toBe(0);
    expect(logShareOf('level_shift', 'traffic')).toBe(0);
  });

  it('limits all series together, whatever their number', () => {
    const dice = createDice(1);
    for (const series of [100, 2_000]) {
      const each = Math.exp(logAcceptedPerDay(withSeries(series), RULES, 10 * HOUR));
      const testsADay = 1_440;
      let falsePositives = 0;
      const days = 40;
      // Every series is tested every minute; p is uniform on normal data.
      for (let i = 0; i < series * days; i++) falsePositives += dice.poisson(testsADay * (each / testsADay));
      expect(falsePositives / days).toBeLessThan(1.3 * RULES.perDay);
    }
  });

  it('increases after a discovery, most right after it, and by the reward in total', () => {
    const state = addDiscovery(withSeries(1_000), 10 * HOUR);
    const gains = Array.from({ length: 1_440 }, (_, i) => {
      const at = 10 * HOUR + i * 60_000;
      return Math.exp(logAcceptedPerDay(state, RULES, at)) - Math.exp(logAcceptedPerDay(withSeries(1_000), RULES, at));
    });
    expect(gains[0]).toBeGreaterThan(gains[10] ?? 0);
    // Per series and day: the sum over minutes is what all series may report falsely within a day.
    expect((1_000 * gains.reduce((a, b) => a + b, 0)) / 1_440).toBeLessThanOrEqual(RULES.reward * 1.001);
    expect(Math.exp(logAcceptedPerDay(state, RULES, 40 * HOUR))).toBeCloseTo(0.005, 9);
  });

  it('counts the series with data in each hour', () => {
    let state = withSeries(5);
    state = countActive(state, 11 * HOUR, true);
    expect(state).toMatchObject({ active: 1, before: 5 });
    expect(countActive(state, 20 * HOUR, true)).toMatchObject({ active: 1, before: 0 });
    expect(countActive(state, 10 * HOUR, true)).toBe(state);
  });
});

describe('a calibrated probability', () => {
  const fed = (count: number, logPOf: (uniform: number) => number): FalseAlarmState => {
    const dice = createDice(2);
    let state = FALSE_ALARM_START;
    for (let i = 0; i < count; i++) state = countEvaluation(state, logPOf(dice.uniform()));
    return state;
  };

  it('is unchanged when the observed tail matches', () => {
    const state = fed(300_000, Math.log);
    expect(correctedLogP(state, Math.log(1e-8))).toBeGreaterThan(Math.log(1e-8) - 1e-9);
    expect(correctedLogP(state, Math.log(1e-8))).toBeLessThan(Math.log(1e-7));
    expect(correctedLogP(state, Math.log(0.2))).toBe(Math.log(0.2));
  });

  it('increases when the observed tail is heavier, and never decreases', () => {
    const heavy = fed(300_000, (u) => 1.5 * Math.log(u));
    expect(correctedLogP(heavy, Math.log(1e-8))).toBeGreaterThan(Math.log(1e-7));
    const light = fed(300_000, (u) => 0.5 * Math.log(u));
    expect(correctedLogP(light, Math.log(1e-8))).toBe(Math.log(1e-8));
  });

  it('preserves the order of probabilities', () => {
    const heavy = fed(100_000, (u) => 1.5 * Math.log(u));
    const corrected = Array.from({ length: 40 }, (_, i) => correctedLogP(heavy, -i));
    expect([...corrected].sort((a, b) => b - a)).toEqual(corrected);
  });
});
