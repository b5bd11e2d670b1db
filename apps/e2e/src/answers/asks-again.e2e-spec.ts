import { MINUTE_MS } from '@telltale/kernel';
import { type Scenario, startScenario } from '../harness/scenario';
import { asksAgain, ASKS_AGAIN } from './asks-again';

jest.setTimeout(240_000);

interface Journey {
  readonly session_id: string;
  readonly abandoned_because: string;
  readonly reasons: readonly { readonly sign: string }[];
}
interface Compared {
  readonly a: string;
  readonly b: string;
  readonly metrics: readonly { readonly metric: string; readonly verdict: string; readonly low: number }[];
}

describe('users give up, for a new version of a prompt asks for what they said', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario('asks-again');
    await scenario.send(asksAgain(Date.now() - 2 * MINUTE_MS));
  });
  afterAll(() => scenario.stop());

  it('is seen in their journeys: who corrects the bot gives up', () => {
    const journeys = scenario.lines<Journey>('journeys', '--limit', '20');
    expect(journeys).toHaveLength(20);
    for (const { reasons, abandoned_because: because } of journeys) {
      expect(reasons.map(({ sign }) => sign)).toContain('correction');
      expect(['correction', 'rephrasing']).toContain(because);
    }
  });

  it('is an effect of the version of the prompt', () => {
    const found = scenario.telltale<Compared>('compare', '--by', 'prompt', '--metric', 'friction');
    expect([found.a, found.b]).toEqual([ASKS_AGAIN.before, ASKS_AGAIN.after]);
    expect(found.metrics[0]).toMatchObject({ metric: 'friction', verdict: 'higher' });
    expect(found.metrics[0]?.low).toBeGreaterThan(0.1);
  });

  it('is no effect of the region that more of them come from', () => {
    const found = scenario.telltale<Compared>('compare', '--by', 'region', '--metric', 'friction', '--prompt', ASKS_AGAIN.after);
    expect(found.metrics[0]).not.toMatchObject({ verdict: 'higher' });
  });
});
