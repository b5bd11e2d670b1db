import { costBandOf, familyOf } from './family';
import { createPriceBook, PRICE_VERSION, type PricedCall } from './price-book';
import { bookOfAll, bookOfTenant, type PriceSettings, wholeFiles } from './price-settings';

const AT = Date.parse('2026-11-01T12:00:00Z');
const CALL: PricedCall = {
  provider: 'openai', requestModel: 'gpt-4o', responseModel: '', at: AT, inputUncached: 1_000, cacheRead: null, cacheWrite: null, output: 0, reasoning: null,
}; // prettier-ignore
const table = createPriceBook();
const NONE: PriceSettings = { prices: [], files: [], parts: [], discounts: [] };

const price = (name: string, input: number) => ({ prices: [{ name, provider: '*', model: 'gpt-4o', usd_per_million: { input, output: 0 } }] }); // prettier-ignore
const file = (name: string, input: number, of: object = {}) => ({
  files: [{ name, revision: 'r1', slot: 'a' as const, parts: 1 }],
  parts: [{ file: name, revision: 'r1', slot: 'a' as const, part: 0, models: [{ provider: 'openai', model: 'gpt-4o', rates: { input, output: 1 } }], ...of }],
}); // prettier-ignore
const off = (name: string, share: number, of: object = {}) => ({
  discounts: [{ name, provider: '*', model: '*', share, ...of }],
});
const priceOf = (own: Partial<PriceSettings>, all: Partial<PriceSettings> = {}, call: Partial<PricedCall> = {}) => {
  const everybody = { ...NONE, ...all };
  return bookOfTenant(bookOfAll(table, everybody), { ...NONE, ...own }, everybody).priceOf({ ...CALL, ...call });
};

describe('prices that are set', () => {
  const own = { ...file('f', 2), ...price('p', 1) };
  const all = { ...file('g', 4), ...price('q', 3) };
  it.each([
    ['a price of the tenant', own, all, 'override/p'],
    ['its price file', file('f', 2), all, 'price_file/f@r1'],
    ['a price of all tenants', {}, all, 'override/q'],
    ['a price file of all', {}, file('g', 4), 'price_file/g@r1'],
    ['the table', {}, {}, PRICE_VERSION],
  ])('count in this order: %s', (_, of, ofAll, version) => expect(priceOf(of, ofAll)?.version).toBe(version));
});

describe('a price file', () => {
  const [part] = file('f', 2).parts;
  const head = { name: 'f', revision: 'r1', slot: 'a' as const, parts: 2 };
  const parts = [0, 1].map((nth) => ({ ...part!, part: nth }));
  it.each([
    ['all of its parts are there', parts, 1],
    ['a part is missing', parts.slice(1), 0],
    ['a part is of another revision', [parts[0]!, { ...parts[1]!, revision: 'r2' }], 0],
    ['a part is of the other slot', [parts[0]!, { ...parts[1]!, slot: 'b' as const }], 0],
    ['a part is of another file', [parts[0]!, { ...parts[1]!, file: 'g' }], 0],
    ['parts of before are left over', [...parts, { ...parts[0]!, part: 2 }, { ...parts[0]!, revision: 'r0' }], 1],
  ])('is in force only whole: %s', (_, given, files) => expect(wholeFiles({ files: [head], parts: given })).toHaveLength(files));

  it('has its models in order of its parts', () => {
    const named = parts.map((one) => ({ ...one, models: [{ ...one.models[0]!, model: `m${one.part}` }] })).reverse();
    expect(wholeFiles({ files: [head], parts: named })[0]?.models.map(({ model }) => model)).toEqual(['m0', 'm1']);
  });
});

describe('a discount', () => {
  it('is taken off the list price, which is said beside it, and stands in the version', () => {
    expect(priceOf(off('commit', 0.15))).toEqual({ costNanoUsd: 2_125_000, version: `${PRICE_VERSION}-discount/commit`, listNanoUsd: 2_500_000 }); // prettier-ignore
    expect(priceOf({ ...file('f', 2), ...off('commit', 0.5) })).toEqual({ costNanoUsd: 1_000_000, version: 'price_file/f@r1-discount/commit', listNanoUsd: 2_000_000 }); // prettier-ignore
  });

  it.each([
    ['a price that people set is what they pay', { ...price('p', 1), ...off('x', 0.5) }, {}, 'override/p'],
    ['the own one counts before that of all, whatever its start', off('own', 0.1), off('all', 0.2, { from: '2026-10-01' }), `${PRICE_VERSION}-discount/own`],
    ['that of all counts where there is none of its own', off('own', 0.1, { model: 'gpt-5' }), off('all', 0.2), `${PRICE_VERSION}-discount/all`],
    ['the latest start counts', { discounts: [off('new', 0.1, { from: '2026-10-01' }).discounts[0]!, off('old', 0.2).discounts[0]!] }, {}, `${PRICE_VERSION}-discount/new`],
    ['of equal starts the last', { discounts: [off('a', 0.1).discounts[0]!, off('b', 0.2).discounts[0]!] }, {}, `${PRICE_VERSION}-discount/b`],
    ['not before its start', off('x', 0.5, { from: '2026-11-02' }), {}, PRICE_VERSION],
    ['not from its end on', off('x', 0.5, { to: '2026-11-01T12:00:00Z' }), {}, PRICE_VERSION],
    ['not of another provider', off('x', 0.5, { provider: 'azure*' }), {}, PRICE_VERSION],
  ])('is one at most: %s', (_, own, all, version) => expect(priceOf(own, all)?.version).toBe(version)); // prettier-ignore

  it('makes nothing of an unknown price', () => {
    expect(priceOf(off('x', 0.5), {}, { requestModel: 'my-own' })).toBeNull();
  });
});

describe('the family of a model', () => {
  it.each([
    ['gpt-5.6-luna', 'gpt', 'luna'],
    ['o3-mini', 'gpt', 'mini'],
    ['openai/gpt-9-nano-2026-11-01', 'gpt', 'nano'],
    ['eu.anthropic.claude-sonnet-9-v1:0', 'claude', 'sonnet'],
    ['gemini-9-flash-lite', 'gemini', 'flash-lite'],
    ['Gemini-9-Flash', 'gemini', 'flash'],
    ['llama-9-70b', 'llama', ''],
  ])('of %s is %s %s', (model, name, size) => expect(familyOf(model)).toEqual({ name, size }));
  it('is not known of a name without a word', () => expect(familyOf('7b')).toBeNull());

  const known = ['claude-sonnet-4-5', 'claude-sonnet-4-6', 'claude-opus-4-5', 'claude-haiku-4-5'].map((model) => ({
    provider: 'anthropic',
    model,
  }));
  const band = (requestModel: string) =>
    costBandOf({ ...CALL, provider: 'anthropic', requestModel, output: 1_000 }, known, table);
  it('says what a call may cost: from its cheapest to its most expensive known model, of the same size where there is one', () => {
    expect(band('claude-sonnet-9')).toEqual({ family: 'claude-sonnet', models: 2, leastNanoUsd: 18_000_000, mostNanoUsd: 18_000_000 });
    expect(band('claude-9')).toEqual({ family: 'claude', models: 4, leastNanoUsd: 6_000_000, mostNanoUsd: 30_000_000 });
    expect(band('sphinx-1')).toBeNull();
  }); // prettier-ignore
});
