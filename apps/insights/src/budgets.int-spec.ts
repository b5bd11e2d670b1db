import { type CorrectionRecord, type SettingRecord, settingRecord, TOPICS } from '@telltale/contracts';
import { correctionOf, totalBetween } from '@telltale/domain-cost';
import { createDice, DAY_MS, HOUR_MS, isoTime } from '@telltale/kernel';
import { budgetsConfig, budgetsService } from '@telltale/pipeline-budgets';
import { costsService } from '@telltale/pipeline-costs';
import { QUERIES } from '@telltale/query';
import { newTestRecord, newTestTask, outputsOf, rowsOf } from '@telltale/streaming/testing';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-03-16T12:30:00Z');
const budget = (name: string, value: object, tenant = 'a'): SettingRecord =>
  settingRecord.parse({
    type: 'budget',
    tenant,
    name,
    version: 1,
    changed_at: isoTime(NOW - 40 * DAY_MS),
    changed_by: 'test',
    value,
  });
const SETTINGS = [
  budget('all', { usd: 20, soft_usd: 1 }),
  budget('today', { usd: 0.01, per: 'day' }),
  budget('models', { usd: 2, each: 'model', where: { service: 'shop' } }, '*'),
  budget('users', { usd: 2, each: 'user' }),
  budget('eu-mini', { usd: 2, where: { region: 'eu', model: 'mini' } }),
  budget('other', { usd: 1 }, 'b'),
];
const dice = createDice(7);
const pick = <T>(list: readonly T[]): T => list[Math.floor(dice.uniform() * list.length)] as T;
const EVENTS = Array.from({ length: 600 }, (_, i) => {
  const ts = isoTime(NOW - Math.floor(dice.uniform() ** 2 * 30 * DAY_MS));
  return {
    tenant: 'a', id: `e${i}`, kind: pick(['llm', 'llm', 'embedding', 'tool', 'turn']), name: 'chat', ts, received_at: ts, expires_on: '2099-06-01', service_name: pick(['shop', 'bot']), service_version: '1',
    deployment_environment: 'prod', provider: 'openai', request_model: pick(['gpt-4o', 'mini']), response_model: pick(['', 'mini']), tool_name: 'ocr', prompt_name: '', prompt_version: '', usage_estimated: false,
    usage_input_uncached: 10, usage_cache_read: null, usage_cache_write: null, usage_output: 1, usage_reasoning: null, cost_nano_usd: i % 9 === 0 ? null : Math.floor(dice.uniform() * 50_000_000),
    price_version: pick(['', 'a/1']), sampling_weight: pick([1, 1, 2.5]), backfill: i % 4 === 0, trace_id: `t${i % 50}`, user_id: pick(['u1', 'u2', 'u3']), agent_name: 'g', region: pick(['eu', 'us']), release: 'r',
  };
}); // prettier-ignore
const corrections = EVENTS.flatMap((event, i): CorrectionRecord[] => {
  if (i % 7 > 0 || event.kind === 'turn' || event.kind === 'tool') return [];
  const model = event.response_model || event.request_model;
  const call = {
    ...event,
    at: Date.parse(event.ts),
    model,
    tool_name: '',
    prompt_version: '',
    estimated: false,
    corrected_nano_usd: null,
  };
  const made = correctionOf(call, { costNanoUsd: 33_333_333, version: 'b/1' }, NOW - 1_000);
  return made ? [made] : [];
});

