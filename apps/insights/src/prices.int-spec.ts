import { newTestSetting } from '@telltale/settings/testing';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

/** A price file and a discount of a tenant. */
const PRICE_FILE = [
  newTestSetting('price_file', 'c', { source: 'litellm', revision: '0123456789ab', slot: 'a', parts: 1, models: 1 }, 'list'),
  newTestSetting('price_file_part', 'c', { file: 'list', revision: '0123456789ab', slot: 'a', part: 0, models: [{ provider: 'openai', model: 'gpt-9', rates: { input: 3, output: 10, above: [{ tokens: 200_000, input: 6 }] } }] }, 'list.a.0'),
  newTestSetting('discount', 'c', { provider: 'azure', share: 0.1 }, 'commit'),
]; // prettier-ignore

describe('prices of a tenant', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables(
      { broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics },
      Date.parse('2026-11-23T12:00:00Z'),
      PRICE_FILE,
    );
  }, 60_000);
  afterAll(() => test.close());
  const get = async (url: string, tenant: string): Promise<Record<string, unknown>> => (await test.get(url, tenant)).body;

  it('says what a model costs and by which source, compares a list with what is in force, and lists models of files', async () => {
    const PRICED = '/api/costs/prices?provider=openai&model=';
    expect(await get(`${PRICED}gpt-9`, 'c')).toMatchObject({
      in_force: { version: 'price_file/list@0123456789ab', usd_per_million: { input: 3, output: 10, cache_read: 3 }, usd_per_million_at_300k: { input: 6, output: 10 } },
      sources: [{ source: 'tenant_file', version: 'price_file/list@0123456789ab' }],
    });
    expect(await get(`${PRICED}gpt-4o`, 'c')).toMatchObject({ sources: [{ source: 'built_in', usd_per_million: { input: 2.5, output: 10, cache_read: 1.25 } }] });
    expect(await get('/api/costs/prices?provider=azure&model=gpt-4o', 'c')).toMatchObject({
      in_force: { version: expect.stringMatching(/-discount\/commit$/) as string, usd_per_million: { input: 2.25 } }, sources: [{ usd_per_million: { input: 2.5 } }],
    });
    expect(await get(`${PRICED}gpt-9`, 'a')).toEqual({ in_force: null, sources: [] });
    expect(await get('/api/costs/prices/models', 'c')).toEqual({ models: ['openai/gpt-9'] });
    const compare = async (models: unknown): Promise<unknown> => (await test.post('/api/costs/prices/compare', { models: models as object }, 'c')).body;
    const listed = (model: string, input: number, more: object = {}) => ({ provider: 'openai', model, rates: { input, output: 10, ...more } });
    expect(await compare([listed('gpt-4o', 2.5, { cache_read: 1.25 }), listed('gpt-9', 4), listed('gpt-99', 1)])).toMatchObject({
      same: 1, new: [{ model: 'gpt-99', in_force: null }], changed: [{ model: 'gpt-9', in_force: { usd_per_million: { input: 3 } }, listed: { usd_per_million: { input: 4 } } }],
    });
    expect(await compare([{ provider: 'openai', model: 'm', rates: { input: -1 } }])).toMatchObject({ error: { parameter: 'models.0.rates.input' } });
  }); // prettier-ignore
});
