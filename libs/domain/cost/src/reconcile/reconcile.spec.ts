import fc from 'fast-check';
import { type BilledDay, billedModel, DIFFERENCES, reconcile, type StoredDay } from '..';

const day = (n: number): string => `2026-11-${String(n).padStart(2, '0')}`;
const billed = (n: number, nano: number, model = 'gpt-4o'): BilledDay => ({ day: day(n), provider: '', model, nano });
const stored = (n: number, recordedNano: number, more: Partial<StoredDay> = {}): StoredDay => ({
  day: day(n), provider: 'openai', model: 'gpt-4o', calls: 10, recordedNano, correctedNano: 0, estimatedNano: 0, unpricedCalls: 0, unpricedTokens: 0, borderNano: 0, ...more,
}); // prettier-ignore

describe('a bill and what was recorded', () => {
  it.each([
    ['corrected', [billed(1, 900)], [stored(1, 1_000, { correctedNano: -100 })], -100],
    ['unpriced', [billed(1, 5_000_000)], [stored(1, 0, { unpricedCalls: 3, unpricedTokens: 400 })], 5_000_000],
    ['estimated', [billed(1, 1_040)], [stored(1, 1_000, { estimatedNano: 100 })], 40],
    ['late', [billed(1, 900), billed(2, 1_100)], [stored(1, 1_000, { borderNano: 150 }), stored(2, 1_000)], 0],
    ['late', [billed(2, 1_100)], [stored(1, 1_000, { borderNano: 150 }), stored(2, 1_000)], 100],
    ['late', [billed(2, 900)], [stored(2, 1_000, { borderNano: 150 })], -100],
    ['discount', [1, 2, 3].map((n) => billed(n, 800 * n)), [1, 2, 3].map((n) => stored(n, 1_000 * n)), -1_200],
    ['unexplained', [billed(1, 1_500)], [stored(1, 1_000)], 500],
    ['unexplained', [billed(1, 1_500, 'unseen')], [stored(1, 0)], 1_500],
    ['unexplained', [billed(1, 400)], [stored(1, 1_000)], -600],
  ] as const)('differ by what is %s', (why, bill, calls, nano) => {
    const found = reconcile(bill, calls);
    expect(found.differences[why]).toBe(nano);
    const others = DIFFERENCES.filter((one) => one !== why && found.differences[one] !== 0);
    expect(others).toEqual([]);
    expect(found.unexplained_share === 0).toBe(why !== 'unexplained');
  });

  it('suggest the discount that all days have, and none where one day differs', () => {
    const days = [1, 2, 3, 4];
    const calls = days.map((n) => stored(n, 1_000));
    expect(reconcile(days.map((n) => billed(n, 800)), calls).suggested_discounts).toEqual([{ provider: '', model: 'gpt-4o', share: 0.2 }]); // prettier-ignore
    expect(reconcile(days.map((n) => billed(n, n === 4 ? 1_000 : 800)), calls).suggested_discounts).toEqual([]); // prettier-ignore
  });

  it('show a discount beside calls across midnight and counted usage, which explain the rest', () => {
    // Of each day, what is billed on the next one.
    const late = [0, 30, 0, 20, 0];
    const bill = [1, 2, 3, 4].map((n) => billed(n, 800 - (late[n] ?? 0) + (late[n - 1] ?? 0)));
    const calls = [1, 2, 3, 4].map((n) => stored(n, 1_000, { borderNano: 60, estimatedNano: 50 }));
    const found = reconcile([...bill.slice(0, 3), billed(4, (bill[3]?.nano ?? 0) + 10)], calls);
    expect(found.suggested_discounts).toEqual([{ provider: '', model: 'gpt-4o', share: expect.closeTo(0.2, 2) as number }]);
    expect(found.unexplained_share).toBe(0);
    expect(found.differences.discount).toBeLessThan(-700);
  });

  it('show no discount where counted usage may be what differs', () => {
    const calls = [1, 2, 3, 4].map((n) => stored(n, 1_000, { estimatedNano: 600 }));
    expect(reconcile([1, 2, 3, 4].map((n) => billed(n, 800)), calls)).toMatchObject({ suggested_discounts: [], differences: { discount: 0, estimated: -800 } }); // prettier-ignore
  });

  it('are compared by day and model: an excess here does not make up for what is missing there', () => {
    const found = reconcile([billed(1, 1_500), billed(2, 500)], [stored(1, 1_000), stored(2, 1_000)]);
    expect(found).toMatchObject({ billed_nano_usd: 2_000, recorded_nano_usd: 2_000, differences: { unexplained: 0 }, unexplained_share: 0.5 }); // prettier-ignore
  });

  it('leave out days that the bill does not have', () => {
    expect(reconcile([billed(1, 1_000)], [stored(1, 1_000), stored(5, 9_000)])).toMatchObject({ recorded_nano_usd: 1_000, unexplained_share: 0 }); // prettier-ignore
  });

  it('are compared by provider where the bill names providers', () => {
    const bill = [{ ...billed(1, 1_000), provider: 'OpenAI' }];
    const calls = [stored(1, 1_000), stored(1, 500, { provider: 'azure' })];
    const found = reconcile([...bill, { ...billed(1, 500), provider: 'azure' }], calls);
    expect(found.days.map(({ provider, recorded_nano_usd: nano }) => [provider, nano])).toEqual([['azure', 500], ['openai', 1_000]]); // prettier-ignore
  });

  it('leave out providers that the bill is not from', () => {
    const calls = [
      stored(1, 1_000),
      stored(1, 7, { model: 'gpt-5' }),
      stored(1, 500, { provider: 'anthropic', model: 'claude-sonnet-4' }),
    ];
    expect(reconcile([billed(1, 1_000)], calls).recorded_nano_usd).toBe(1_007);
    expect(reconcile([{ ...billed(1, 1_000), provider: 'openai' }], calls).recorded_nano_usd).toBe(1_007);
  });

  it.each([
    ['gpt-4o-2024-08-06, input', 'gpt-4o'],
    ['anthropic/claude-sonnet-4-20250514', 'claude-sonnet-4'],
    ['GPT-4o', 'gpt-4o'],
    ['claude-3-5-sonnet@20240620', 'claude-3-5-sonnet'],
    ['anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku'],
    ['Claude Sonnet 4', 'claude-sonnet-4'],
  ])('know %s as %s', (name, model) => expect(billedModel(name)).toBe(model));

  it('differ by exactly what is explained and what is not', () => {
    const one = fc.record({ n: fc.integer({ min: 1, max: 9 }), nano: fc.nat(1e6), corrected: fc.integer({ min: -1e5, max: 1e5 }), estimated: fc.nat(1e5), tokens: fc.nat(2), border: fc.nat(1e5) }); // prettier-ignore
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.array(fc.record({ n: fc.integer({ min: 1, max: 9 }), nano: fc.nat(1e6) }), { maxLength: 12 }), (calls, bill) => {
        const found = reconcile(
          bill.map(({ n, nano }) => billed(n, nano)),
          calls.map(({ n, nano, corrected, estimated, tokens, border }) => stored(n, nano, { correctedNano: corrected, estimatedNano: estimated, unpricedTokens: tokens, borderNano: border })),
        );
        for (const { billed_nano_usd: paid, recorded_nano_usd: recorded, differences } of [...found.days, found])
          expect(recorded + DIFFERENCES.reduce((sum, why) => sum + differences[why], 0)).toBe(paid);
      }),
    ); // prettier-ignore
  });
});
