import { type SettingRecord, settingRecord } from '@telltale/contracts';
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-03-16T12:30:00Z');
const TODAY = Date.parse('2026-03-16T00:00:00Z');

const turn = (i: number, at: number, of: object = {}) => ({
  tenant: 'a', turn_id: `t${i}`, trace_id: `t${i}`, session_id: `s${i}`, revision: 1, ts: isoTime(at), first_minute: isoTime(Math.floor(at / MINUTE_MS) * MINUTE_MS), received_at: isoTime(at), expires_on: '2099-01-01',
  duration_ms: 1_000, has_root: true, status: 'ok', outcome: 'answered', service_name: 'shop', user_id: `u${i % 3}`, sampling_weight: 1, cost_nano_usd: 5, ...of,
}); // prettier-ignore
const anomaly = (id: string, of: object = {}) => ({
  tenant: 'a', id, series_id: `series-${id}`, metric: 'turn.duration', dimensions: { service_name: 'shop' }, state: 'open', started_at: isoTime(NOW - 10 * MINUTE_MS), ended_at: null, direction: 'up', value: 9, expected: 1, expected_low: 0.5,
  expected_high: 1.5, score: 7, windows: 3, backfill: false, summary: 'slow', kind: 'deviation', channel: 'value', ...of,
}); // prettier-ignore
const incident = (id: string, of: object = {}) => ({
  tenant: 'a', id, state: 'open', opened_at: isoTime(NOW - 10 * MINUTE_MS), closed_at: null, updated_at: isoTime(NOW - 9 * MINUTE_MS), title: `${id}: turns are slow`, service_name: 'shop', kind: 'behavior', anomaly_ids: [], open_anomalies: 1,
  probable_cause: '', peak_score: 7, backfill: false, ...of,
}); // prettier-ignore
const deploy = (id: string, at: number, of: object = {}) => ({ tenant: 'a', id, at: isoTime(at), service_name: 'shop', version: id, environment: 'prod', source: 'api', kind: 'version', text: `shop ${id}`, ...of }); // prettier-ignore
const spend = (hour: number, nano: number, of: object = {}) => ({
  tenant: 'a', hour: isoTime(hour), service_name: 'shop', provider: 'openai', model: 'm', tool_name: '', kind: 'llm', backfill: false, deployment_environment: '', service_version: '', prompt_version: '', calls: 2, unpriced_calls: 1, cost_nano_usd: nano,
  input_tokens: 1, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0, reasoning_tokens: 0, estimated_calls: 0, estimated_cost_nano_usd: 0, ...of,
}); // prettier-ignore
const event = (i: number, receivedAt: number, of: object = {}) => ({
  tenant: 'a', id: `e${i}`, kind: 'tool', name: 'search', ts: isoTime(receivedAt), received_at: isoTime(receivedAt), expires_on: '2099-01-01', service_name: 'shop', status: 'ok', trace_id: `t${i}`, ...of,
}); // prettier-ignore

const SETTINGS: SettingRecord[] = ([
  ['monthly', { usd: 1 }, 'a'], ['daily', { usd: 0.000_001, per: 'day' }, 'a'], ['each', { usd: 1, each: 'model' }, 'a'], ['others', { usd: 1 }, 'b'],
] as const).map(([name, value, tenant]) =>
  settingRecord.parse({ type: 'budget', tenant, name, version: 1, changed_at: isoTime(NOW), changed_by: 'test', value })); // prettier-ignore

interface Answer {
  readonly [field: string]: unknown;
  readonly changed: { readonly deploys: { id: string }[]; readonly anomalies: { id: string }[] };
  readonly incidents: { id: string; state: string }[];
  readonly budgets: { budget: string }[];
}
const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

