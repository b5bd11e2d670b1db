import { createPriceBook, PRICE_VERSION, type PricedCall } from './price-book';
import { type PriceFile, withPriceFiles } from './price-file';
import { readPriceFile } from './read-price-file';

const AT = Date.parse('2026-11-01T12:00:00Z');
const call = (of: Partial<PricedCall>): PricedCall => ({
  provider: 'openai', requestModel: '', responseModel: '', at: AT, inputUncached: 1_000, cacheRead: null, cacheWrite: null, output: 0, reasoning: null, ...of,
}); // prettier-ignore

const GPT = {
  litellm_provider: 'openai', mode: 'chat', input_cost_per_token: 3e-6, output_cost_per_token: 1.2e-5, cache_read_input_token_cost: 3e-7,
  cache_creation_input_token_cost: 3.75e-6, cache_creation_input_token_cost_above_1hr: 6e-6, input_cost_per_token_above_200k_tokens: 6e-6,
  output_cost_per_token_above_200k_tokens: 1.8e-5, cache_read_input_token_cost_above_200k_tokens: 6e-7, input_cost_per_token_batches: 1.5e-6,
  output_cost_per_token_batches: 6e-6, input_cost_per_token_priority: 5e-6, output_cost_per_token_priority: 2e-5, search_context_cost_per_query: { a: 1 },
}; // prettier-ignore

const modelsOf = (file: unknown) => {
  const read = readPriceFile(JSON.stringify(file));
  if ('problem' in read) throw new Error(JSON.stringify(read));
  return read;
};
const base = createPriceBook();
const fileOf = (file: unknown, of: Partial<PriceFile> = {}): PriceFile => ({ name: 'ours', revision: 'abc', models: modelsOf(file).models, ...of }); // prettier-ignore
const bookOf = (...files: PriceFile[]) => withPriceFiles(base, files);

