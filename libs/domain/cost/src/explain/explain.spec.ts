import fc from 'fast-check';
import { decompose, explainChange, nanoOf, type CallGroup, PARTS, type PeriodFacts, type Slice } from '..';

const EMPTY_FACTS: PeriodFacts = { sessions: 0, turns: 0, retries: 0, groups: [] };
const LIST = { input: 2_000, cache_read: 200, cache_write: 2_500, output: 8_000 };
/** Calls of one model with so many tokens each, at list price times `factor`. */
function group(key: string, calls: number, input: number, cached: number, output: number, factor = 1): CallGroup {
  const tokens = { input: calls * (input - cached), cache_read: calls * cached, cache_write: 0, output: calls * output };
  const nano = Math.round(
    factor * (tokens.input * LIST.input + tokens.cache_read * LIST.cache_read + tokens.output * LIST.output),
  );
  return { key, calls, nano, tokens, listPrice: LIST };
}
const facts = (sessions: number, turns: number, retries: number, ...groups: CallGroup[]): PeriodFacts => ({ sessions, turns, retries, groups }); // prettier-ignore
const USUAL = facts(50, 100, 0, group('a', 200, 1_000, 500, 100));

const anyGroup = (key: string) =>
  fc.record({
    key: fc.constant(key),
    calls: fc.nat(1_000),
    nano: fc.nat(1e9),
    tokens: fc.record({ input: fc.nat(1e6), cache_read: fc.nat(1e6), cache_write: fc.nat(1e5), output: fc.nat(1e6) }),
    listPrice: fc.option(fc.constant(LIST)),
  });
/** Nothing is paid for without a call. */
const anyFacts = fc
  .record({
    sessions: fc.nat(100),
    turns: fc.nat(500),
    retries: fc.nat(1_200),
    a: anyGroup('a'),
    b: anyGroup('b'),
    c: anyGroup('c'),
  })
  .map(({ a, b, c, ...rest }): PeriodFacts => ({ ...rest, groups: [a, b, c].filter(({ calls }) => calls > 0) }));

describe('a change of spend', () => {
  it('is the sum of its parts, exactly, whatever came or went', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        const parts = decompose(before, after);
        expect(PARTS.every((part) => Number.isSafeInteger(parts[part]))).toBe(true);
        expect(PARTS.reduce((sum, part) => sum + parts[part], 0)).toBe(nanoOf(after) - nanoOf(before));
      }),
      { numRuns: 300 },
    );
  });

  it('has the opposite parts the other way round', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        const [there, back] = [decompose(before, after), decompose(after, before)];
        // Numbers with so many digits have no room for a nano-dollar.
        fc.pre(PARTS.every((part) => Math.abs(there[part]) < 1e12));
        // Rounding may move one nano-dollar.
        for (const part of PARTS) expect(Math.abs(there[part] + back[part])).toBeLessThanOrEqual(PARTS.length);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['sessions', facts(100, 200, 0, group('a', 400, 1_000, 500, 100))],
    ['turns_per_session', facts(50, 200, 0, group('a', 400, 1_000, 500, 100))],
    ['calls_per_turn', facts(50, 100, 0, group('a', 400, 1_000, 500, 100))],
    ['retries', facts(50, 100, 200, group('a', 400, 1_000, 500, 100))],
    ['model_mix', facts(50, 100, 0, { ...group('b', 200, 1_000, 500, 100, 2), listPrice: LIST })],
    ['input_tokens_per_call', facts(50, 100, 0, group('a', 200, 2_000, 1_000, 100))],
    ['cache_share', facts(50, 100, 0, group('a', 200, 1_000, 0, 100))],
    ['output_tokens_per_call', facts(50, 100, 0, group('a', 200, 1_000, 500, 300))],
    ['price', facts(50, 100, 0, group('a', 200, 1_000, 500, 100, 2))],
  ] as const)('that only %s made is all of that part', (part, after) => {
    const parts = decompose(USUAL, after);
    expect(parts[part]).toBe(nanoOf(after) - nanoOf(USUAL));
  });

  it('of what was not there before, or is no more, is volume', () => {
    expect(decompose(EMPTY_FACTS, USUAL)).toMatchObject({ sessions: nanoOf(USUAL) });
    expect(decompose(USUAL, EMPTY_FACTS)).toMatchObject({ sessions: -nanoOf(USUAL) });
    expect(Object.values(decompose(EMPTY_FACTS, EMPTY_FACTS)).every((nano) => nano === 0)).toBe(true);
  });

  it('counts turns as sessions where no producer names sessions, and calls where turns are not known', () => {
    const half = facts(0, 50, 0, group('a', 100, 1_000, 500, 100));
    expect(decompose(half, { ...USUAL, sessions: 0 }).sessions).toBe(nanoOf(USUAL) - nanoOf(half));
    expect(decompose({ ...half, turns: 0 }, USUAL).sessions).toBe(nanoOf(USUAL) - nanoOf(half));
  });
});

