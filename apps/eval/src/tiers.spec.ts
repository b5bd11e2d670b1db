import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateTiers } from './tiers';

describe('the evaluation of service tiers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-tiers-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const entry = (litellm_provider: string, more: object) => ({
    litellm_provider,
    input_cost_per_token: 2,
    output_cost_per_token: 8,
    ...more,
  });

  it('tells what agrees, differs and is unknown to us, by provider and tier', async () => {
    const list = {
      'gpt-4o': entry('openai', { input_cost_per_token_priority: 3.4, output_cost_per_token_priority: 13.6 }),
      'gpt-4o-mini': entry('openai', { input_cost_per_token_priority: 4, output_cost_per_token_batches: 4 }),
      'azure/eu/gpt-5': entry('azure', { input_cost_per_token_priority: 4, output_cost_per_token_priority: 16.4 }),
      'vertex_ai/gemini-1.5-pro@001': entry('vertex_ai-language-models', { input_cost_per_token_flex: 1 }),
      'cohere/command-r': entry('cohere', { input_cost_per_token_batches: 1 }),
      'gpt-5': entry('openai', {}),
    };
    const file = join(folder, 'model_prices_and_context_window.json');
    writeFileSync(file, JSON.stringify(list));
    const expected = {
      agree: 2,
      differ: 2,
      unknown: 1,
      by: {
        'openai priority': { agree: 1, differ: 1, unknown: 0 },
        'openai batch': { agree: 1, differ: 0, unknown: 0 },
        'azure priority': { agree: 0, differ: 1, unknown: 0 },
        'google flex': { agree: 0, differ: 0, unknown: 1 },
      },
    };
    expect(await evaluateTiers(folder)).toMatchObject(expected);
    const { differing } = await evaluateTiers(file);
    expect(differing).toHaveLength(2);
    expect(differing[1]).toBe('azure/azure/eu/gpt-5 priority: 2, 2.000 and 2.050');
  });

  it('says which file is missing', async () => {
    await expect(evaluateTiers(folder)).rejects.toThrow(folder);
  });
});
