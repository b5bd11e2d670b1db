import { findProvider } from '@pydantic/genai-prices';
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

describe('price overrides', () => {
  it.each([
    ['hold for what they name', [override({})], {}, 1_000_000, 'override/ours'],
    ['leave others to the table', [override({ model: 'gpt-5*' })], {}, 2_500_000, 'genai-prices/0.1.8'],
    ['begin at their date', [override({ from: '2026-12-01T00:00:00Z' })], {}, 2_500_000, 'genai-prices/0.1.8'],
    ['end before their date', [override({ to: '2026-11-01T12:00:00Z' })], {}, 2_500_000, 'genai-prices/0.1.8'],
    [
      'are superseded by one that began later',
      [override({ name: 'new', from: '2026-10-01', usd_per_million: { input: 3, output: 3 } }), override({})],
      {},
      3_000_000,
      'override/new',
    ],
    ['price a model no table knows', [override({ model: '*' })], { requestModel: 'my-own' }, 1_000_000, 'override/ours'],
    ['may be of one tier', [override({ service_tier: 'batch' })], { tier: 'batch' as const }, 1_000_000, 'override/ours'],
    ['may be of another tier', [override({ service_tier: 'batch' })], {}, 2_500_000, 'genai-prices/0.1.8'],
  ])('%s', (_, overrides, of, costNanoUsd, version) => {
    expect(withOverrides(base, overrides).priceOf(call(of))).toEqual({ costNanoUsd, version });
  });

  const rates = {
    input: 1, output: 2, cache_read: 3, cache_write: 4, cache_write_1h: 5, input_audio: 6, input_image: 7, output_audio: 8, output_image: 9,
  }; // prettier-ignore
  it.each([
    ['inputUncached', 1, 1], ['cacheRead', 3, 1], ['cacheWrite', 4, 1], ['cacheWrite1h', 5, 1], ['inputAudio', 6, 1], ['inputImage', 7, 1],
    ['output', 2, 2], ['reasoning', 2, 2], ['outputAudio', 8, 2], ['outputImage', 9, 2],
  ] as const)('charge %s at its own rate, and without one at that of its parent', (bucket, own, parent) => {
    const usage = call({ inputUncached: 0, output: 0, [bucket]: 100 });
    const costAt = (usd_per_million: PriceOverride['usd_per_million']) => withOverrides(base, [override({ usd_per_million })]).priceOf(usage)?.costNanoUsd;
    expect(costAt(rates)).toBe(own * 100_000);
    expect(costAt({ input: 1, output: 2 })).toBe(parent * 100_000);
  }); // prettier-ignore

  it('charge a one-hour cache write as any other cache write, where only that has a rate', () => {
    const book = withOverrides(base, [override({ usd_per_million: { input: 1, output: 2, cache_write: 4 } })]);
    expect(book.priceOf(call({ inputUncached: 0, cacheWrite1h: 100 }))?.costNanoUsd).toBe(400_000);
  });

  it('know a call by its requested or its answering model and by its provider, in any case of letters', () => {
    const book = withOverrides(base, [override({ provider: 'Our-Gateway', model: 'Big*' })]);
    const versionOf = (of: Partial<PricedCall>) => book.priceOf(call({ provider: 'our-gateway', ...of }))?.version;
    expect(versionOf({ requestModel: 'BIG-1' })).toBe('override/ours');
    expect(versionOf({ requestModel: 'alias', responseModel: 'big-1' })).toBe('override/ours');
    expect(versionOf({ requestModel: 'small' })).toBeUndefined();
    expect(versionOf({ requestModel: 'big-1', provider: 'OUR-GATEWAY' })).toBe('override/ours');
    expect(versionOf({ requestModel: 'big-1', provider: 'another' })).toBeUndefined();
  });

  it('price usage that names one side only, and nothing beyond whole numbers', () => {
    const book = withOverrides(base, [override({})]);
    expect(book.priceOf(call({ inputUncached: 10, output: null }))?.costNanoUsd).toBe(10_000);
    expect(book.priceOf(call({ inputUncached: null, output: 10 }))?.costNanoUsd).toBe(20_000);
    expect(book.priceOf(call({ inputUncached: Number.MAX_SAFE_INTEGER }))).toBeNull();
  });

  it('give no price without usage', () => {
    expect(withOverrides(base, [override({})]).priceOf(call({ inputUncached: null, output: null }))).toBeNull();
  });

  it.each([
    [{ from: 'soon' }, 'price ours: from is not a valid time: use ISO 8601'],
    [{ to: '2026-13-01T00:00:00Z' }, 'price ours: to is not a valid time: use ISO 8601'],
    [{ from: '2026-02-01', to: '2026-01-01' }, 'price ours: to must be later than from'],
    [{ from: '2026-02-01', to: '2026-02-01' }, 'price ours: to must be later than from'],
  ])('reject invalid dates, naming field and fix: %j', (of, message) => {
    expect(() => withOverrides(base, [override(of)])).toThrow(message);
  });

  const flat = (name: string, usd: number, of: Partial<PriceOverride> = {}): PriceOverride =>
    override({ name, usd_per_million: { input: usd, output: usd }, ...of });
  const forever = flat('forever', 1);
  const autumn = flat('autumn', 2, { from: '2026-09-01', to: '2026-11-15' });
  const sale = flat('sale', 3, { from: '2026-10-01', to: '2026-11-01T12:00:00Z' });
  const later = flat('later', 4, { from: '2026-11-01T12:00:00Z' });
  it.each([
    ['before any start', '2026-08-31T23:59:59.999Z', 'forever'],
    ['at a start', '2026-09-01T00:00:00Z', 'autumn'],
    ['where three overlap', '2026-10-15T00:00:00Z', 'sale'],
    ['at the end of one that is the start of another', '2026-11-01T12:00:00Z', 'later'],
    ['a moment before that', '2026-11-01T11:59:59.999Z', 'sale'],
    ['long after, without end', '2031-01-01T00:00:00Z', 'later'],
  ])('that overlap: the latest start that is not after the call counts, %s', (_, at, name) => {
    for (const overrides of [
      [forever, autumn, sale, later],
      [later, sale, autumn, forever],
    ])
      // prettier-ignore
      expect(withOverrides(base, overrides).priceOf(call({ at: Date.parse(at) }))?.version).toBe(`override/${name}`);
  });

  it('that ended do not hide an earlier one that is still valid', () => {
    const book = withOverrides(base, [forever, autumn, sale]);
    expect(book.priceOf(call({ at: Date.parse('2026-11-10') }))?.version).toBe('override/autumn');
    expect(book.priceOf(call({ at: Date.parse('2026-11-20') }))?.version).toBe('override/forever');
  });

  it('that start together: the one listed last wins', () => {
    const again = flat('again', 5, { from: '2026-09-01' });
    expect(withOverrides(base, [autumn, again]).priceOf(call({}))?.version).toBe('override/again');
    expect(withOverrides(base, [again, autumn]).priceOf(call({}))?.version).toBe('override/autumn');
  });

  it('that name a tier do not apply to a call with an unknown tier; those for all tiers do', () => {
    const standard = withOverrides(base, [override({ service_tier: 'standard' })]);
    expect(standard.priceOf(call({}))?.version).toBe('override/ours');
    expect(standard.priceOf(call({ tier: null }))).toBeNull();
    expect(withOverrides(base, [override({})]).priceOf(call({ tier: null }))?.version).toBe('override/ours');
  });

  it.each([
    ['a*b', 'ab', true],
    ['a*b', 'aab', true],
    ['a*b', 'abc', false],
    ['*ab*', 'aab', true],
    ['a*', 'b', false],
    ['', 'a', false],
  ])('match %j with %j: %s', (pattern, text, fits) => expect(fitsGlob(pattern, text)).toBe(fits));

  it('of every model leave a call alone that names none', () => {
    expect(withOverrides(base, [override({ model: '*' })]).priceOf(call({ requestModel: '' }))).toBeNull();
  });

  it('match a glob like the equivalent regular expression', () => {
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
    ['', 'standard'], ['default', 'standard'], ['batch', 'batch'], ['FLEX', 'flex'], ['priority', 'priority'], ['ON_DEMAND_PRIORITY', 'priority'],
    ['priority_tier', 'priority'], [' Flex ', 'flex'], ['gold', null],
  ])('%j is %j', (name, tier) => expect(tierOf(name)).toBe(tier)); // prettier-ignore

  it.each([
    ['gpt-4o', 'batch', 1_250_000],
    ['gpt-5', 'flex', 625_000],
    ['gpt-4o', 'priority', 4_250_000],
  ] as const)('of %s, %s, is in the price', (requestModel, tier, costNanoUsd) => {
    expect(base.priceOf(call({ requestModel, tier }))?.costNanoUsd).toBe(costNanoUsd);
  });

  it('gives no price when its factor or its name is unknown', () => {
    expect(base.priceOf(call({ requestModel: 'gpt-4', tier: 'priority' }))).toBeNull();
    expect(base.priceOf(call({ tier: null }))).toBeNull();
    expect(tierFactor('cohere', 'batch', 'command-r')).toBeNull();
  });

  it.each([
    ['openai', 'priority', 'gpt-5-mini-2025-08-07', 1.8],
    ['openai', 'priority', 'gpt-5.4-mini', 2],
    ['openai', 'priority', 'gpt-5.5', 2.5],
    ['openai', 'priority', 'gpt-4o-2024-05-13', 1.75],
    ['openai', 'priority', 'gpt-4o-audio-preview', null],
    ['openai', 'priority', 'gpt-5-nano', null],
    ['openai', 'flex', 'gpt-4o', null],
    ['openai', 'batch', 'gpt-3.5-turbo-1106', null],
    ['azure', 'priority', 'gpt-5.1-codex-mini-2025-11-13', 1.8],
    ['azure', 'priority', 'gpt-4o', null],
    ['google', 'priority', 'gemini-2.5-pro', 1.8],
    ['google', 'flex', 'gemini-1.5-pro', null],
    ['aws', 'priority', 'us.amazon.nova-pro-v1:0', 1.75],
    ['aws', 'flex', 'anthropic.claude-sonnet-4-5', null],
    ['aws', 'batch', 'anthropic.claude-sonnet-4-5', 0.5],
    ['anthropic', 'priority', 'claude-sonnet-4-5', null],
    ['x-ai', 'batch', 'grok-4.3', 0.8],
    ['groq', 'flex', 'llama-3.3-70b-versatile', 1],
  ] as const)('of %s, %s, for %s has the factor %s', (provider, tier, model, factor) => {
    expect(tierFactor(provider, tier, model)).toBe(factor);
  });
});

