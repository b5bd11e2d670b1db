import { settingValues } from '@telltale/contracts';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import fc from 'fast-check';
import {
  addToSums, BURN_RULES, type Budget, budgetAlertOf, budgetValueOf, type BudgetSums, evaluateBudget, exhaustedAt, type Firing, isBySpend, mergeBudgets, NO_SUMS, periodAt, rateOver, scopeOf,
  type SpendChange, statusOf,
} from '..'; // prettier-ignore

const MINUTE = 60_000;
/** A Monday in the middle of a month of 31 days. */
const NOW = Date.parse('2026-03-16T12:00:00Z');
const MARCH = { start: Date.parse('2026-03-01T00:00:00Z'), end: Date.parse('2026-04-01T00:00:00Z') };
const budgetOf = (value: object, name = 'monthly'): Budget => ({ name, value: settingValues.budget.parse(value) });

/** So many dollars at a moment. */
function spent(at: number, usd: number, change: Partial<SpendChange> = {}): SpendChange {
  const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
  const part = Math.floor((at - hour) / (5 * MINUTE));
  const nano = usd * 1e9;
  return { hour, nano, calls: 1, unpriced: 0, byFiveMinutes: Array.from({ length: 12 }, (_, i) => (i === part ? nano : 0)), origin: 'live', ...change };
} // prettier-ignore
const sumsOf = (changes: readonly SpendChange[], now = NOW): BudgetSums =>
  changes.reduce((sums, change) => addToSums(sums, change, now), NO_SUMS);
/** A dollar rate that holds from `since` until `until`, a sum every five minutes. */
const steadily = (usdPerHour: number, since: number, until = NOW): SpendChange[] =>
  Array.from({ length: Math.ceil((until - since) / (5 * MINUTE)) }, (_, i) => spent(since + i * 5 * MINUTE, usdPerHour / 12));
const firingOf = (budget: Budget, sums: BudgetSums, firing: Firing = {}, now = NOW, canFire = true) =>
  evaluateBudget(budget.value, sums, firing, { now, canFire });
const edges = (evaluation: ReturnType<typeof firingOf>) =>
  evaluation.findings.map(({ kind, severity, state }) => `${kind} ${severity} ${state}`);

describe('the setting of a budget', () => {
  it.each([
    ['more soft than hard', { usd: 10, soft_usd: 11 }, 'soft_usd', 'give a soft_usd of at most usd'],
    ['another currency', { usd: 10, currency: 'EUR' }, 'currency', 'is not USD'],
    ['an unknown dimension', { usd: 10, where: { team: 'a' } }, 'where.team', 'give one of service, environment, version, provider, model, prompt, tool, kind, user, agent, region, release'],
    ['an unknown dimension to divide by', { usd: 10, each: 'team' }, 'each', 'give one of service, environment'],
    ['no money', { usd: 0 }, 'usd', '0'],
    ['a share above one', { usd: 1, max_unpriced_share: 1.5 }, 'max_unpriced_share', '1'],
  ])('is refused with %s, by field and fix', (_, value, field, fix) => {
    const [issue] = settingValues.budget.safeParse(value).error?.issues ?? [];
    expect(issue?.path.join('.')).toBe(field);
    expect(issue?.message).toContain(fix);
  }); // prettier-ignore

  it('is of a month where it does not say', () => {
    expect(settingValues.budget.parse({ usd: 10, soft_usd: 10, currency: 'USD' }).per).toBe('month');
  });
});

