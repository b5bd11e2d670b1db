import fc from 'fast-check';
import { fitsGlob, type PriceOverride, withOverrides } from './overrides';
import { createPriceBook, type PricedCall } from './price-book';
import { tierFactor, tierOf } from './service-tier';

const AT = Date.parse('2026-11-01T12:00:00Z');
const call = (of: Partial<PricedCall>): PricedCall => ({
  provider: 'openai', requestModel: 'gpt-4o', responseModel: '', at: AT,
  inputUncached: 1_000, cacheRead: null, cacheWrite: null, output: 0, reasoning: null, ...of,
}); // prettier-ignore
const override = (of: Partial<PriceOverride>): PriceOverride => ({
  name: 'ours', provider: 'openai', model: 'gpt-4o*', usd_per_million: { input: 1, output: 2 }, ...of,
}); // prettier-ignore
const base = createPriceBook();

describe('prices of people', () => {
  it.each([
    ['hold for what they name', [override({})], {}, 1_000_000, 'override/ours'],
    ['leave others to the table', [override({ model: 'gpt-5*' })], {}, 2_500_000, 'genai-prices/0.1.8'],
    ['begin at their date', [override({ from: '2026-12-01T00:00:00Z' })], {}, 2_500_000, 'genai-prices/0.1.8'],
    ['end before their date', [override({ to: '2026-11-01T12:00:00Z' })], {}, 2_500_000, 'genai-prices/0.1.8'],
    [
      'give way to one that began later',
      [override({ name: 'new', from: '2026-10-01', usd_per_million: { input: 3, output: 3 } }), override({})],
      {},
      3_000_000,
      'override/new',
    ],
    ['price a model no table knows', [override({ model: '*' })], { requestModel: 'my-own' }, 1_000_000, 'override/ours'],
    ['may be of one tier', [override({ service_tier: 'batch' })], { tier: 'batch' as const }, 1_000_000, 'override/ours'],
    ['may be of another tier', [override({ service_tier: 'batch' })], {}, 2_500_000, 'genai-prices/0.1.8'],
  ])('%s', (_, overrides, of, costNano, version) => {
    expect(withOverrides(base, overrides).priceOf(call(of))).toEqual({ costNano, version });
  });

  it('know no price without usage', () => {
    expect(withOverrides(base, [override({})]).priceOf(call({ inputUncached: null, output: null }))).toBeNull();
  });

  it.each([[{ from: 'soon' }], [{ from: '2026-02-01', to: '2026-01-01' }]])('refuse dates that are none: %j', (of) => {
    expect(() => withOverrides(base, [override(of)])).toThrow(/ours/);
  });

  it('fit a glob like the regular expression it stands for', () => {
    const part = fc.stringMatching(/^[ab*]{0,8}$/);
    fc.assert(
      fc.property(part, fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        expect(fitsGlob(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`).test(text));
      }),
    );
  });
});

describe('the tier of a service', () => {
  it.each([
    ['', 'standard'], ['default', 'standard'], ['batch', 'batch'], ['FLEX', 'flex'], ['priority', 'priority'], ['ON_DEMAND_PRIORITY', 'priority'], ['gold', null],
  ])('%j is %j', (name, tier) => expect(tierOf(name)).toBe(tier)); // prettier-ignore

  it.each([
    ['openai', 'batch', 1_250_000],
    ['openai', 'flex', 1_250_000],
    ['openai', 'priority', 4_250_000],
  ] as const)('of %s, %s, is in the price', (provider, tier, costNano) => {
    expect(base.priceOf(call({ provider, tier }))?.costNano).toBe(costNano);
  });

  it('is an unknown price where its factor or its name is unknown', () => {
    expect(base.priceOf(call({ requestModel: 'gpt-4', tier: 'priority' }))).toBeNull();
    expect(base.priceOf(call({ tier: null }))).toBeNull();
    expect(tierFactor('cohere', 'batch', 'command-r')).toBeNull();
  });
});

describe('rare buckets', () => {
  const claude = { provider: 'anthropic', requestModel: 'claude-sonnet-4-5', inputUncached: 0, output: 0 };
  it('charge a cache for an hour twice the input', () => {
    expect(base.priceOf(call({ ...claude, cacheWrite1h: 1_000 }))?.costNano).toBe(6_000_000);
    expect(base.priceOf(call({ ...claude, cacheWrite: 1_000 }))?.costNano).toBe(3_750_000);
  });
  it('do not make output free that has no price', () => {
    expect(base.priceOf(call({ requestModel: 'text-embedding-3-small', output: 5 }))).toBeNull();
    expect(base.priceOf(call({ requestModel: 'text-embedding-3-small', output: 0 }))?.costNano).toBe(20_000);
  });
});