describe('rare buckets', () => {
  const claude = { provider: 'anthropic', requestModel: 'claude-sonnet-4-5', inputUncached: 0, output: 0 };
  it('charge a one-hour cache write twice the input price', () => {
    expect(base.priceOf(call({ ...claude, cacheWrite1h: 1_000 }))?.costNanoUsd).toBe(6_000_000);
    expect(base.priceOf(call({ ...claude, cacheWrite: 1_000 }))?.costNanoUsd).toBe(3_750_000);
  });
  it.each([
    ['inputAudio', 'input_audio_mtok', 'gpt-realtime'],
    ['inputImage', 'input_image_mtok', 'gpt-realtime'],
    ['outputAudio', 'output_audio_mtok', 'gpt-realtime'],
    ['outputImage', 'output_image_mtok', 'gpt-image-1.5'],
  ] as const)('of %s cost what the table says', (bucket, unit, requestModel) => {
    const price = findProvider({ providerId: 'openai' })?.models.find(({ id }) => id === requestModel)?.prices;
    const usd = price && !Array.isArray(price) ? price[unit] : undefined;
    expect(base.priceOf(call({ requestModel, inputUncached: 0, [bucket]: 1_000 }))?.costNanoUsd).toBe(Number(usd) * 1_000_000);
  });
  it.each(['inputAudio', 'inputImage', 'cacheWrite', 'cacheWrite1h'] as const)(
    'of %s cost what input does, where they have no price',
    (bucket) => {
      expect(base.priceOf(call({ requestModel: 'gpt-4', inputUncached: 0, [bucket]: 1_000 }))?.costNanoUsd).toBe(30_000_000);
    },
  );
  it.each(['reasoning', 'outputAudio', 'outputImage'] as const)(
    'of %s cost what output does, where they have no price',
    (bucket) => {
      expect(base.priceOf(call({ requestModel: 'gpt-4', inputUncached: 0, [bucket]: 1_000 }))?.costNanoUsd).toBe(60_000_000);
    },
  );
  it.each(['inputUncached', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'inputAudio', 'inputImage'] as const)(
    'of %s count into the size of the call',
    (bucket) => {
      const gemini = { provider: 'google', requestModel: 'gemini-2.5-pro', inputUncached: 0, output: 1_000 };
      const priceOf = (tokens: number) => base.priceOf(call({ ...gemini, [bucket]: tokens, output: 0 }))?.costNanoUsd ?? 0;
      const withOutput = (tokens: number) =>
        (base.priceOf(call({ ...gemini, [bucket]: tokens }))?.costNanoUsd ?? 0) - priceOf(tokens);
      expect([withOutput(200_000), withOutput(200_001)]).toEqual([10_000_000, 15_000_000]);
    },
  );
  it('do not make output free when it has no price', () => {
    expect(base.priceOf(call({ requestModel: 'text-embedding-3-small', output: 5 }))).toBeNull();
    expect(base.priceOf(call({ requestModel: 'text-embedding-3-small', output: 0 }))?.costNanoUsd).toBe(20_000);
  });
});
