import { DAY_MS } from '@telltale/kernel';
import { type Scenario, startScenario } from '../harness/scenario';
import { eventually } from '../harness/service-process';
import { doubledDay, usualDay } from './doubled-day';

jest.setTimeout(240_000);
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

interface Explanation {
  readonly before_nano_usd: number;
  readonly after_nano_usd: number;
  readonly change_nano_usd: number;
  readonly unexplained_nano_usd: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly causes: readonly {
    readonly dimension: string;
    readonly value: string;
    readonly part: string;
    readonly sentence: string;
    readonly share_of_change: number;
    readonly evidence: readonly { readonly turn_id: string }[];
  }[];
}
interface Waste {
  readonly groups: readonly {
    readonly rule: string;
    readonly service_name: string;
    readonly nano_lost: number;
    readonly detail: string;
    readonly change: { readonly kind: string; readonly at: number; readonly behind: string } | null;
    readonly evidence: readonly string[];
  }[];
}

describe('cost doubled: the beginning of a prompt that was cached has the time in it', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario('cost-doubled');
    await scenario.send([...usualDay(TODAY - 2 * DAY_MS), ...doubledDay(TODAY - DAY_MS)]);
  });
  afterAll(() => scenario.stop());

  it('is explained by that prompt and its share of cached input first, before what else changed', () => {
    const found = scenario.telltale<Explanation>('costs', 'explain', '--from', dayOf(TODAY - DAY_MS), '--to', dayOf(TODAY));
    expect(found.after_nano_usd / found.before_nano_usd).toBeGreaterThan(1.8);
    expect(found.after_nano_usd / found.before_nano_usd).toBeLessThan(2.4);
    expect(found.unexplained_nano_usd).toBe(0);
    expect(Object.values(found.parts).reduce((sum, nano) => sum + nano, 0)).toBe(found.change_nano_usd);
    const [first] = found.causes;
    expect(first).toMatchObject({ dimension: 'prompt', part: 'cache_share', value: 'answer@v1 → answer@v2' });
    expect(first?.share_of_change).toBeGreaterThan(0.7);
    expect(first?.evidence.every(({ turn_id: id }) => id.startsWith(`desk-${TODAY - DAY_MS}`))).toBe(true);
    expect(first?.evidence.length).toBeGreaterThan(0);
  });

  it('is found as waste, with the block that changes and that a time changes in it', async () => {
    const waste = await eventually('the waste of that day is there', () => {
      const { groups } = scenario.telltale<Waste>('costs', 'waste', '--since', dayOf(TODAY - DAY_MS), '--until', dayOf(TODAY));
      return Promise.resolve({ done: groups.some(({ rule }) => rule === 'cache_prefix_broken'), seen: groups });
    }, 60_000, 1_000); // prettier-ignore
    const [first] = waste;
    expect(first).toMatchObject({ rule: 'cache_prefix_broken', service_name: 'desk', change: { kind: 'time' } });
    expect(first?.detail).toMatch(/^block 1 of \d+$/);
    expect(first?.change?.behind).toContain('Now: ');
    expect(first?.nano_lost).toBeGreaterThan(0);
    expect(first?.evidence.every((id) => id.startsWith(`desk-${TODAY - DAY_MS}`))).toBe(true);
    expect(waste.some(({ rule, service_name: service }) => rule === 'cache_prefix_broken' && service !== 'desk')).toBe(false);
    const before = scenario.telltale<Waste>(
      'costs',
      'waste',
      '--since',
      dayOf(TODAY - 2 * DAY_MS),
      '--until',
      dayOf(TODAY - DAY_MS),
    );
    expect(before.groups.filter(({ rule }) => rule === 'cache_prefix_broken')).toEqual([]);
  });
});
