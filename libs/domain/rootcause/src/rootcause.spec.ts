import { createDice } from '@telltale/kernel';
import {
  type Component,
  diagnose,
  findOnset,
  localize,
  newValues,
  type Pattern,
  screenValues,
  type Value,
  weighChanges,
  withOperation,
} from './index';
import { chanceOfGain, discoveries, liftOf } from './statistics'; // prettier-ignore

const HOUR = 3_600_000;
const tool = (value: string): Value => ({ dimension: 'tool', value });
const region = (value: string): Value => ({ dimension: 'region', value });

interface Draw {
  readonly has: readonly number[];
  readonly isAfter: boolean;
}

/** Turns with values by chance, and bad ones by `badShare`; the same for the same seed. */
function patternsOf(seed: number, turns: number, shares: readonly number[], badShare: (one: Draw) => number): Pattern[] {
  const dice = createDice(seed);
  return Array.from({ length: turns }, (_, i): Pattern => {
    const isAfter = i % 4 === 0;
    const has = shares.flatMap((share, value) => (dice.uniform() < share ? [value] : []));
    const isBad = dice.uniform() < badShare({ has, isAfter });
    const counts = { bad: isBad ? 1 : 0, good: isBad ? 0 : 1 };
    const none = { bad: 0, good: 0 };
    return { has, before: isAfter ? none : counts, after: isAfter ? counts : none };
  });
}

const ask = (values: readonly Value[], patterns: readonly Pattern[]) => diagnose({ values, patterns, changes: [], moved: [] });

describe('contrast', () => {
  it('finds the value that made turns worse, with an interval that excludes 1 and most of the rise explained', () => {
    const patterns = patternsOf(1, 4_000, [0.3, 0.3, 0.5], ({ has, isAfter }) => (isAfter && has.includes(0) ? 0.5 : 0.05));
    const [first] = ask([tool('refund'), tool('search'), region('eu')], patterns).causes;
    expect(first?.values).toEqual([tool('refund')]);
    expect(first?.lift?.low).toBeGreaterThan(3);
    expect(first?.explained).toBeGreaterThan(0.8);
  });

  it('rules out a bystander that most turns of the cause have too', () => {
    const dice = createDice(5);
    const patterns = patternsOf(2, 4_000, [0.3], ({ has, isAfter }) => (isAfter && has.includes(0) ? 0.4 : 0.05)).map((one) => ({
      ...one,
      has: dice.uniform() < (one.has.includes(0) ? 0.85 : 0.2) ? [...one.has, 1] : one.has,
    }));
    const { causes, ruledOut } = ask([tool('refund'), region('eu')], patterns);
    expect(causes[0]?.values).toEqual([tool('refund')]);
    expect(ruledOut).toContainEqual(expect.objectContaining({ value: region('eu'), why: 'explained_by_cause' }));
  });

  it('names two values that explain only together', () => {
    const patterns = patternsOf(3, 6_000, [0.4, 0.4], ({ has, isAfter }) => (isAfter && has.length === 2 ? 0.6 : 0.05));
    const [first] = ask([tool('refund'), region('eu')], patterns).causes;
    expect(first?.values).toHaveLength(2);
    expect(first?.values).toEqual(expect.arrayContaining([tool('refund'), region('eu')]));
  });

  it('blames the mix where turns that were always worse come more often', () => {
    const dice = createDice(9);
    const patterns = Array.from({ length: 6_000 }, (_, i): Pattern => {
      const isAfter = i % 3 === 0;
      const isDear = dice.uniform() < (isAfter ? 0.7 : 0.15);
      const isBad = dice.uniform() < (isDear ? 0.5 : 0.05);
      const counts = { bad: isBad ? 1 : 0, good: isBad ? 0 : 1 };
      const none = { bad: 0, good: 0 };
      return { has: isDear ? [0] : [1], before: isAfter ? none : counts, after: isAfter ? counts : none };
    });
    const { causes, mixShare } = ask([{ dimension: 'intent', value: 'file claim' }, { dimension: 'intent', value: 'small talk' }], patterns); // prettier-ignore
    expect([causes[0]?.kind, causes[0]?.values[0]?.value]).toEqual(['mix', 'file claim']);
    expect(mixShare).toBeGreaterThan(0.8);
  });

  it('says that all turns got worse alike rather than name a value of nearly all', () => {
    const patterns = patternsOf(4, 4_000, [0.5, 0.9], ({ isAfter }) => (isAfter ? 0.4 : 0.05));
    expect(ask([tool('refund'), region('eu')], patterns).causes[0]?.kind).toBe('everything');
  });

  it.each([11, 12, 13, 14, 15, 16])('names nothing where nothing happened (seed %i)', (seed) => {
    const values = Array.from({ length: 12 }, (_, i) => tool(`t${i}`));
    expect(ask(values, patternsOf(seed, 3_000, values.map((_, i) => 0.05 + i / 15), () => 0.1)).causes).toEqual([]); // prettier-ignore
  });

  it('names no value of two bad turns', () => {
    const patterns = patternsOf(6, 3_000, [0.4], () => 0.05);
    const rare: Pattern = { has: [1], before: { bad: 0, good: 0 }, after: { bad: 2, good: 0 } };
    expect(ask([tool('refund'), { dimension: 'user', value: 'u1' }], [...patterns, rare]).causes).toEqual([]);
  });

  it('prefers the value that is new at the onset where two have the same turns', () => {
    const versions: Value[] = [
      { dimension: 'prompt_version', value: 'a@1' },
      { dimension: 'version', value: 'v2' },
    ];
    const patterns: Pattern[] = [
      { has: [0], before: { bad: 20, good: 980 }, after: { bad: 0, good: 0 } },
      { has: [0, 1], before: { bad: 0, good: 0 }, after: { bad: 150, good: 150 } },
    ];
    const changes = weighChanges([{ kind: 'version', value: 'v2', at: 10 * HOUR, source: 'deploy' }], 10 * HOUR, 20 * HOUR);
    const [first] = diagnose({ values: versions, patterns, changes, moved: [] }).causes;
    expect([first?.values[0]?.value, first?.change?.source]).toEqual(['v2', 'deploy']);
  });
});

