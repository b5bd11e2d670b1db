import { isoTime, MINUTE_MS } from '@telltale/kernel';
import { type Scenario, startScenario } from '../harness/scenario';
import { NEW_FEATURE, newFeature, releasedAt } from './new-feature';

jest.setTimeout(240_000);

interface Compared {
  readonly metrics: readonly { readonly metric: string; readonly verdict: string; readonly difference: number; readonly low: number; readonly high: number }[];
} // prettier-ignore

describe('a feature goes out with a version, and no flag names it', () => {
  const end = Date.now() - 2 * MINUTE_MS;
  const at = isoTime(releasedAt(end));
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario('new-feature');
    await scenario.send(newFeature(end));
  });
  afterAll(() => scenario.stop());
  const compared = (...options: string[]): Map<string, Compared['metrics'][number]> => {
    const { metrics } = scenario.telltale<Compared>('compare', '--from', '10d', ...options);
    return new Map(metrics.map((one) => [one.metric, one]));
  };

  it('has an effect beside services that do not have it: users need fewer turns', () => {
    const found = compared('--by', 'service', '--b', NEW_FEATURE.service, '--after', at, '--metric', 'turns,duration,friction');
    expect(found.get('turns')).toMatchObject({ verdict: 'lower' });
    // Planted: .25 instead of .8 of the sessions have a third turn.
    const { low = 0, high = 0 } = found.get('turns') ?? {};
    expect([low < -0.55, high > -0.55]).toEqual([true, true]);
  });

  it('is not blamed for what became slower everywhere at the same time', () => {
    const found = compared('--by', 'service', '--b', NEW_FEATURE.service, '--after', at, '--metric', 'turns,duration,friction');
    expect(found.get('duration')).not.toMatchObject({ verdict: 'higher' });
    // Versions alone, side by side, would have blamed it.
    expect(compared('--by', 'version', '--service', NEW_FEATURE.service, '--metric', 'turns,duration').get('duration')).toMatchObject({ verdict: 'higher' }); // prettier-ignore
  });
});