describe('how the bots are right now', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW, SETTINGS);
    await test.fill('turns', [
      ...Array.from({ length: 40 }, (_, i) => turn(i, NOW - 20 * MINUTE_MS, { outcome: i < 10 ? 'error' : 'answered' })),
      ...Array.from({ length: 30 }, (_, i) => turn(100 + i, NOW - 80 * MINUTE_MS)),
      turn(200, NOW - 5 * MINUTE_MS, { service_name: 'bot', outcome: 'unknown' }),
      turn(300, NOW - 5 * MINUTE_MS, { tenant: 'b', service_name: 'other' }),
    ]);
    await test.fill('anomalies', [
      anomaly('large', { score: -12 }),
      anomaly('small', { score: 4 }),
      // Its newest row counts.
      anomaly('small', { score: 5, windows: 9, state: 'closed', ended_at: isoTime(NOW - MINUTE_MS) }),
      anomaly('old', { started_at: isoTime(NOW - 3 * HOUR_MS) }),
      anomaly('of-bot', { dimensions: { service_name: 'bot' } }),
      anomaly('of-b', { tenant: 'b' }),
    ]);
    await test.fill('incidents', [
      incident('long-open', { opened_at: isoTime(NOW - 30 * DAY_MS), services: ['bot'] }),
      incident('open'),
      incident('news', { opened_at: isoTime(NOW - DAY_MS) }),
      incident('news', { opened_at: isoTime(NOW - DAY_MS), state: 'closed', closed_at: isoTime(NOW), updated_at: isoTime(NOW) }),
      incident('past', { opened_at: isoTime(NOW - 9 * DAY_MS), state: 'closed', closed_at: isoTime(NOW - 9 * DAY_MS) }),
      incident('part', { state: 'closed', merged_into: 'open' }),
      incident('of-b', { tenant: 'b' }),
    ]);
    await test.fill('deploys', [deploy('2.1', NOW - 30 * MINUTE_MS), deploy('2.1', NOW - 30 * MINUTE_MS), deploy('2.2', NOW - 5 * MINUTE_MS), deploy('2.0', NOW - 5 * HOUR_MS), deploy('9', NOW - MINUTE_MS, { tenant: 'b' })]); // prettier-ignore
    await test.fill('spend', [
      ...Array.from({ length: 10 * 24 }, (_, i) => spend(TODAY - (i + 1) * HOUR_MS, 100)),
      ...Array.from({ length: 13 }, (_, i) => spend(TODAY + i * HOUR_MS, 200)),
      spend(TODAY, 7_000, { tenant: 'b' }),
    ]);
    await test.fill('events', [
      ...Array.from({ length: 30 }, (_, i) => event(i, NOW - 30_000, { status: i < 6 ? 'error' : 'ok' })),
      event(50, NOW - 2 * MINUTE_MS),
      event(60, NOW - 10_000, { ts: isoTime(NOW - 5 * HOUR_MS) }),
      event(70, NOW - 30_000, { tenant: 'b' }),
    ]);
  }, 120_000);
  afterAll(() => test.close());
  const ask = async (query = ''): Promise<Answer> => (await test.get(`/api/now${query}`)).body as unknown as Answer;

  it('is one sentence, what is wrong first, and the figures beside those of the hour before', async () => {
    const { sentence, now, before } = await ask();
    expect(sentence).toBe(
      '2 incidents are open. 41 turns in the last 60 minutes; 25 % ended without what was asked for, 0 % before.',
    );
    expect(now).toMatchObject({ turns: 41, unhelped_turns: 10, known_turns: 40, users: 3, p95_ms: 1_000, cost_nano_usd: 205 });
    expect(before).toMatchObject({ turns: 30, unhelped_turns: 0 });
  });

  it('says what changed in this time: deploys, the newest first, and anomalies that began, the furthest first', async () => {
    const { changed } = await ask();
    expect(changed).toMatchObject({ deploys_total: 2, anomalies_total: 3 });
    expect(idsOf(changed.deploys)).toEqual(['2.2', '2.1']);
    expect(idsOf(changed.anomalies)).toEqual(['large', 'of-bot', 'small']);
    expect(changed.anomalies[2]).toMatchObject({ state: 'closed', score: 5 });
  });

  it('has open incidents however old, then those of the week, in their newest state, without what became part of another', async () => {
    const { incidents, open_incidents: open } = await ask();
    expect(incidents.map(({ id, state }) => [id, state])).toEqual([['open', 'open'], ['long-open', 'open'], ['news', 'closed']]); // prettier-ignore
    expect(open).toBe(2);
  });

  it('compares the spend of today with what the day comes to, and has the budgets that are not divided', async () => {
    const { spend_today: today, budgets } = await ask();
    // 12 whole hours and what is there of the 13th; 11.5 usual ones are left.
    expect(today).toEqual({ day: isoTime(TODAY), cost_nano_usd: 2_600, unpriced_calls: 13, forecast_nano_usd: 2_600 + 1_150, yesterday_nano_usd: 2_400 }); // prettier-ignore
    expect(budgets.map(({ budget }) => budget)).toEqual(['daily', 'monthly']);
    expect(budgets[0]).toMatchObject({ spent_nano_usd: 2_600, limit_nano_usd: 1_000, state: 'hard' });
  });

  it('is of one service where one is named', async () => {
    const { incidents, changed, budgets, now, spend_today: today } = await ask('?service=bot');
    expect([idsOf(incidents), idsOf(changed.deploys), idsOf(changed.anomalies), budgets]).toEqual([
      ['long-open'],
      [],
      ['of-bot'],
      [],
    ]);
    expect([now, today]).toMatchObject([{ turns: 1 }, { cost_nano_usd: 0, forecast_nano_usd: null }]);
  });

  it('counts what arrives by its time of arrival, failed events apart, without what is imported', async () => {
    const { body } = await test.get('/api/now/rate');
    expect(body).toMatchObject({ until: isoTime(NOW), per_second: 0.5, errors_per_second: 0.1 });
    const steps = body['steps'] as { events: number; errors: number }[];
    expect(steps).toHaveLength(60);
    expect(steps.reduce((sum, { events }) => sum + events, 0)).toBe(31);
    expect((await test.get('/api/now/rate?service=bot')).body).toMatchObject({ per_second: 0 });
  });
});
