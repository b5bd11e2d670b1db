import { testData } from '@telltale/testkit';
import { createPriceBook } from '@telltale/domain-pricing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAnchor, isSameMoney } from './price-anchors';
import { evaluatePrices, measurePrices } from './prices';

const AT = Date.parse('2026-11-01T00:00:00Z');
const { path: DATA, itData, leftOut } = testData('prices');
const gpt = { id: 'x', provider: 'openai', model: 'gpt-4o', provider_usage: { prompt_tokens: 1_000, completion_tokens: 0 } };

describe('an anchor', () => {
  it.each([
    [0.0055649, 0.0056, true],
    [0.0137, 0.0056, false],
    [0.054399, 0.05439, true],
    [0.5, 1, false],
    [1.0009, 1, true],
    [1.002, 1, false],
  ])('%d is the bill of %d: %s', (found, expected, same) => expect(isSameMoney(found, expected)).toBe(same));

  it.each([
    ['the bill', { ...gpt, billed_usd: 0.0025 }, true, 'money'],
    ['another bill', { ...gpt, expected_usd: 0.005 }, false, 'money'],
    ['a model without a price', { ...gpt, model: 'my-own', expected_usd: 0.005 }, false, 'money'],
    ['tokens', { ...gpt, expected_tokens: { input: 1_000, total_input: 1_000 } }, true, 'tokens'],
    ['other tokens', { ...gpt, expected_tokens: { input: 2_000 } }, false, 'tokens'],
    ['a wrong price that was seen', { ...gpt, wrong_usd_seen: 0.0025 }, false, 'accounting'],
    ['no known form', { ...gpt, provider_usage: { foo: 1 } }, false, 'tokens'],
  ] as const)('is held against %s', (_, anchor, right, by) => {
    expect(checkAnchor(anchor, createPriceBook(), AT)).toMatchObject({ right, by });
  });
});

describe('the evaluation of prices', () => {
  it('tells wrong prices, gaps and other versions apart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-prices-'));
    const entry = (model: string, input_price: string, usage: object) => ({
      model,
      body: { usage: gpt.provider_usage },
      extracted: [{ usage, extractors: [{ provider_id: 'openai', api_flavor: 'chat', input_price, output_price: '0' }] }],
    });
    writeFileSync(join(folder, 'billing-anchor-cases.json'), JSON.stringify([{ ...gpt, billed_usd: 0.0025 }]));
    const right = entry('gpt-4o', '0.0025', { input_tokens: 1_000 });
    const otherVersion = entry('gpt-4o', '0.0099', { input_tokens: 1_000 });
    const misread = entry('gpt-4o', '0.005', { input_tokens: 2_000 });
    writeFileSync(join(folder, 'genai-prices-usages.json'), JSON.stringify([right, otherVersion, misread]));
    const found = await measurePrices(folder, AT);
    expect(found).toMatchObject({ anchors: 1, anchors_right: 1, expectations: 3, other_version: 1, expectations_share: 0.5 });
    expect(found.wrong).toHaveLength(1);
    expect(await evaluatePrices(folder)).toEqual({
      anchors: 1,
      anchors_right: 1,
      expectations_share: 0.5,
      wrong: ['openai/gpt-4o (chat): 0.0025 is not 0.005'],
      unpriced: {},
    });
    rmSync(folder, { recursive: true });
  });

  it('says which file is missing', async () => {
    await expect(evaluatePrices('/nonexistent')).rejects.toThrow('billing-anchor-cases.json');
  });

  itData(`holds on the data${leftOut}`, async () => {
    const { anchors, anchors_right, expectations_share } = await evaluatePrices(DATA);
    expect(anchors_right).toBe(anchors);
    expect(expectations_share).toBeGreaterThanOrEqual(0.99);
  });
});
