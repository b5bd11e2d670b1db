import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { API_KEY_SCOPES, correctionRecord, TOPICS } from '@telltale/contracts';
import { QUERIES } from '@telltale/query';
import { systemClock } from '@telltale/platform-telemetry';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets } from '@telltale/settings/testing';
import { type OutputRecord, type RowStore } from '@telltale/streaming';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InsightsModule } from './insights.module';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();
const EXPIRES = '2026-12-23';
const event = (tenant: string, id: string, kind: string, more: object = {}) => ({
  tenant, id, kind, name: kind, ts: at(10), received_at: at(9), expires_on: EXPIRES, status: 'ok', session_id: 'ses-1', trace_id: 'T1', span_id: id, parent_span_id: 'turn', service_name: 'shop', sampling_weight: 1, ...more,
}); // prettier-ignore
const turn = (tenant: string, id: string, more: object = {}) => ({
  tenant, turn_id: id, trace_id: id, revision: 3, session_id: 'ses-1', ts: at(11), first_minute: at(11), received_at: at(9), expires_on: EXPIRES, duration_ms: 900, has_root: true,
  name: 'turn', status: 'ok', outcome: 'answered', intent: 'greet', language: 'en', service_name: 'shop', cost_nano_usd: 5_000, input_preview: 'hello', output_preview: 'hi', ...more,
}); // prettier-ignore
const session = (tenant: string, id: string, more: object = {}) => ({
  tenant, session_id: id, revision: 2, service_name: 'shop', started_at: at(11), ended_at: at(10), first_minute: at(11), expires_on: EXPIRES, turns: 1, events: 3, errors: 1,
  last_outcome: 'answered', cost_nano_usd: 5_000, unpriced_calls: 0, ...more,
}); // prettier-ignore
const window = (minutesAgo: number, score: number | null) => ({
  tenant: 'a', series_id: 's1', metric: 'operation.duration', dimensions: { service_name: 'shop' }, window_start: at(minutesAgo), count: 3, sum: 30, min: 5, max: 15, errors: 0, p50: 10, p95: 15, expected: 9, score, backfill: false, late: false, expires_on: EXPIRES,
}); // prettier-ignore
/** A part of the same window that came when it was scored. */
const late = (minutesAgo: number, p95: number) => ({
  ...window(minutesAgo, null), count: 2, sum: 2_000, min: 1, max: p95, errors: 1, p50: p95, p95, expected: null, late: true, expires_on: '2026-12-24',
}); // prettier-ignore
const anomaly = (state: string, windows: number) => ({
  tenant: 'a', id: 'an1', series_id: 's1', metric: 'duration_ms', dimensions: { service_name: 'shop' }, state, started_at: at(8), ended_at: state === 'closed' ? at(2) : null, direction: 'up', value: 9, expected: 1, expected_low: 0, expected_high: 2, score: 8, windows, backfill: false, summary: 'slow',
}); // prettier-ignore
const incident = (state: string, updated: number) => ({
  tenant: 'a', id: 'in1', state, opened_at: at(8), closed_at: null, updated_at: at(updated), title: 't', service_name: 'shop', kind: 'behavior', anomaly_ids: ['an1'], open_anomalies: 1, probable_cause: 's1', peak_score: 8, backfill: false,
}); // prettier-ignore
const directive = (state: string, changed: number) => ({
  tenant: 'a', id: 'd1', version: 1, class: 'boost', priority: 0, target: '{}', set: '{"content":"full"}', limits: '{}', evidence: '{}', reason: 'r', issued_by: 'verbosity', issued_at: at(7), expires_at: at(-10), state, changed_at: at(changed), applied_by: 0, records: 0, bytes: 0,
}); // prettier-ignore
const override = (id: string, type: string, recorded: number, more: object) => ({
  tenant: 'a', id, type, state: 'active', issued_by: 'cli', recorded_at: at(recorded), ...more,
}); // prettier-ignore
const spend = (hour: number, nano: number) => ({
  tenant: 'a', hour: new Date(NOW - hour * 3_600_000).toISOString(), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', calls: 1, unpriced_calls: 0, cost_nano_usd: nano, input_tokens: 10, output_tokens: 5, backfill: false,
}); // prettier-ignore

