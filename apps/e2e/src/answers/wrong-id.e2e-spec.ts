import { MINUTE_MS } from '@telltale/kernel';
import { type Scenario, startScenario } from '../harness/scenario';
import { BROKEN, wrongId } from './wrong-id';

jest.setTimeout(240_000);

interface Explained {
  readonly ending: string;
  readonly root: { readonly cause: string; readonly tool: string; readonly step: number; readonly evidence: readonly number[] };
  readonly steps: readonly Step[];
  readonly compared_with: number;
}
interface Step {
  readonly step: number;
  readonly marked: boolean;
  readonly failed: boolean;
  readonly text: string;
  readonly steps: readonly Step[];
}
const allOf = (steps: readonly Step[]): Step[] => steps.flatMap((step) => [step, ...allOf(step.steps)]);

describe('a chain of five steps that fails at the third, for the first one answered with an id of another kind', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario('wrong-id');
    await scenario.send(wrongId(Date.now() - 2 * MINUTE_MS));
  });
  afterAll(() => scenario.stop());

  it('is explained by the first step, not by the one that failed', () => {
    const found = scenario.telltale<Explained>('explain', BROKEN.turn);
    expect(found).toMatchObject({ ending: 'failed', root: { cause: 'wrong_id_carried', tool: BROKEN.first } });
    expect(found.compared_with).toBe(60);
    const steps = allOf(found.steps);
    expect(steps.filter(({ marked }) => marked).map(({ text }) => text)).toEqual([
      expect.stringContaining(BROKEN.first) as string,
    ]);
    expect(steps.filter(({ failed }) => failed).map(({ text }) => text)).toEqual([
      expect.stringContaining(BROKEN.failed) as string,
    ]);
  });

  it('is not said of a chain that went well', () => {
    expect(scenario.telltale<Explained>('explain', 'fare-7')).not.toMatchObject({ ending: 'failed' });
  });
});