describe('which calls a budget counts', () => {
  const call = { service_name: 'shop', model: 'gpt-4o', user_id: 'u1' };
  it.each([
    [{}, ''],
    [{ where: { service: 'shop' } }, ''],
    [{ where: { service: 'bot' } }, null],
    [{ where: { service: 'shop' }, each: 'model' }, 'gpt-4o'],
    [{ each: 'user' }, 'u1'],
    [{ each: 'region' }, ''],
    [{ where: { region: 'eu' } }, null],
  ] as const)('of %j the value is %j', (value, expected) => {
    expect(budgetValueOf(budgetOf({ usd: 1, ...value }), call)).toBe(expected);
  });

  it('knows those that spend alone can answer, and those that count other calls', () => {
    expect(isBySpend(budgetOf({ usd: 1, where: { service: 'a' }, each: 'model' }))).toBe(true);
    expect(isBySpend(budgetOf({ usd: 1, where: { agent: 'a' } }))).toBe(false);
    const scopes = [{}, { each: 'model' }, { where: { service: 'a' } }, { where: { service: 'b' } }].map((of) => scopeOf(budgetOf({ usd: 1, ...of }))); // prettier-ignore
    expect(new Set(scopes).size).toBe(4);
    const [a, b] = [
      { model: 'm', service: 's' },
      { service: 's', model: 'm' },
    ].map((where) => scopeOf(budgetOf({ usd: 1, where })));
    expect(a).toBe(b);
    expect(scopeOf(budgetOf({ usd: 2, per: 'day' }))).toBe(scopes[0]);
  });

  it('takes the place of one of all tenants with the same name', () => {
    const merged = mergeBudgets([budgetOf({ usd: 1 }, 'b'), budgetOf({ usd: 1 }, 'a')], [budgetOf({ usd: 2 }, 'b')]);
    expect(merged.map(({ name, value }) => [name, value.usd])).toEqual([['a', 1], ['b', 2]]); // prettier-ignore
  });
});

describe('the sums of a budget', () => {
  it('are of the day or month in UTC', () => {
    expect(periodAt('month', NOW)).toEqual(MARCH);
    expect(periodAt('month', MARCH.end - 1)).toEqual(MARCH);
    expect(periodAt('month', Date.parse('2026-12-31T23:59:59Z')).end).toBe(Date.parse('2027-01-01T00:00:00Z'));
    expect(periodAt('day', NOW)).toEqual({ start: NOW - 12 * HOUR_MS, end: NOW + 12 * HOUR_MS });
  });

  it('are the same in any order, and exact', () => {
    const change = fc.record({
      at: fc.integer({ min: NOW - 30 * DAY_MS, max: NOW - 1 }),
      nano: fc.integer({ min: 0, max: 1e12 }),
      origin: fc.constantFrom('live' as const, 'past' as const, 'repriced' as const),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.integer(), (list, seed) => {
        const changes = list.map(({ at, nano, origin }) => spent(at, nano / 1e9, { origin, nano }));
        const shuffled = [...changes].sort((a, b) => ((a.nano * 31 + seed) % 7) - ((b.nano * 31 + seed) % 7));
        expect(sumsOf(shuffled)).toEqual(sumsOf(changes));
        const inMarch = changes.filter(({ hour }) => hour >= MARCH.start).reduce((sum, { nano }) => sum + nano, 0);
        expect(statusOf(budgetOf({ usd: 1 }).value, sumsOf(changes), NOW).spent).toBe(inMarch);
      }),
    );
  });

  it('keep no more than the rules look at', () => {
    const sums = sumsOf(Array.from({ length: 60 * 24 }, (_, i) => spent(NOW - i * HOUR_MS, 1)).reverse());
    expect([sums.days.length, sums.hours.length, sums.fives.length]).toEqual([36, 73, 7]);
  });

  it('take imports and later prices for no rate, but for spent', () => {
    const sums = sumsOf([spent(NOW - HOUR_MS, 3, { origin: 'past' }), spent(NOW - HOUR_MS, 2, { origin: 'repriced', calls: 0 })]);
    expect(statusOf(budgetOf({ usd: 10 }).value, sums, NOW)).toMatchObject({ spent: 5e9, perHour: 0, exhaustedAt: null });
  });

  it('do not take the first seconds of a bucket for a high rate', () => {
    const sums = sumsOf([...steadily(12, NOW - HOUR_MS), spent(NOW, 1)]);
    expect(rateOver(sums, 5 * MINUTE, NOW + 1_000) / 1e9).toBeCloseTo((2 / (5 * MINUTE + 1_000)) * HOUR_MS, 5);
    expect(rateOver(sums, HOUR_MS, NOW) / 1e9).toBeCloseTo(13, 5);
  });
});