/** Lists over other tables, which have specs of their own. */
const ELSEWHERE = ['listDeploys', 'listDeliveries', 'listBudgetAlerts', 'listJourneys'];
/** Lists over tables that this test fills. */
const LISTS = QUERIES.filter(({ name, tag, scope, cursorAfter }) => cursorAfter !== null && tag !== 'operations' && tag !== 'sql' && scope === 'read' && !ELSEWHERE.includes(name)); // prettier-ignore

describe('insights over the tables', () => {
  let folder: string;
  let rows: RowStore;
  let app: NestFastifyApplication;
  const produced: OutputRecord[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-insights-'));
    rows = createChdbRowStore({ path: folder });
    await rows.migrate('apply');
    const fill = (table: string, list: object[]) =>
      rows.insert({ table, rows: list.map((row) => JSON.stringify(row)), token: table, comment: 'test' });
    await fill('events', [
      event('a', 'turn', 'turn', { ts: at(11), parent_span_id: '', input: 'hello', output: 'hi' }),
      event('a', 'llm', 'llm', { cost_nano_usd: 5_000, input: '[]' }),
      event('a', 'tool', 'tool', { status: 'error', error_type: 'Timeout', parent_span_id: 'llm' }),
      event('b', 'secret', 'turn', { session_id: 'ses-b', input: 'of another tenant' }),
      event('a', 'lone', 'turn', { session_id: '', trace_id: '', parent_span_id: '', ts: at(40) }),
      event('a', 'unnamed', 'llm', { session_id: '', trace_id: 'T2', parent_span_id: '', user_id: 'u_1', ts: at(30) }),
    ]);
    await fill('turns', [
      turn('a', 'T1', { revision: 2, outcome: 'error' }),
      turn('a', 'T1'),
      turn('a', 'T2', {
        session_id: '',
        user_id: 'u_1',
        ts: at(30),
        first_minute: at(30),
        status: 'error',
        outcome: 'unknown',
        has_root: false,
      }),
      turn('b', 'T3', { session_id: 'ses-b', input_preview: 'of another tenant' }),
    ]);
    // A late event showed that it started before the hour.
    const moved = { session_id: '', first_minute: at(59), name: 'moved' };
    for (const [revision, minutes] of [[3, 59], [4, 70]] as const)
      await rows.insert({ table: 'turns', rows: [JSON.stringify(turn('a', 'T4', { ...moved, revision, ts: at(minutes) }))], token: `T4 ${revision}`, comment: 'test' }); // prettier-ignore
    await fill('sessions', [
      session('a', 'ses-1'),
      session('a', 'derived', { derived: true, user_id: 'u_1', started_at: at(30), ended_at: at(29), first_minute: at(30) }),
      session('a', 'continued', {
        derived: true,
        trace_ids: ['T2', 'T9'],
        started_at: at(29),
        ended_at: at(28),
        first_minute: at(29),
      }),
      session('a', 'merged', { turns: 0, merged_into: 'ses-1' }),
      session('b', 'ses-b'),
    ]);
    await fill('series_windows', [window(3, null), window(2, 9.5), late(2, 999), late(1, 50)]);
    await rows.insert({ table: 'series_windows', rows: [JSON.stringify(late(2, 888))], token: 'later', comment: 'test' });
    await fill('anomalies', [
      anomaly('open', 3),
      { ...anomaly('closed', 4), kind: 'no_data', channel: 'no_data', peak_at: at(3), p_value: 1e-9, expected_false_per_day: null, parent_anomaly_id: 'an0', in_maintenance: true },
      { ...anomaly('open', 2), id: 'an2', started_at: at(9), dimensions: { service_name: 'pay' } },
    ]); // prettier-ignore
    await fill('incidents', [incident('open', 8), incident('closed', 1)]);
    await fill('directives', [directive('raised', 7), directive('extended', 3)]);
    await fill('spend', [spend(1, 1_000), spend(1, 2_000), spend(2, 4_000)]);
    const move = { service_name: 'shop', from_at: at(30), until_at: at(-30), reason: 'move' };
    await fill('detector_overrides', [
      override('m1', 'set_maintenance', 9, move),
      override('m2', 'set_maintenance', 8, { ...move, from_at: at(-10) }),
      override('m3', 'set_maintenance', 7, move),
      override('of-b', 'set_maintenance', 7, { ...move, tenant: 'b' }),
      override('h1', 'set_holidays', 6, { name: 'Christmas', dates: ['2026-12-25'], utc_offset: '+01:00', until_at: at(-60) }),
      override('s1', 'set_sensitivity', 5, { metric: 'duration_ms', rate_multiplier: 10, until_at: at(1) }),
      override('s2', 'set_sensitivity', 4, { false_positives_per_day: 2 }),
      override('l1', 'label_anomaly', 4, { anomaly_id: 'an1', series_id: 's1', label: 'expected', until_at: at(-60) }),
    ]);
    await rows.insert({ table: 'detector_overrides', rows: [JSON.stringify(override('m3', 'set_maintenance', 3, { ...move, state: 'ended' }))], token: 'ended', comment: 'test' }); // prettier-ignore
    const broker = fakeBroker({
      produce: (records) => Promise.resolve(void produced.push(...records)),
      groupOffsets: (_, topics) =>
        Promise.resolve(new Map(topics.map((topic) => [topic, [{ partition: 0, offset: produced.length - 1 }]]))),
      describe: (topics) =>
        Promise.resolve(topics.map((name) => ({ name, partitions: [{ partition: 0, start: 0, end: produced.length }] }))),
    });
    let waited = 0;
    app = await createHttpApp(
      InsightsModule.register({
        broker,
        rows,
        clock: { now: () => NOW, monotonic: () => (waited += 60_000), sleep: () => Promise.resolve() },
        logger: silentLogger,
        metrics: noMetrics,
        tracer: null,
        settings: createSettings(createSettingStore(), broker, systemClock, newTestSecrets()),
        rates: { take: () => ({ ok: true }), charge: () => undefined, size: 0 },
        keys: {
          find: (tenant) => ({ tenant, name: 'test', scopes: API_KEY_SCOPES }),
          entryOf: () => null,
          entryById: () => null,
        },
        stopping: new AbortController().signal,
      }),
      1_000_000,
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = async (url: string, tenant = 'a'): Promise<Record<string, unknown>> =>
    (await app.inject({ method: 'GET', url, headers: { 'x-telltale-key': tenant } })).json();
  const query = async (sql: string, tenant = 'a'): Promise<Record<string, unknown>> =>
    (
      await app.inject({
        method: 'POST',
        url: '/api/query',
        headers: { 'x-telltale-key': tenant, 'content-type': 'application/json' },
        payload: JSON.stringify({ sql }),
      })
    ).json();

  it.each(LISTS.map((definition) => [definition.path, definition] as const))(
    'answers %s in the form that its document says',
    async (path, { answer, name }) => {
      const said = await get(path.replace('{id}', 's1').replace('{metric}', 'operation.duration'));
      expect(answer.safeParse(said).error?.issues ?? []).toEqual([]);
      const rows = Object.values(said).find(Array.isArray) as unknown[];
      expect([name, rows.length]).not.toEqual([name, 0]);
    },
  );

  it('lists sessions that have turns', async () => {
    const { sessions } = await get('/api/sessions?service=shop&since=1h');
    expect(sessions).toMatchObject([
      {
        session_id: 'ses-1', derived: false, service: 'shop', user: '', started_at: at(11), ended_at: at(10), turns: 1, events: 3, errors: 1, last_outcome: 'answered',
        total_cost_nano_usd: 5_000, unpriced_calls: 0,
      },
      { session_id: 'continued', derived: true, user: '' },
      { session_id: 'derived', derived: true, user: 'u_1' },
    ]); // prettier-ignore
    expect(await get('/api/sessions?service=other')).toEqual({ sessions: [] });
  });

  it('shows one session as turns and what they called, of the own tenant only', async () => {
    expect(await get('/api/sessions/ses-1')).toMatchObject({
      events: 3,
      truncated: false,
      turns: [
        {
          trace_id: 'T1',
          turn: { id: 'turn', ts: at(11) },
          operations: [{ id: 'llm', operations: [{ id: 'tool', error_type: 'Timeout' }] }],
        },
      ],
    });
    expect(await get('/api/sessions/ses-b')).toMatchObject({ error: { code: 'not_found' } });
  });

  it('shows a session that no producer named by the turns of its user in its time', async () => {
    expect(await get('/api/sessions/derived')).toMatchObject({
      events: 1,
      turns: [{ trace_id: 'T2', operations: [{ id: 'unnamed' }] }],
    });
  });

  it('shows a session that was recognized by its messages by its turns alone, whatever else went on in its time', async () => {
    const { turns } = await get('/api/sessions/continued');
    expect(turns).toMatchObject([{ trace_id: 'T2', operations: [{ id: 'unnamed' }] }]);
  });

  it('lists turns, each as last written', async () => {
    expect((await get('/api/turns?status=ok&session=ses-1'))['turns']).toMatchObject([
      { turn_id: 'T1', outcome: 'answered', input_preview: 'hello', output_preview: 'hi' },
    ]);
    expect((await get('/api/turns?outcome=unknown'))['turns']).toMatchObject([{ turn_id: 'T2' }]);
  });

  it('lists turns by the start of their last revision, not by one that was replaced', async () => {
    const idsSince = async (since: string) =>
      ((await get(`/api/turns?since=${since}`))['turns'] as { turn_id: string }[]).map(({ turn_id: id }) => id);
    expect(await idsSince('1h')).toEqual(['T1', 'T2']);
    expect(await idsSince('2h')).toEqual(['T1', 'T2', 'T4']);
  });

  it('shows a turn without a trace by the id of its event', async () => {
    expect(await get('/api/turns/lone')).toMatchObject({ turn_id: 'lone', turn: null, root: { id: 'lone' }, operations: [] });
  });

  it('shows one turn with the tree of what it called, of the own tenant only', async () => {
    expect(await get('/api/turns/T1')).toMatchObject({
      turn_id: 'T1',
      turn: { revision: 3, outcome: 'answered', intent: 'greet' },
      root: { id: 'turn' },
      operations: [{ id: 'llm', operations: [{ id: 'tool' }] }],
      truncated: false,
    });
    expect(await get('/api/turns/T3')).toMatchObject({ error: { code: 'not_found' } });
  });

  it.each([
    ['/api/anomalies?', 'anomalies', ['an1', 'an2'], 'id'],
    ['/api/detector/maintenance?', 'maintenance', ['m3', 'm2', 'm1'], 'id'],
    ['/api/series/s1/windows?', 'windows', [at(1), at(2), at(3)], 'window_start'],
    ['/api/spend?by=hour', 'spend', [at(120), at(60)], 'hour'],
    ['/api/stored/turns?since=45m', 'rows', ['T1', 'T2'], 'turn_id'],
    ['/api/stored/sessions?', 'rows', ['merged', 'ses-1', 'continued', 'derived'], 'session_id'],
  ])('answers %s page by page, each row once, and says where it goes on', async (url, list, expected, column) => {
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const page = await get(`${url}&limit=1${cursor === undefined ? '' : `&cursor=${String(cursor)}`}`);
      seen.push(...(page[list] as Record<string, unknown>[]).map((row) => row[column]));
      cursor = page['next_cursor'];
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
  });

  it('lists series, the strangest first, and their windows', async () => {
    expect(await get('/api/series?service=shop')).toMatchObject({
      series: [{ series_id: 's1', metric_name: 'operation.duration', windows: 3, events: 12, peak_score: 9.5, last_p95: 50 }],
    });
  });

  it('adds late parts to their windows and to the rollup, and keeps what was judged', async () => {
    const { windows } = await get('/api/series/s1/windows');
    expect(windows).toMatchObject([
      { window_start: at(1), count: 2, sum: 2_000, errors: 1, p50: 50, p95: 50, expected: null, score: null, late_count: 2 },
      { window_start: at(2), count: 7, sum: 4_030, errors: 2, min: 1, max: 999, p50: 10, p95: 15, expected: 9, score: 9.5, backfill: false, late_count: 4 },
      { window_start: at(3), count: 3, sum: 30, score: null, late_count: 0 },
    ]); // prettier-ignore
    const rollup = 'SELECT seconds, sum(count) AS n, sum(sum) AS total, sum(errors) AS failed, max(p95_max) AS p95, max(score_max) AS score FROM telltale.series_rollup GROUP BY seconds ORDER BY seconds'; // prettier-ignore
    const whole = { n: 12, total: 6_060, failed: 3, p95: 15, score: 9.5 };
    expect(await rows.query(rollup)).toEqual([60, 300, 3_600].map((seconds) => ({ seconds, ...whole })));
  });

  it('shows the newest state of anomalies, incidents and directives', async () => {
    expect((await get('/api/anomalies?service=shop'))['anomalies']).toMatchObject([
      { id: 'an1', state: 'closed', ended_at: at(2), windows: 4 },
    ]);
    expect(await get('/api/anomalies?state=open&service=shop')).toEqual({ anomalies: [] });
    expect((await get('/api/incidents'))['incidents']).toMatchObject([{ id: 'in1', state: 'closed' }]);
    expect((await get('/api/directives'))['directives']).toMatchObject([{ id: 'd1', state: 'extended', in_force: true }]);
  });

  it('says of an anomaly what kind it is, what explains it, and whether it was expected', async () => {
    expect((await get('/api/anomalies'))['anomalies']).toMatchObject([
      {
        id: 'an1',
        kind: 'no_data',
        parent_anomaly_id: 'an0',
        in_maintenance: true,
        peak_at: at(3),
        p_value: 1e-9,
        expected_false_per_day: null,
      },
      { id: 'an2', kind: 'deviation', channel: '', parent_anomaly_id: '', in_maintenance: false, peak_at: null },
    ]);
  });

  it('shows maintenance, sensitivities and holidays in their newest state, and which are in force', async () => {
    expect((await get('/api/detector/maintenance'))['maintenance']).toEqual([
      { id: 'm3', state: 'ended', service_name: 'shop', from_at: at(30), until_at: at(-30), reason: 'move', issued_by: 'cli', recorded_at: at(3), in_force: false },
      expect.objectContaining({ id: 'm2', from_at: at(-10), in_force: false }),
      expect.objectContaining({ id: 'm1', in_force: true }),
    ]); // prettier-ignore
    expect((await get('/api/detector/sensitivity'))['sensitivity']).toMatchObject([
      { id: 's2', metric: '', false_positives_per_day: 2, rate_multiplier: null, until_at: null, in_force: true },
      { id: 's1', metric: 'duration_ms', rate_multiplier: 10, until_at: at(1), in_force: false },
    ]);
    expect(await get('/api/detector/sensitivity', 'b')).toEqual({ sensitivity: [] });
    expect((await get('/api/detector/holidays'))['holidays']).toEqual([
      { id: 'h1', state: 'active', name: 'Christmas', service_name: '', dates: ['2026-12-25'], utc_offset: '+01:00', until_at: at(-60), issued_by: 'cli', recorded_at: at(6), in_force: true },
    ]); // prettier-ignore
  });

  it.each([
    ['hour', [{ total_cost_nano_usd: 4_000 }, { total_cost_nano_usd: 3_000, total_calls: 2 }]],
    ['service', [{ service_name: 'shop', total_cost_nano_usd: 7_000, usd: 0.000007 }]],
    ['model', [{ model: 'gpt-4o', total_input_tokens: 30 }]],
  ])('sums spend by %s', async (by, expected) => expect((await get(`/api/spend?by=${by}`))['spend']).toMatchObject(expected));

  it.each([
    'SELECT count() AS n FROM events',
    'SELECT count() AS n FROM events_core',
    'SELECT count() AS n FROM otel_traces',
    'SELECT sum(events) AS n FROM operations_minute',
  ])('answers %s with the rows of the tenant', async (sql) => {
    expect(await query(sql)).toEqual({ rows: [{ n: 5 }], truncated: false });
    expect(await query(sql, 'b')).toEqual({ rows: [{ n: 1 }], truncated: false });
  });

  it('keeps tenants apart in unions, subqueries and joins', async () => {
    const sql =
      'SELECT id FROM events UNION ALL (SELECT id FROM (SELECT * FROM events_core) UNION ALL SELECT x.id FROM events x JOIN events y USING id)';
    expect((await query(sql, 'b'))['rows']).toEqual([{ id: 'secret' }, { id: 'secret' }, { id: 'secret' }]);
  });

  it('hands on what the engine says of a wrong query', async () => {
    expect(await query('SELECT nothing FROM events')).toMatchObject({
      error: { code: 'invalid', message: expect.stringContaining('nothing') },
    });
  });

  it('runs SHOW, DESCRIBE and EXPLAIN', async () => {
    expect((await query('SHOW TABLES FROM telltale'))['rows']).toEqual(expect.arrayContaining([{ name: 'events' }]));
    expect((await query('DESCRIBE TABLE spend'))['rows']).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'cost_nano_usd' })]),
    );
    expect((await query('EXPLAIN SELECT 1 FROM events'))['rows']).not.toHaveLength(0);
  });

  const gapsOf = async (tenant: string): Promise<{ gaps: unknown[] }> =>
    (await app.inject({ url: '/api/costs/gaps?since=3d', headers: { authorization: `Bearer ${tenant}` } })).json();

  it('prices stored calls again, and sends what differs as corrections of the tenant', async () => {
    const call = (id: string, more: object) =>
      JSON.stringify(event('c', id, 'llm', { provider: 'openai', request_model: 'gpt-4o', usage_input_uncached: 1_000, usage_output: 0, ...more })); // prettier-ignore
    const stored = [
      call('wrong', { cost_nano_usd: 1, price_version: 'old/1' }),
      call('unknown', { cost_nano_usd: null, ts: at(59) }),
      call('right', { cost_nano_usd: 2_500_000, price_version: 'old/1' }),
      call('nobody', { request_model: 'my-own', cost_nano_usd: null }),
      call('before', { cost_nano_usd: 1, ts: at(61) }),
      call('after', { cost_nano_usd: 1, ts: at(0) }),
    ];
    await rows.insert({ table: 'events', rows: stored, token: 'reprice', comment: 'test' });
    const { gaps } = await gapsOf('c');
    expect(gaps).toEqual([
      expect.objectContaining({ provider: 'openai', model: 'gpt-4o', calls: 1, input_tokens: 1_000, output_tokens: 0, priced_now: true }),
      expect.objectContaining({ provider: 'openai', model: 'my-own', calls: 1, priced_now: false, family: null, least_nano_usd: null }),
    ]); // prettier-ignore
    expect(Number((gaps as { least_nano_usd: number }[])[0]?.least_nano_usd)).toBeGreaterThan(0);
    const ask = async (dry_run: boolean): Promise<unknown> => {
      const payload = JSON.stringify({ from: at(60), to: at(0), dry_run });
      const headers = { authorization: 'Bearer c', 'content-type': 'application/json' };
      return (await app.inject({ method: 'POST', url: '/api/costs/reprice', headers, payload })).json();
    };
    const changes = { calls: 4, corrections: 2, delta_nano_usd: 4_999_999, unpriced: { 'openai/my-own': 1 } };
    expect(await ask(true)).toMatchObject({ ...changes, pending: 0 });
    expect(produced).toEqual([]);
    expect(await ask(false)).toMatchObject({ ...changes, pending: 1 });
    expect(produced.map(({ topic, partition, key }) => [topic, partition, key])).toEqual([
      [TOPICS.corrections.name, 0, 'c'],
      [TOPICS.corrections.name, 0, 'c'],
    ]);
    const sent = produced.map(({ value }) => correctionRecord.parse(JSON.parse(String(value))));
    expect(sent.map((one) => [one.event_id, one.delta_nano_usd, one.unpriced_calls_delta, one.ts, one.name])).toEqual([
      ['unknown', 2_500_000, -1, at(59), 'llm'],
      ['wrong', 2_499_999, 0, at(10), 'llm'],
    ]);
  });
});
