import { asBudget, triesOf } from './settings-to-try';

describe('sensitivities to try', () => {
  it.each([5e-324, 1e-9, 5, 1.7976931348623157e308])('are budgets above 0 and finite around a present one of %p', (present) => {
    const budgets = triesOf({}, present).map(({ falsePerDay }) => falsePerDay);
    expect(budgets).toContain(present);
    for (const budget of budgets) expect([budget > 0, Number.isFinite(budget)]).toEqual([true, true]);
  });

  it.each([
    [0, Number.MIN_VALUE],
    [3, 3],
    [Infinity, Number.MAX_VALUE],
  ])('the share of a budget %p is %p', (share, budget) => expect(asBudget(share)).toBe(budget));
});