describe('localize', () => {
  const windows = (calls: number, value: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ calls, value: value * (1 + 0.02 * Math.sin(i * 2.3)) }));
  const component = (id: string, before: number, after: number, calls = 100): Component => ({
    id,
    before: windows(calls, before, 24),
    after: windows(calls, after, 4),
  });
  const calls = [
    { caller: 'turn chat', callee: 'agent planner' },
    { caller: 'agent planner', callee: 'tool refund' },
    { caller: 'agent planner', callee: 'llm chat' },
  ];

  it('takes the callee before the caller that waits for it', () => {
    const moved = localize([component('agent planner', 1_000, 1_900), component('tool refund', 100, 1_000), component('llm chat', 500, 500)], calls); // prettier-ignore
    expect(moved[0]).toMatchObject({ id: 'tool refund' });
    expect(moved[0]?.share).toBeGreaterThan(0.9);
  });

  it('takes the caller where its callees are as ever', () => {
    const moved = localize([component('agent planner', 1_000, 1_900), component('tool refund', 100, 100)], calls);
    expect(moved[0]?.id).toBe('agent planner');
  });

  it('looks only at what the target reaches', () => {
    const moved = localize([component('tool refund', 100, 200), component('tool other', 100, 9_000)], calls, { target: 'agent planner' }); // prettier-ignore
    expect(moved.map(({ id }) => id)).toEqual(['tool refund']);
  });

  it('explains an endpoint that only callers see by the component behind it', () => {
    const remote = { ...component('refunds.example_remote', 100, 1_000), isSeenByCallersOnly: true };
    const edges = [...calls, { caller: 'agent planner', callee: remote.id }];
    expect(localize([remote, component('tool refund', 100, 950)], edges)[0]?.id).toBe('tool refund');
  });

  it('does not think much of a single failure of what never failed', () => {
    const quiet = (share: number) => ({ calls: 100, value: share });
    const failing: Component = { id: 'tool refund', before: Array.from({ length: 24 }, () => quiet(0)), after: [quiet(0.01), quiet(0), quiet(0), quiet(0)] }; // prettier-ignore
    expect(localize([failing], [], { areShares: true })[0]?.deviations).toBeLessThan(2);
  });
});