describe("LiteLLM's list", () => {
  const book = bookOf(fileOf({ sample_spec: { input_cost_per_token: 'x' }, 'gpt-9': GPT }));
  it.each([
    ['input', { inputUncached: 1_000 }, 3_000_000],
    ['output', { inputUncached: 0, output: 1_000 }, 12_000_000],
    ['cached input', { inputUncached: 0, cacheRead: 1_000 }, 300_000],
    ['cache writes', { inputUncached: 0, cacheWrite: 1_000 }, 3_750_000],
    ['cache writes for an hour', { inputUncached: 0, cacheWrite1h: 1_000 }, 6_000_000],
    ['a call of just the size', { inputUncached: 200_000 }, 600_000_000],
    ['a call above the size, all of it', { inputUncached: 200_001, output: 1_000 }, 1_218_006_000],
    ['cached input above the size', { inputUncached: 200_001, cacheRead: 1_000_000 }, 1_800_006_000],
    ['batches', { tier: 'batch' as const, output: 1_000 }, 7_500_000],
    ['priority', { tier: 'priority' as const }, 5_000_000],
  ])('has the price of %s', (_, usage, costNanoUsd) => {
    expect(book.priceOf(call({ requestModel: 'gpt-9', ...usage }))).toEqual({ costNanoUsd, version: 'price_file/ours@abc' });
  });

  it('leaves a tier that it does not list, and no factor is known of, without a price', () => {
    expect(book.priceOf(call({ requestModel: 'gpt-9', tier: 'flex' }))).toBeNull();
    expect(book.priceOf(call({ requestModel: 'gpt-9', tier: null }))).toBeNull();
  });

  it.each([
    ['azure/gpt-9', 'azure', 'azure.ai.openai', 'gpt-9'],
    ['azure/eu/gpt-9', 'azure', 'azure', 'eu/gpt-9'],
    ['vertex_ai/claude-9', 'vertex_ai-anthropic_models', 'gcp.vertex_ai', 'claude-9'],
    ['gemini/gemini-9', 'gemini', 'gcp.gemini', 'gemini-9'],
    ['eu.anthropic.claude-9-v1:0', 'bedrock_converse', 'aws.bedrock', 'eu.anthropic.claude-9-v1:0'],
    ['openrouter/z/y', 'openrouter', 'openrouter', 'z/y'],
    ['xai/grok-9', 'xai', 'x_ai', 'grok-9'],
    ['fireworks_ai/accounts/a/models/m', 'fireworks_ai', 'fireworks', 'accounts/a/models/m'],
  ])('knows %s of %s as %s %s', (listed, litellm_provider, provider, requestModel) => {
    expect(bookOf(fileOf({ [listed]: { ...GPT, litellm_provider } })).priceOf(call({ provider, requestModel }))?.costNanoUsd).toBe(3_000_000); // prettier-ignore
  });

  it('is searched by maker and by path where no provider is named, or a gateway is', () => {
    for (const provider of ['', 'litellm_proxy'])
      for (const requestModel of ['gpt-9', 'openai/gpt-9', 'GPT-9'])
        expect(book.priceOf(call({ provider, requestModel }))?.costNanoUsd).toBe(3_000_000);
  });

  it('takes ranges of input as sizes of calls', () => {
    const tiered_pricing = [
      { range: [0, 256_000], input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
      { range: [256_000, 1e6], input_cost_per_token: 4e-6, output_cost_per_token: 8e-6 },
    ];
    const ranged = bookOf(fileOf({ 'dashscope/q': { litellm_provider: 'dashscope', tiered_pricing } }));
    const costs = [1_000, 256_001].map((inputUncached) => ranged.priceOf(call({ provider: 'dashscope', requestModel: 'q', inputUncached }))?.costNanoUsd); // prettier-ignore
    expect(costs).toEqual([1_000_000, 1_024_004_000]);
  });

  it('leaves out what is not priced by tokens alone, and says so', () => {
    const read = modelsOf({
      a: GPT,
      image: { litellm_provider: 'openai', output_cost_per_image: 1 },
      free: { litellm_provider: 'ollama', input_cost_per_token: 0, output_cost_per_token: 0 },
      request: { ...GPT, input_cost_per_request: 0.01 },
      night: { ...GPT, off_peak_pricing: {} },
      'openai/a': GPT,
    });
    expect(read.models.map(({ model }) => model)).toEqual(['a']);
    expect(read.leftOut).toEqual({ no_token_price: 1, zero_price: 1, other_units: 1, time_of_day: 1, listed_twice: 1 });
  });

  it('has the price of the plain API where several of a provider serve a model', () => {
    const mantle = { ...GPT, litellm_provider: 'bedrock_mantle', input_cost_per_token: 9e-6 };
    const read = modelsOf({ 'bedrock_mantle/m': mantle, m: { ...GPT, litellm_provider: 'bedrock_converse' } });
    expect(read.models.map(({ rates }) => rates.input)).toEqual([3]);
  });
});

describe("genai-prices' list", () => {
  const PROVIDERS = [
    {
      id: 'anthropic',
      models: [
        {
          id: 'claude-9',
          match: { or: [{ starts_with: 'claude-9' }, { and: [{ contains: 'claude' }, { ends_with: '-nine' }] }, { regex: '^x' }] },
          prices: [
            { prices: { input_mtok: 5, output_mtok: 25, cache_read_mtok: 0.5 } },
            { constraint: { type: 'start_date', start_date: '2026-10-01' }, prices: { input_mtok: { base: 3, tiers: [{ start: 200_000, price: 6 }] }, output_mtok: 15, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6 } },
          ],
        },
        { id: 'by-the-hour', prices: [{ prices: { input_mtok: 1 } }, { constraint: { type: 'time_of_date', start_time: '00:30:00Z' }, prices: { input_mtok: 2 } }] },
        { id: 'per-request', prices: { input_mtok: 1, output_mtok: 1, requests_kcount: 5 } },
      ],
    },
  ]; // prettier-ignore
  const book = bookOf(fileOf(PROVIDERS));
  const nano = (of: Partial<PricedCall>) =>
    book.priceOf(call({ provider: 'anthropic', requestModel: 'claude-9', ...of }))?.costNanoUsd;

  it.each([
    ['before a change of price', { at: Date.parse('2026-09-30T23:59:59Z') }, 5_000_000],
    ['from its day on', { at: Date.parse('2026-10-01T00:00:00Z') }, 3_000_000],
    ['above a size', { inputUncached: 300_000 }, 1_800_000_000],
    ['by the start of a name', { requestModel: 'Claude-9-20261001' }, 3_000_000],
    ['by two rules that both hold', { requestModel: 'my-claude-nine' }, 3_000_000],
    ['of cache writes for an hour', { inputUncached: 0, cacheWrite1h: 1_000 }, 6_000_000],
  ])('has the price %s', (_, of, expected) => expect(nano(of)).toBe(expected));

  it('is no price of other names, and runs no regular expression of a file', () => {
    expect(nano({ requestModel: 'x' })).toBeUndefined();
    expect(nano({ requestModel: 'my-nine' })).toBeUndefined();
  });

  it('may stand in an object, and leaves out what depends on the hour or has other units', () => {
    expect(modelsOf({ providers: PROVIDERS })).toMatchObject({
      source: 'genai-prices',
      leftOut: { time_of_day: 1, other_units: 1 },
    });
    expect(modelsOf(PROVIDERS).revision).toBe(modelsOf({ providers: PROVIDERS }).revision);
  });
});

describe('a bad entry', () => {
  const inLitellm = (more: object) => ({ good: GPT, bad: { ...GPT, ...more } });
  const inGenai = (prices: unknown, more: object = {}) => [{ id: 'p', models: [{ id: 'm', prices, ...more }] }];
  it.each([
    ['a negative price', inLitellm({ input_cost_per_token: -1 }), 'bad', 'input_cost_per_token', 'is -1: give a number of dollars, at least 0'],
    ['a price as a text', inLitellm({ output_cost_per_token_batches: '1e-6' }), 'bad', 'output_cost_per_token_batches', 'is "1e-6"'],
    ['true as a price', inLitellm({ cache_read_input_token_cost: true }), 'bad', 'cache_read_input_token_cost', 'is true'],
    ['a price above a size', inLitellm({ input_cost_per_token_above_200k_tokens: [] }), 'bad', 'input_cost_per_token_above_200k_tokens', 'is []'],
    ['a price per million as one per token', inLitellm({ input_cost_per_token: 3 }), 'bad', 'input_cost_per_token', 'is 3, which is $3000000 for a million tokens: give dollars per token'],
    ['a missing provider', inLitellm({ litellm_provider: '' }), 'bad', 'litellm_provider', 'is missing'],
    ['no object', { ...inLitellm({}), worse: 3 }, 'worse', '', 'is no object'],
    ['a range without bounds', inLitellm({ tiered_pricing: [{ input_cost_per_token: 1e-6 }] }), 'bad', 'tiered_pricing', 'has an entry without range'],
    ['a bad price of what is left out', inLitellm({ off_peak_pricing: {}, input_cost_per_token: -1 }), 'bad', 'input_cost_per_token', 'is -1'],
    ['a provider without id', [{ models: [] }], 'providers[0]', 'id', 'is missing'],
    ['a provider without models', [{ id: 'p' }], 'p', 'models', 'is no list'],
    ['a model without id', [{ id: 'p', models: [{}] }], 'p', 'id', 'is missing'],
    ['a model without prices', inGenai(undefined), 'p/m', 'prices', 'is missing'],
    ['a negative price per million', inGenai({ input_mtok: -2 }), 'p/m', 'input_mtok', 'is -2'],
    ['a tier without start', inGenai({ input_mtok: { base: 1, tiers: [{ price: 2 }] } }), 'p/m', 'input_mtok', 'has a tier without start'],
    ['a wrong day', inGenai([{ constraint: { start_date: '2026-13-01' }, prices: {} }]), 'p/m', 'constraint', 'has no start_date'],
    ['a form that nobody knows', { a: { price: 1 } }, 'the file', 'form', 'is neither'],
    ['no JSON object', 7, 'the file', 'form', 'is neither'],
    ['a list without prices by token', { a: { litellm_provider: 'x' } }, 'the file', 'models', 'has none that is priced by tokens'],
    ['a name that is too long', { ['x'.repeat(201)]: GPT }, 'x'.repeat(200), 'name', 'is not 1 to 200 characters long'],
    ['too many names', inGenai({ input_mtok: 1 }, { match: { or: Array.from({ length: 150 }, () => ({ equals: 'y'.repeat(100) })) } }), 'm', 'match', 'is longer than 8000 characters'],
  ])('such as %s is named, and nothing is read', (_, file, entry, field, problem) => {
    expect(readPriceFile(JSON.stringify(file))).toMatchObject({ entry, field, problem: expect.stringContaining(problem) as string });
  }); // prettier-ignore

  it('is a file that is too large, or no JSON', () => {
    expect(readPriceFile('{')).toMatchObject({ field: 'form' });
    expect(readPriceFile(' '.repeat(20_000_001))).toMatchObject({ field: 'size' });
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, nth) => [`m${nth}`, GPT]));
    expect(readPriceFile(JSON.stringify(many))).toMatchObject({ field: 'models', problem: expect.stringContaining('10001') as string }); // prettier-ignore
  });
});