describe('the cause of a change', () => {
  const slice = (dimension: string, value: string, before: PeriodFacts, after: PeriodFacts, more: Partial<Slice> = {}): Slice => ({ dimension, value, level: 'turn', before, after, ...more }); // prettier-ignore
  const shop = facts(30, 60, 0, group('a', 120, 1_000, 800, 100));
  const uncached = facts(30, 60, 0, group('a', 120, 1_000, 0, 100));
  const pay = facts(20, 40, 0, group('a', 80, 1_000, 800, 100));
  const grown = facts(24, 48, 0, group('a', 96, 1_000, 800, 100));
  const whole = (a: PeriodFacts, b: PeriodFacts) => facts(a.sessions + b.sessions, a.turns + b.turns, 0, ...[...a.groups, ...b.groups].map((one, i) => ({ ...one, key: `${one.key}${i}` }))); // prettier-ignore

  it('is the smallest slice that explains it, with the part that changed there', () => {
    const { causes } = explainChange(whole(shop, pay), whole(uncached, grown), [
      slice('service', 'shop', shop, uncached),
      slice('service', 'pay', pay, grown),
      slice('environment', 'prod', whole(shop, pay), whole(uncached, grown)),
    ]);
    expect(causes[0]).toMatchObject({ dimension: 'service', value: 'shop', part: 'cache_share' });
    expect(causes.filter(({ part }) => part === 'cache_share')).toHaveLength(1);
  });

  it('is a version that took the place of another one', () => {
    const { causes } = explainChange(whole(shop, pay), whole(uncached, grown), [
      slice('prompt', 'answer@v7', shop, EMPTY_FACTS, { family: 'answer', level: 'call' }),
      slice('prompt', 'answer@v8', EMPTY_FACTS, uncached, { family: 'answer', level: 'call' }),
      slice('prompt', 'pay@v1', pay, grown, { family: 'pay', level: 'call' }),
    ]);
    expect(causes[0]).toMatchObject({ dimension: 'prompt', value: 'answer@v7 → answer@v8', part: 'cache_share' });
  });

  it('is all of it where everything grew alike', () => {
    const twice = (one: PeriodFacts): PeriodFacts => facts(2 * one.sessions, 2 * one.turns, 0, ...one.groups.map((g) => group(g.key, 2 * g.calls, 1_000, 800, 100))); // prettier-ignore
    const { causes } = explainChange(whole(shop, pay), whole(twice(shop), twice(pay)), [
      slice('service', 'shop', shop, twice(shop)),
      slice('service', 'pay', pay, twice(pay)),
    ]);
    expect(causes).toMatchObject([{ dimension: 'all', part: 'sessions' }]);
  });

  it('is none where nothing changed', () => {
    expect(explainChange(USUAL, USUAL, [slice('service', 'shop', shop, shop)])).toMatchObject({ change_nano_usd: 0, causes: [], slices: [{ share_of_change: null }] }); // prettier-ignore
  });
});