describe('the levels of a budget', () => {
  const budget = budgetOf({ usd: 100, soft_usd: 80 });
  const at = (usd: number) => sumsOf([spent(NOW - 10 * DAY_MS, usd)]);

  it('fire once in a period, the soft one first', () => {
    expect(edges(firingOf(budget, at(79.99)))).toEqual([]);
    const soft = firingOf(budget, at(80));
    expect(edges(soft)).toEqual(['level soft firing']);
    expect(edges(firingOf(budget, at(99), soft.firing))).toEqual([]);
    const hard = firingOf(budget, at(100), soft.firing);
    expect(edges(hard)).toEqual(['level hard firing']);
    expect(edges(firingOf(budget, at(500), hard.firing))).toEqual([]);
  });

  it.each([
    ['the limit rises', budgetOf({ usd: 200, soft_usd: 150 }), at(120), NOW, ['level soft resolved', 'level hard resolved']],
    ['the next month begins', budget, at(120), MARCH.end, ['level soft resolved', 'level hard resolved']],
    ['a later price makes it less', budget, sumsOf([spent(NOW - DAY_MS, 120), spent(NOW - DAY_MS, -30, { origin: 'repriced', calls: 0 })]), NOW, ['level hard resolved']],
    ['the soft level is taken away', budgetOf({ usd: 100 }), at(120), NOW, ['level soft resolved']],
  ] as const)('are over when %s', (_, next, sums, now, expected) => {
    const { firing } = firingOf(budget, at(120));
    expect(edges(firingOf(next, sums, firing, now))).toEqual(expected);
  }); // prettier-ignore

  it('fire again where the next period passes them before anybody looked', () => {
    const { firing } = firingOf(budget, at(120));
    const next = sumsOf([spent(MARCH.end, 130)], MARCH.end + 1);
    expect(edges(firingOf(budget, next, firing, MARCH.end + MINUTE))).toEqual(
      expect.arrayContaining(['level hard resolved', 'level hard firing']),
    );
  });

  it('never begin to fire by an import alone, and end all the same', () => {
    expect(edges(firingOf(budget, at(120), {}, NOW, false))).toEqual([]);
    const { firing } = firingOf(budget, at(120));
    expect(edges(firingOf(budget, at(10), firing, NOW, false))).toEqual(['level soft resolved', 'level hard resolved']);
  });

  it('end when the budget is no more', () => {
    const { firing } = firingOf(budget, at(120));
    expect(edges(evaluateBudget(null, at(120), firing, { now: NOW, canFire: true }))).toHaveLength(2);
  });
});

