import { testData } from '@telltale/testkit';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPriceBook, PRICE_VERSION, type PricedCall } from './price-book';

const AT = Date.parse('2026-11-01T12:00:00Z');
const call = (of: Partial<PricedCall>): PricedCall => ({
  provider: 'openai', requestModel: '', responseModel: '', at: AT,
  inputUncached: null, cacheRead: null, cacheWrite: null, output: null, reasoning: null, ...of,
}); // prettier-ignore

describe('a price book', () => {
  const book = createPriceBook();
  const nano = (of: Partial<PricedCall>) => book.priceOf(call(of))?.costNanoUsd ?? null;

  it('reports the installed version', () => {
    const root = join(require.resolve('@pydantic/genai-prices'), '..', '..', 'package.json');
    const { version } = JSON.parse(readFileSync(root, 'utf8')) as { version: string };
    expect(PRICE_VERSION).toBe(`genai-prices/${version}`);
  });

  it.each([
    [
      'the Anthropic console',
      {
        provider: 'anthropic',
        requestModel: 'claude-3-7-sonnet-20250219',
        inputUncached: 3,
        cacheWrite: 12_304,
        cacheRead: 0,
        output: 550,
      },
      54_399_000,
    ],
    [
      'Gemini above 200k, every token at the upper tier',
      { provider: 'gcp.gemini', requestModel: 'gemini-2.5-pro', inputUncached: 5_005, cacheRead: 257_955, output: 1_744 },
      103_161_250,
    ],
    [
      'Gemini flash with most of it cached',
      { provider: 'google', requestModel: 'gemini-3-flash-preview', inputUncached: 3_914, cacheRead: 16_298, output: 931 },
      5_564_900,
    ],
    ['gpt-5 with a cache', { requestModel: 'gpt-5', inputUncached: 4_262, cacheRead: 4_864, output: 3_197 }, 37_905_500],
    ['gpt-4o with a cache', { requestModel: 'gpt-4o-2024-08-06', inputUncached: 86, cacheRead: 1_920, output: 300 }, 5_615_000],
    ['reasoning as output', { requestModel: 'gpt-5', inputUncached: 0, output: 100, reasoning: 900 }, 10_000_000],
  ])('charges what was billed: %s', (_, usage, expected) => {
    expect(nano(usage)).toBe(expected);
  });

  it.each([
    ['a model nobody lists', { requestModel: 'my-own-model', inputUncached: 10, output: 10 }],
    ['a provider nobody lists', { provider: 'my-gateway', requestModel: 'gpt-4o', inputUncached: 10, output: 10 }],
    ['no model', { inputUncached: 10, output: 10 }],
    ['no usage', { requestModel: 'gpt-4o' }],
    ['a model priced by the hour, even without tokens', { requestModel: 'whisper-1', inputUncached: 0, output: 0 }],
  ])('says that it does not know: %s', (_, usage) => {
    expect(nano(usage)).toBeNull();
  });

  it('looks up the response model first, then the request model', () => {
    expect(nano({ requestModel: 'gpt-4o', responseModel: 'my-deployment', inputUncached: 1_000, output: 0 })).toBe(2_500_000);
    expect(nano({ requestModel: 'gpt-4o', responseModel: 'gpt-4o-mini', inputUncached: 1_000, output: 0 })).toBe(150_000);
  });

  it('charges a model that nobody lists what its preview costs', () => {
    const usage = { provider: 'google', inputUncached: 1_000, output: 100 };
    expect(nano({ ...usage, requestModel: 'gemini-3-flash' })).toBe(800_000);
    expect(nano({ ...usage, requestModel: 'gemini-3-flash-preview' })).toBe(800_000);
  });

  it.each([
    ['gcp.gen_ai', 'gemini-2.5-flash'], ['gcp.vertex_ai', 'gemini-2.5-flash'], ['google_genai', 'gemini-2.5-flash'], ['vertex_ai', 'gemini-2.5-flash'], ['gemini', 'gemini-2.5-flash'],
    ['azure.ai.openai', 'gpt-4o'], ['azure.ai.inference', 'gpt-4o'], ['azure_openai', 'gpt-4o'],
    ['aws.bedrock', 'amazon.nova-pro-v1:0'], ['bedrock', 'amazon.nova-pro-v1:0'], ['aws-bedrock', 'amazon.nova-pro-v1:0'],
    ['xai', 'grok-4'], ['x_ai', 'grok-4'], ['mistral_ai', 'mistral-large-latest'], ['moonshot_ai', 'kimi-k2-0905-preview'],
  ])('knows the provider %s', (provider, requestModel) => {
    expect(nano({ provider, requestModel, inputUncached: 1_000, output: 0 })).toBeGreaterThan(0);
  }); // prettier-ignore

  it('takes the price of the time of the call, of models whose price changes by date and by hour', () => {
    const times = ['2024-06-01T00:00:00Z', '2025-02-20T17:29:59Z', '2025-02-20T17:30:00Z', '2025-06-09T00:00:00Z', '2025-06-10T00:00:01Z', '2026-11-01T00:30:00Z'];
    const prices = ['deepseek', 'openai'].flatMap((provider) =>
      (findProvider({ providerId: provider })?.models ?? [])
        .filter((model) => Array.isArray(model.prices))
        .flatMap(({ id }) =>
          times.map((time) => {
            const theirs = calcPrice({ input_tokens: 1_000_000 }, id, { providerId: provider, timestamp: new Date(time) });
            return { id, time, provider, nanoUsd: theirs && Math.round(theirs.total_price * 1e9) };
          }),
        ),
    );
    const ours = prices.map(({ id, time, provider }) => {
      const nanoUsd = nano({ provider, requestModel: id, at: Date.parse(time), inputUncached: 1_000_000, output: 0 });
      return { id, time, provider, nanoUsd };
    });
    expect(ours).toEqual(prices);
    expect(new Set(prices.filter(({ id }) => id === 'deepseek-chat').map(({ nanoUsd }) => nanoUsd)).size).toBeGreaterThan(1);
  }); // prettier-ignore

  it.each(['sonar', 'sonar-pro', 'sonar-deep-research'])('charges requests and reasoning of %s too, as the library does', (requestModel) => {
    const usage = { provider: 'perplexity', requestModel, inputUncached: 1_000, output: 500, reasoning: 70 };
    const whole = { input_tokens: 1_000, cache_read_tokens: 0, cache_write_tokens: 0, output_tokens: 570, output_reasoning_tokens: 70 };
    const theirs = calcPrice(whole, requestModel, { providerId: 'perplexity', timestamp: new Date(AT) });
    expect(nano(usage)).toBe(Math.round((theirs?.total_price ?? NaN) * 1e9));
    const cached = calcPrice({ ...whole, input_tokens: 1_234, cache_read_tokens: 200, cache_write_tokens: 34 }, requestModel, { providerId: 'perplexity', timestamp: new Date(AT) });
    expect(nano({ ...usage, cacheRead: 200, cacheWrite: 30, cacheWrite1h: 4 })).toBe(Math.round((cached?.total_price ?? NaN) * 1e9));
  }); // prettier-ignore

  it('prices usage that names one side only', () => {
    expect(nano({ requestModel: 'gpt-4o', inputUncached: 1_000, output: null })).toBe(2_500_000);
    expect(nano({ requestModel: 'gpt-4o', inputUncached: null, output: 1_000 })).toBe(10_000_000);
  });

  it('knows no cost that is no exact whole number', () => {
    expect(nano({ requestModel: 'gpt-4o', inputUncached: 2 ** 52, output: 0 })).toBeNull();
  });

  it('charges what the library charges, for every model of these providers', () => {
    const usages = [
      { inputUncached: 1_000, cacheRead: 0, cacheWrite: 0, output: 500, reasoning: 0 },
      { inputUncached: 1_000, cacheRead: 50_000, cacheWrite: 3_000, output: 500, reasoning: 70 },
      { inputUncached: 190_000, cacheRead: 20_000, cacheWrite: 0, output: 500, reasoning: 1_000 },
      { inputUncached: 300_000, cacheRead: 0, cacheWrite: 100_000, output: 9_000, reasoning: 0 },
      { inputUncached: 0, cacheRead: 600_000, cacheWrite: 0, output: 1, reasoning: 0 },
    ];
    const unequal: string[] = [];
    let compared = 0;
    for (const provider of [
      'openai',
      'anthropic',
      'google',
      'aws',
      'azure',
      'deepseek',
      'x-ai',
      'mistral',
      'groq',
      'perplexity',
      'cohere',
      'moonshotai',
    ])
      for (const { id } of findProvider({ providerId: provider })?.models ?? [])
        for (const at of [AT, Date.parse('2026-11-01T17:45:00Z'), Date.parse('2024-06-01T00:00:00Z')])
          for (const usage of usages) {
            const input = usage.inputUncached + usage.cacheRead + usage.cacheWrite;
            const theirs = calcPrice(
              { input_tokens: input, cache_read_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite, output_tokens: usage.output + usage.reasoning, output_reasoning_tokens: usage.reasoning },
              id,
              { providerId: provider, timestamp: new Date(at) },
            ); // prettier-ignore
            const ours = nano({ provider, requestModel: id, at, ...usage });
            if (!theirs || ours === null) continue;
            compared++;
            if (Math.abs(theirs.total_price * 1e9 - ours) > 0.6)
              unequal.push(`${provider}/${id}: ${ours} is not ${theirs.total_price * 1e9}`);
          }
    expect(unequal).toEqual([]);
    expect(compared).toBeGreaterThan(3_000);
  });

  const { path: anchors, itData, leftOut } = testData('prices', 'billing-anchor-cases.json');
  itData(`charges the bills that are known${leftOut}`, () => {
    interface Anchor {
      provider: string;
      model?: string;
      provider_usage: Record<string, number> & { prompt_tokens_details?: { cached_tokens: number } };
      billed_usd?: number;
      expected_usd?: number;
    }
    const cases = (JSON.parse(readFileSync(anchors, 'utf8')) as Anchor[]).filter(
      (one) => one.model && (one.billed_usd ?? one.expected_usd) !== undefined,
    );
    let known = 0;
    for (const { provider, model = '', provider_usage: u, billed_usd, expected_usd } of cases) {
      const isAnthropic = provider === 'anthropic';
      const cacheRead =
        u['cachedContentTokenCount'] ?? u['cache_read_input_tokens'] ?? u.prompt_tokens_details?.cached_tokens ?? 0;
      const input = u['promptTokenCount'] ?? u['prompt_tokens'] ?? u['input_tokens'] ?? 0;
      const cost = nano({
        provider,
        requestModel: model,
        inputUncached: isAnthropic ? input : input - cacheRead,
        cacheRead,
        cacheWrite: u['cache_creation_input_tokens'] ?? 0,
        output: u['candidatesTokenCount'] ?? u['completion_tokens'] ?? u['output_tokens'] ?? 0,
      });
      // A model that the table does not list has no price to compare.
      if (cost === null) continue;
      known++;
      const expected = billed_usd ?? expected_usd ?? 0;
      expect(Math.abs(cost / 1e9 - expected) / expected).toBeLessThan(0.01);
    }
    expect(known).toBeGreaterThanOrEqual(4);
  });
});
