import { evaluateBudgets } from './budgets';

describe('the forecast of a month', () => {
  it('has an interval that holds about as often as it says, by how spend behaves', async () => {
    const { forecasts } = await evaluateBudgets('', 40);
    for (const [name, { forecasts: asked, held }] of Object.entries(forecasts)) {
      expect([name, asked]).toEqual([name, 400]);
      // Growth and drift that began with the series are what 35 days show least of.
      expect([name, held >= (/grows|drifts/.test(name) ? 0.65 : 0.8)]).toEqual([name, true]);
    }
  });

  it('is not asked of days that are not there', async () => {
    expect(Object.keys((await evaluateBudgets('/no/such/folder', 1)).forecasts)).toHaveLength(6);
  });
});