describe('burn rates', () => {
  /** Of a month of 31 days: 0.1 of a dollar an hour uses it up exactly. */
  const budget = budgetOf({ usd: 74.4 });

  it('are those of the SRE Workbook for a month', () => {
    expect(BURN_RULES.month.map(({ factor, longMs, shortMs }) => [factor, longMs / HOUR_MS, shortMs / MINUTE])).toEqual([
      [14.4, 1, 5],
      [6, 6, 30],
      [1, 72, 360],
    ]);
  });

  it.each([
    ['fast', 14.5, HOUR_MS, ['burn_rate fast firing']],
    ['fast, but not for long enough', 14.5, 30 * MINUTE, []],
    ['slow', 6.1, 6 * HOUR_MS, ['burn_rate slow firing']],
    ['at the rate that just lasts', 0.99, 80 * HOUR_MS, []],
    ['a little more than that, for days', 2.2, 80 * HOUR_MS, ['burn_rate ticket firing']],
  ] as const)('of a budget that burns %s', (_, factor, forMs, expected) => {
    expect(edges(firingOf(budget, sumsOf(steadily(factor * 0.1, NOW - forMs - 5 * MINUTE))))).toEqual(expected);
  });

  it('are of no interest where the money lasts until the period ends', () => {
    const late = MARCH.end - 2 * HOUR_MS;
    const sums = sumsOf(steadily(1.5, late - 2 * HOUR_MS, late), late);
    expect(edges(firingOf(budget, sums, {}, late))).toEqual([]);
    const full = sumsOf([spent(MARCH.start, 72, { origin: 'past' }), ...steadily(1.5, late - HOUR_MS - 5 * MINUTE, late)], late);
    expect(edges(firingOf(budget, full, {}, late))).toEqual(['burn_rate fast firing']);
  });

  it('do not flap about their factor, and end soon after the spending does', () => {
    const { firing } = firingOf(budget, sumsOf(steadily(1.5, NOW - HOUR_MS - 5 * MINUTE)));
    expect(Object.keys(firing)).toEqual(['burn_rate/fast']);
    const less = sumsOf(steadily(1.3, NOW - HOUR_MS - 5 * MINUTE));
    expect(edges(firingOf(budget, less, firing))).toEqual([]);
    expect(edges(firingOf(budget, less, {}))).toEqual([]);
    const after = NOW + 15 * MINUTE;
    expect(edges(firingOf(budget, sumsOf(steadily(1.5, NOW - HOUR_MS), after), firing, after, false))).toEqual([
      'burn_rate fast resolved',
    ]);
  });

  it('say when the budget is used up at the present rate', () => {
    const sums = sumsOf(steadily(3, NOW - HOUR_MS - 5 * MINUTE));
    const found = firingOf(budget, sums).findings.find(({ severity }) => severity === 'fast');
    const left = 74.4 - 3.25;
    expect(found?.exhaustedAt).toBeGreaterThan(NOW + (left / 3.01) * HOUR_MS);
    expect(found?.exhaustedAt).toBeLessThan(NOW + (left / 2.9) * HOUR_MS);
    expect(exhaustedAt(10, 10, 1, NOW, MARCH.end)).toBeNull();
    expect(exhaustedAt(5, 10, 0, NOW, MARCH.end)).toBeNull();
    expect(exhaustedAt(5, 10, 0.001, NOW, MARCH.end)).toBeNull();
    expect(exhaustedAt(5, 10, 5, NOW, MARCH.end)).toBe(NOW + HOUR_MS);
  });

  it('of a day are 20 % in an hour and half in six', () => {
    const daily = budgetOf({ usd: 24, per: 'day' });
    const burning = firingOf(daily, sumsOf([spent(NOW - 11 * HOUR_MS, 4), ...steadily(5, NOW - HOUR_MS - 5 * MINUTE)]));
    expect(edges(burning)).toEqual(['burn_rate fast firing']);
    expect(edges(firingOf(daily, sumsOf(steadily(4.7, NOW - HOUR_MS - 5 * MINUTE))))).toEqual([]);
  });
});

describe('the share of calls without a price', () => {
  const budget = budgetOf({ usd: 1_000, max_unpriced_share: 0.1 });
  const calls = (priced: number, unpriced: number) => sumsOf([spent(NOW - HOUR_MS, 1, { calls: priced + unpriced, unpriced })]);
  it('fires above its bound, not for a few calls, and ends well below', () => {
    expect(edges(firingOf(budget, calls(10, 9)))).toEqual([]);
    expect(edges(firingOf(budget, calls(90, 10)))).toEqual([]);
    const { firing, findings } = firingOf(budget, calls(80, 20));
    expect(findings).toMatchObject([{ kind: 'unpriced_share', state: 'firing', unpricedShare: 0.2 }]);
    expect(edges(firingOf(budget, calls(91, 9), firing))).toEqual([]);
    expect(edges(firingOf(budget, calls(93, 7), firing))).toEqual(['unpriced_share warning resolved']);
    expect(edges(firingOf(budget, calls(80, 20), firing, NOW + 25 * HOUR_MS))).toEqual(['unpriced_share warning resolved']);
  });
  it('falls when later prices make it known', () => {
    const { firing } = firingOf(budget, calls(80, 20));
    const priced = addToSums(calls(80, 20), spent(NOW - HOUR_MS, 1, { origin: 'repriced', calls: 0, unpriced: -20 }), NOW);
    expect(edges(firingOf(budget, priced, firing))).toEqual(['unpriced_share warning resolved']);
  });
});