describe('what is common to all calls of an operation', () => {
  it('is the operation', () => {
    const patterns = patternsOf(7, 2_000, [0.4], ({ isAfter }) => (isAfter ? 0.5 : 0.05));
    const inside = ask([region('eu')], patterns);
    const [first] = withOperation(inside, 'tool refund', { ...inside, causes: [] }).causes;
    expect(first).toMatchObject({ kind: 'values', values: [tool('refund')], operation: 'tool refund' });
  });
});

describe('changes', () => {
  it('weigh more the nearer before the onset and the rarer they are, and nothing after it', () => {
    const at = (minutes: number, value: string) => ({ kind: 'version' as const, value, at: 10 * HOUR - minutes * 60_000, source: 'first_seen' as const }); // prettier-ignore
    const alone = weighChanges([at(1, 'v2')], 10 * HOUR, 24 * HOUR)[0];
    const among = weighChanges([at(1, 'v2'), ...Array.from({ length: 30 }, (_, i) => at(60 + i * 20, `v${10 + i}`))], 10 * HOUR, 24 * HOUR)[0]; // prettier-ignore
    const late = weighChanges([at(-30, 'v2')], 10 * HOUR, 24 * HOUR)[0];
    expect(alone?.evidence).toBeGreaterThan(among?.evidence ?? Infinity);
    expect(among?.evidence).toBeGreaterThan(0);
    expect(late?.evidence).toBeLessThan(0);
  });

  it('are values that would have been seen earlier had they been there', () => {
    const seen = (firstAt: number, good: number) => ({ dimension: 'version' as const, value: `v${firstAt}-${good}`, before: { bad: 0, good: 0 }, after: { bad: 0, good }, firstAt }); // prettier-ignore
    const period = { since: 0, onset: 8 * HOUR, until: 10 * HOUR };
    expect(newValues([seen(8 * HOUR, 50), seen(HOUR / 100, 50), seen(5 * HOUR, 3)], period).map(({ at }) => at)).toEqual([
      8 * HOUR,
    ]);
  });
});

describe('onset', () => {
  it('is where the bad share steps up', () => {
    const buckets = Array.from({ length: 20 }, (_, i) => ({ at: i, bad: i < 12 ? 2 : 20, good: 50 }));
    expect(findOnset(buckets)?.at).toBe(12);
  });

  it('is nowhere where the share falls', () => {
    expect(findOnset([{ at: 0, bad: 9, good: 1 }, { at: 1, bad: 1, good: 9 }])).toBeNull(); // prettier-ignore
  });
});

describe('screening', () => {
  it('keeps what is asked for, what got worse and what was always worse, and no more than bits there are', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      ...tool(`t${i}`),
      before: { bad: 1, good: 20 },
      after: { bad: 1, good: 20 },
    }));
    const worse = { ...tool('worse'), before: { bad: 1, good: 50 }, after: { bad: 30, good: 20 } };
    const always = { ...tool('always'), before: { bad: 45, good: 5 }, after: { bad: 45, good: 5 } };
    const chosen = screenValues([...many, worse, always], { bad: 346, good: 6_000 }, { bad: 375, good: 6_000 }, [tool('t299')]);
    expect(chosen.length).toBe(56);
    expect(chosen).toEqual(expect.arrayContaining([tool('worse'), tool('always'), tool('t299')]));
  });
});

describe('statistics', () => {
  it('know the chance of a gain', () => {
    expect(chanceOfGain(0)).toBe(1);
    expect(chanceOfGain(1.353)).toBeCloseTo(0.05, 2);
    expect(chanceOfGain(10)).toBeLessThan(1e-5);
  });

  it('count discoveries as Benjamini and Hochberg do', () => {
    expect(discoveries([0.001, 0.008, 0.039, 0.041, 0.9], 0.05)).toBe(2);
    expect(discoveries([0.5, 0.9], 0.05)).toBe(0);
  });

  it('give few turns a wide interval', () => {
    const few = liftOf({ bad: 2, good: 1 }, { bad: 10, good: 90 });
    const many = liftOf({ bad: 200, good: 100 }, { bad: 1_000, good: 9_000 });
    expect(few.high / few.low).toBeGreaterThan(3 * (many.high / many.low));
  });
});
