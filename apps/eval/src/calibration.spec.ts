import { calibrationOf, NOISES } from './calibration';

/** 1.5 times what is expected, and three standard deviations of chance. */
const most = (evaluations: number, level: number): number => 1.5 + 3 * Math.sqrt(1.5 / (evaluations * level));

describe('the detector on noise without a fault', () => {
  it.each(Object.keys(NOISES))('takes no value for rarer than it is: %s', (name) => {
    const noise = NOISES[name];
    if (!noise) throw new Error(name);
    for (const rate of [0.3, 3])
      for (const [channel, { evaluations, at_1e2, at_1e3 }] of calibrationOf(noise, { rate, series: 6, days: 2 })) {
        // Two days are not enough hours for a share of one in a hundred.
        if (channel === 'drift') continue;
        expect({ channel, rate, isRight: at_1e2 <= most(evaluations, 1e-2) && at_1e3 <= most(evaluations, 1e-3) }).toEqual({
          channel,
          rate,
          isRight: true,
        });
      }
  });

  it.each(['bursty', 'autocorrelated'])('takes no slow change for rarer than it is: %s', (name) => {
    const noise = NOISES[name];
    if (!noise) throw new Error(name);
    const found = calibrationOf(noise, { rate: 0.05, series: 6, days: 14 }).get('drift');
    expect(found?.evaluations).toBeGreaterThan(1_000);
    expect(found?.at_1e2).toBeLessThanOrEqual(most(found?.evaluations ?? 0, 1e-2));
  });

  it('evaluates every channel', () => {
    const found = calibrationOf((dice) => Math.exp(dice.normal()), { rate: 0.3, series: 1, days: 4 });
    expect([...found.keys()].sort()).toEqual(['calls', 'drift', 'errors', 'level_shift', 'p95', 'value']);
  });
});