describe('the record of an edge', () => {
  const budget = budgetOf({ usd: 100, soft_usd: 80, where: { service: 'shop' } });
  const record = (usd: number, of = budget) => {
    const [finding] = firingOf(of, sumsOf([spent(NOW - 10 * DAY_MS, usd)])).findings;
    if (!finding) throw new Error('no finding');
    return budgetAlertOf({ tenant: 'acme', budget: of, value: '' }, finding, NOW);
  };
  it('says in one sentence what happened, and names its service', () => {
    expect(record(85)).toMatchObject({ kind: 'level', severity: 'soft', state: 'firing', service_name: 'shop', limit_nano_usd: 80e9, spent_nano_usd: 85e9, exhausted_at: null });
    expect(record(85).summary).toBe('Budget monthly has passed its soft limit of $80.00: $85.00 spent this month. It lasts until the period ends at the present rate of $0.00 an hour.');
  }); // prettier-ignore
  it('has the same ids for the same edge, and others for another', () => {
    expect(record(85).id).toBe(record(90).id);
    const other = { ...budget, name: 'other' };
    expect(record(85, other).alert_id).not.toBe(record(85).alert_id);
  });
});

describe('the forecast of a month', () => {
  const daily = (usdOf: (day: number) => number, days: number) =>
    sumsOf(Array.from({ length: days }, (_, i) => spent(NOW - (days - i) * DAY_MS, usdOf(i), { origin: 'past' })));
  const forecastOf = (sums: BudgetSums, now = NOW) => statusOf(budgetOf({ usd: 100 }).value, sums, now).forecast;

  it.each([
    ['fewer than seven whole days', daily(() => 1, 7)],
    ['spend on too few days', daily((day) => (day % 9 === 0 ? 1 : 0), 35)],
    ['none', NO_SUMS],
  ])('is none of %s', (_, sums) => expect(forecastOf(sums)).toBeNull());

  it('is what is spent and a usual day for each that is left', () => {
    const forecast = forecastOf(daily(() => 2, 35));
    // 15 days are spent; half of this day and 15 days are left.
    expect((forecast?.expected ?? 0) / 1e9).toBeCloseTo(15 * 2 + 15.5 * 2, 5);
    expect(forecast?.low).toBeLessThan(forecast?.expected ?? 0);
    expect(forecast?.high).toBeGreaterThan(forecast?.expected ?? 0);
  });

  it('knows weekends, and never expects less than is spent', () => {
    const weekend = (i: number) => [0, 6].includes(new Date(NOW - (35 - i) * DAY_MS).getUTCDay());
    const forecast = forecastOf(daily((i) => (weekend(i) ? 0 : 7), 35));
    // Ten working days of half a month of 15.5 days, and the ten before.
    expect((forecast?.expected ?? 0) / 1e9 / 7).toBeGreaterThan(20.5);
    expect((forecast?.expected ?? 0) / 1e9 / 7).toBeLessThan(23);
    const falling = daily((i) => Math.max(0.01, 30 - i), 35);
    const { spent: sofar } = statusOf(budgetOf({ usd: 1 }).value, falling, NOW);
    expect(forecastOf(falling)?.low).toBeGreaterThanOrEqual(sofar);
  });

  it('narrows as the month ends', () => {
    const width = (now: number): number => {
      const days = Array.from({ length: 35 }, (_, i) => spent(now - (35 - i) * DAY_MS, 2 + (i % 3), { origin: 'past' }));
      const forecast = statusOf(budgetOf({ usd: 1 }).value, sumsOf(days, now), now).forecast;
      return (forecast?.high ?? 0) - (forecast?.low ?? 0);
    };
    expect(width(MARCH.end - HOUR_MS)).toBeLessThan(width(NOW) / 5);
  });

  it('is of months alone: a day has a shape that sums by day do not show', () => {
    expect(
      statusOf(
        budgetOf({ usd: 1, per: 'day' }).value,
        daily(() => 2, 35),
        NOW,
      ).forecast,
    ).toBeNull();
  });
});
