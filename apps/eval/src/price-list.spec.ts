import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluatePriceData } from './prices';
import { comparePriceList } from './price-list';

const AT = Date.parse('2026-11-01T00:00:00Z');
const GPT_4O = { litellm_provider: 'openai', input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5, cache_read_input_token_cost: 1.25e-6 }; // prettier-ignore

describe('the comparison with a price list', () => {
  let folder: string;
  let file: string;
  const write = (list: unknown) => writeFileSync(file, JSON.stringify(list));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-list-'));
    file = join(folder, 'list.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells exact, unknown and differing prices apart, by kind of call and provider', async () => {
    write({
      'gpt-4o': GPT_4O,
      'gpt-4o-mini': { ...GPT_4O, input_cost_per_token: 9e-6 },
      'gpt-4.1': { litellm_provider: 'openai', input_cost_per_token: 2e-6, output_cost_per_token: 8e-6, cache_read_input_token_cost: 1e-7 }, // prettier-ignore
      'gpt-99': GPT_4O,
      'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0': { litellm_provider: 'bedrock', input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5, input_cost_per_token_above_200k_tokens: 6e-6, output_cost_per_token_above_200k_tokens: 2.25e-5 }, // prettier-ignore
      image: { litellm_provider: 'openai', output_cost_per_image: 1 },
    });
    const report = await comparePriceList(file, AT);
    expect(report).toMatchObject({
      models: 5, exact: 2, unknown: 1, differ: 2,
      plain: { models: 5, exact: 3, unknown: 1, differ: 1 },
      cached: { models: 4, exact: 1, unknown: 1, differ: 2 },
      above_200k: { models: 5, exact: 3, unknown: 1, differ: 1 },
      left_out: { no_token_price: 1 },
      by_provider: { openai: { models: 4, exact: 1, unknown: 1, differ: 2 }, aws: { models: 1, exact: 1, unknown: 0, differ: 0 } },
    }); // prettier-ignore
    expect(report.differing).toContain('openai/gpt-4.1 cached: 0.0145 is not 0.0109');
  });

  it("takes genai-prices' form, and is what the evaluation of prices does with a file", async () => {
    write([{ id: 'openai', models: [{ id: 'gpt-4o', prices: { input_mtok: 2.5, output_mtok: 10, cache_read_mtok: 1.25 } }] }]);
    expect(await evaluatePriceData(file)).toMatchObject({ models: 1, exact: 1, unknown: 0, differ: 0 });
  });

  it('names a bad entry', async () => {
    write({ 'gpt-4o': { ...GPT_4O, input_cost_per_token: -1 } });
    await expect(evaluatePriceData(file)).rejects.toThrow('gpt-4o: input_cost_per_token is -1');
  });
});
