import { MINUTE_MS } from '@telltale/kernel';
import { type Scenario, startScenario } from '../harness/scenario';
import { SLOW, slowRegion } from './slow-region';

jest.setTimeout(240_000);

interface Incident {
  readonly id: string;
  readonly title: string;
  readonly onset_at: string;
  readonly peak_score: number;
}
interface Why {
  readonly measure: string;
  readonly onset: string;
  readonly mix_share: number;
  readonly causes: readonly {
    readonly values: readonly { readonly dimension: string; readonly value: string }[];
    readonly operation: string | null;
    readonly explained_share: number;
    readonly evidence: { readonly bad: readonly string[]; readonly good: readonly string[] };
  }[];
}

describe('a bot feels slower: the upstream of one tool, in one region, while a version is deployed and traffic grows', () => {
  let scenario: Scenario;
  const end = Date.now() - 2 * MINUTE_MS;
  const began = end - 60 * MINUTE_MS;
  beforeAll(async () => {
    scenario = await startScenario('slow-region');
    await scenario.send(slowRegion(end));
  });
  afterAll(() => scenario.stop());

  const isRegionAndTool = ({ causes, measure, mix_share: mix }: Why): void => {
    expect(measure).toBe('duration');
    expect(mix).toBeLessThan(0.2);
    const [first] = causes;
    expect(first).toMatchObject({
      values: [{ dimension: 'region', value: SLOW.region }],
      operation: `tool ${SLOW.tool}`,
    });
    expect(first?.explained_share).toBeGreaterThan(0.9);
    expect(first?.evidence.bad.length).toBeGreaterThan(0);
    expect(first?.evidence.good.length).toBeGreaterThan(0);
  };

  it('opens an incident that names the tool, whose cause is that tool in that region, not the version that came with it', () => {
    const [incident] = scenario
      .lines<Incident>('incidents', 'list')
      .filter(({ onset_at: at }) => Date.parse(at) >= began - MINUTE_MS)
      .sort((a, b) => b.peak_score - a.peak_score);
    expect(incident?.title).toContain(SLOW.tool);
    isRegionAndTool(scenario.telltale<Why>('incidents', 'why', incident?.id ?? ''));
  });

  it('has the same answer in words', () => {
    const found = scenario.telltale<Why>('why', 'why is travel slow since 2 hours');
    isRegionAndTool(found);
    expect(Math.abs(Date.parse(found.onset) - began)).toBeLessThan(5 * MINUTE_MS);
  });
});
