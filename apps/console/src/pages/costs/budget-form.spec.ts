import { type BudgetForm, burnRateOf, fieldOf, formOfBudget, NEW_BUDGET, readBudget } from './budget-form';

const GIVEN: BudgetForm = { name: 'eu', usd: '500', soft_usd: '$400', per: 'day', each: 'user', where: 'service=shop\n region = eu-1 \n', max_unpriced_share: '5', max_turn_usd: '0.5' }; // prettier-ignore
const VALUE = { usd: 500, per: 'day', soft_usd: 400, each: 'user', where: { service: 'shop', region: 'eu-1' }, max_unpriced_share: 0.05, max_turn_usd: 0.5 }; // prettier-ignore
const errorsOf = (changes: Partial<BudgetForm>) => {
  const read = readBudget({ ...GIVEN, ...changes });
  return 'errors' in read ? Object.keys(read.errors) : [];
};

describe('the form of a budget', () => {
  it('says the setting', () => expect(readBudget(GIVEN)).toEqual({ name: 'eu', value: VALUE }));
  it('leaves out what is not given', () =>
    expect(readBudget({ ...NEW_BUDGET, name: 'all', usd: '10' })).toEqual({ name: 'all', value: { usd: 10, per: 'month' } }));
  it('is filled from a setting, and says the same again', () => {
    expect(readBudget(formOfBudget({ name: 'eu', value: VALUE }))).toEqual({ name: 'eu', value: VALUE });
    expect(formOfBudget({ name: 'x', value: { usd: 1 } })).toEqual({ ...NEW_BUDGET, name: 'x', usd: '1' });
  });
  it.each([
    [{ name: ' ' }, 'name'],
    [{ usd: '' }, 'usd'],
    [{ usd: 'much' }, 'usd'],
    [{ soft_usd: '4OO' }, 'soft_usd'],
    [{ max_turn_usd: '1,5' }, 'max_turn_usd'],
    [{ max_unpriced_share: 'x' }, 'max_unpriced_share'],
    [{ where: 'service' }, 'where'],
    [{ where: '=shop' }, 'where'],
    [{ where: 'service=a\nservice=b' }, 'where'],
  ])('refuses %j at its field', (changes, field) => expect(errorsOf(changes)).toEqual([field]));
  it('keeps a value with an equals sign whole', () =>
    expect(readBudget({ ...GIVEN, where: 'prompt=a=b@v1' })).toMatchObject({ value: { where: { prompt: 'a=b@v1' } } }));
  it.each([
    ['value.soft_usd', 'soft_usd'],
    ['value.where.colour', 'where'],
    ['name', 'name'],
    ['if_version', 'name'],
    ['value', undefined],
    ['value.toString', undefined],
    [undefined, undefined],
  ])('puts what the server says of %s at %s', (parameter, field) => expect(fieldOf(parameter)).toBe(field));
});

describe('the burn rate of a budget', () => {
  const status = { budget: 'b', dimension: '', value: '', per: 'day', period_start: '2026-11-30T00:00:00Z', period_end: '2026-12-01T00:00:00Z', state: 'ok', spent_nano_usd: 0, limit_nano_usd: 2_400, soft_limit_nano_usd: null, share: 0, rate_nano_usd_per_hour: 200, exhausted_at: null, forecast_nano_usd: null, forecast_low_nano_usd: null, forecast_high_nano_usd: null, unpriced_share: null } as const; // prettier-ignore
  it('is 1 where it is used up exactly when the period ends', () => {
    expect(burnRateOf({ ...status, rate_nano_usd_per_hour: 100 })).toBe(1);
    expect(burnRateOf(status)).toBe(2);
    expect(burnRateOf({ ...status, limit_nano_usd: 0 })).toBeNull();
  });
});