describe('price files', () => {
  const flat = (usd: number) => ({ ...GPT, input_cost_per_token: usd * 1e-6 });
  const named = (name: string, usd: number, of: Partial<PriceFile> = {}) => fileOf({ 'gpt-4o': flat(usd) }, { name, ...of });
  const versionOf = (files: PriceFile[], of: Partial<PricedCall> = {}) =>
    bookOf(...files).priceOf(call({ requestModel: 'gpt-4o', ...of }))?.version;

  it.each([
    ['before the table', [named('a', 1)], {}, 'price_file/a@abc'],
    ['of equal starts the one listed last', [named('a', 1), named('b', 2)], {}, 'price_file/b@abc'],
    ['the latest start that is not after the call', [named('new', 1, { from: '2026-10-01' }), named('old', 2)], {}, 'price_file/new@abc'],
    ['not before its start', [named('a', 1, { from: '2026-12-01' })], {}, PRICE_VERSION],
    ['not from its end on', [named('a', 1, { to: '2026-11-01T12:00:00Z' })], {}, PRICE_VERSION],
    ['for the model that answered', [named('a', 1)], { requestModel: 'gpt-5', responseModel: 'gpt-4o' }, 'price_file/a@abc'],
    ['not for a snapshot that it does not list and the table does', [named('a', 1)], { requestModel: 'gpt-4o-2024-05-13' }, PRICE_VERSION],
  ])('count %s', (_, files, of, version) => expect(versionOf(files, of)).toBe(version)); // prettier-ignore

  it.each(['gpt-9-2026-11-01', 'gpt-9-20261101', 'gpt-9@20261101', 'gpt-9-latest', 'gpt-9-preview'])(
    'give %s, which nobody lists, the price of the model without its edition',
    (requestModel) => {
      expect(bookOf(fileOf({ 'gpt-9': GPT })).priceOf(call({ requestModel }))?.costNanoUsd).toBe(3_000_000);
      expect(bookOf(fileOf({ 'gpt-9': GPT })).priceOf(call({ requestModel: 'alias', responseModel: requestModel }))?.costNanoUsd).toBe(3_000_000); // prettier-ignore
    },
  );

  it('give a model at AWS the price of its own region, and none of another', () => {
    const listed = { 'anthropic.claude-9-v1:0': GPT, 'eu.anthropic.claude-9-v1:0': flat(4) };
    const book = bookOf(fileOf(Object.fromEntries(Object.entries(listed).map(([name, entry]) => [name, { ...entry, litellm_provider: 'bedrock' }])))); // prettier-ignore
    const nano = (requestModel: string) => book.priceOf(call({ provider: 'aws.bedrock', requestModel }))?.costNanoUsd;
    expect(['eu', 'us'].map((region) => nano(`${region}.anthropic.claude-9-v1:0`))).toEqual([4_000_000, undefined]);
  });

  it('charge cached input that they have no price for what it costs in its family, and say so', () => {
    const without = Object.fromEntries(Object.entries(GPT).filter(([name]) => name !== 'cache_read_input_token_cost'));
    const book = bookOf(fileOf({ 'gpt-5.2': without }));
    expect(book.priceOf(call({ requestModel: 'gpt-5.2', inputUncached: 0, cacheRead: 1_000 }))).toEqual({ costNanoUsd: 300_000, version: 'price_file/ours@abc+family_cache' }); // prettier-ignore
  });

  it('give no price without usage, and none beyond whole numbers', () => {
    const book = bookOf(fileOf({ 'gpt-9': GPT }));
    expect(book.priceOf(call({ requestModel: 'gpt-9', inputUncached: null, output: null }))).toBeNull();
    expect(book.priceOf(call({ requestModel: 'gpt-9', inputUncached: Number.MAX_SAFE_INTEGER }))).toBeNull();
    expect(book.priceOf(call({ requestModel: '' }))).toBeNull();
  });
});