describe('budgets over the tables', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  const service = newTestTask(budgetsService.open(budgetsConfig.parse({})));
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW, SETTINGS);
    const costs = newTestTask(costsService.open({}));
    const settings = SETTINGS.map((one) => newTestRecord(TOPICS.settings.name, one));
    await test.fill('events', EVENTS);
    for (const records of [
      [...settings, ...EVENTS.map((event) => newTestRecord(TOPICS.events.name, event))],
      corrections.map((one) => newTestRecord(TOPICS.corrections.name, one)),
    ]) {
      const effects = costs.run({ now: NOW, records });
      for (const table of ['spend', 'cost_corrections']) await test.fill(table, rowsOf<object>(effects, table));
      const ofTopics = [TOPICS.costs.name, TOPICS.budgetSpend.name].flatMap((topic) =>
        outputsOf<object>(effects, topic).map((one) => newTestRecord(topic, one)),
      );
      const alerts = service.run({ now: NOW, records: [...settings, ...ofTopics] });
      await test.fill('budget_alerts', rowsOf<object>(alerts, 'budget_alerts'));
    }
    await test.fill('spend', [{ tenant: 'b', hour: isoTime(NOW - HOUR_MS), service_name: 'shop', provider: 'p', model: 'm', kind: 'llm', backfill: false, calls: 1, cost_nano_usd: 5 }]); // prettier-ignore
  }, 60_000);
  afterAll(() => test.close());

  /** What the service has of a budget's value, from the first moment of its period. */
  const inService = (name: string, value: string, start: number): number => {
    const stored = service.state.get(`account/${JSON.stringify(['a', name, value])}`);
    const { sums } = JSON.parse(String(stored?.subarray(1))) as { sums: { days: [number, number, number, number][] } };
    return totalBetween(sums.days, start).nano;
  };

  it('agree with the sums of the service to the nano-dollar, corrections, weights and imports included', async () => {
    const { status, body } = await test.get('/api/costs/budgets');
    expect(status).toBe(200);
    const rows = body['budgets'] as { budget: string; value: string; spent_nano_usd: number; period_start: string }[];
    expect(rows.map(({ budget: name, value }) => `${name} ${value}`).sort()).toEqual(
      ['all ', 'eu-mini ', 'models gpt-4o', 'models mini', 'today ', 'users u1', 'users u2', 'users u3'],
    ); // prettier-ignore
    for (const row of rows)
      expect([row.budget, row.value, row.spent_nano_usd]).toEqual([row.budget, row.value, inService(row.budget, row.value, Date.parse(row.period_start))]); // prettier-ignore
    expect(rows.find(({ budget: name }) => name === 'all')).toMatchObject({ state: 'soft', dimension: '', per: 'month' });
  });

  it('say where they stand, in the form that the document says, and of one tenant only', async () => {
    const { body } = await test.get('/api/costs/budgets?budget=models&limit=1');
    const { answer } = QUERIES.find(({ path }) => path === '/api/costs/budgets') ?? {};
    expect(answer?.safeParse(body).error).toBeUndefined();
    expect(body['budgets']).toHaveLength(1);
    const [all] = (await test.get('/api/costs/budgets?budget=all')).body['budgets'] as Record<string, number>[];
    expect(all?.['forecast_low_nano_usd']).toBeLessThan(all?.['forecast_high_nano_usd'] ?? 0);
    expect(all?.['unpriced_share']).toBeGreaterThan(0);
    expect(all?.['rate_nano_usd_per_hour']).toBeGreaterThan(0);
    expect((await test.get('/api/costs/budgets', 'b')).body['budgets']).toMatchObject([
      { budget: 'models', value: 'm', spent_nano_usd: 5 },
      { budget: 'other', spent_nano_usd: 5 },
    ]);
  });

  it('list what they reported, of one tenant only', async () => {
    const { body } = await test.get('/api/costs/budgets/alerts?budget=all&kind=level&since=30d');
    expect(body['alerts']).toMatchObject([{ budget: 'all', severity: 'soft', state: 'firing', limit_nano_usd: 1e9 }]);
    const { answer } = QUERIES.find(({ path }) => path === '/api/costs/budgets/alerts') ?? {};
    expect(answer?.safeParse(body).error).toBeUndefined();
    expect((await test.get('/api/costs/budgets/alerts?since=30d', 'b')).body['alerts']).toEqual([]);
  });

  it.each([
    ['/api/costs/budgets?limit=0', 'limit'],
    ['/api/costs/budgets/alerts?kind=odd', 'kind'],
  ])('%s is a 400 that names %s', async (url, field) => {
    const { status, body } = await test.get(url);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(field)]);
  });
});
