import { TOPICS, detectorSettingRecord } from '@telltale/contracts';
import { PermanentError, TransientError } from '@telltale/kernel';
import { AUTH, KEY, newTestInsights, NOW } from './insights.fixture';

describe('insights over HTTP', () => {
  let test: Awaited<ReturnType<typeof newTestInsights>>;
  beforeEach(async () => {
    test = await newTestInsights();
  });
  afterEach(() => test.app.close());

  it.each([
    '/api/sessions',
    '/api/sessions/x',
    '/api/turns',
    '/api/series',
    '/api/anomalies',
    '/api/incidents',
    '/api/spend',
    '/api/directives',
    '/api/detector/maintenance',
    '/api/detector/sensitivity',
    '/api/detector/holidays',
    '/api/topics',
    '/api/tail',
    '/api/dlq',
  ])('lets nobody into %s without a key', async (url) => {
    expect((await test.call('GET', url, undefined, {})).status).toBe(401);
    expect((await test.call('GET', url, undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect(test.queries).toEqual([]);
  });

  it('takes the key in either header', async () => {
    expect((await test.call('GET', '/api/sessions', undefined, { 'x-telltale-key': KEY })).status).toBe(200);
    expect((await test.call('GET', '/api/sessions')).status).toBe(200);
  });

  it.each([
    ['/api/sessions?limit=0', 'limit'],
    ['/api/sessions?limit=many', 'limit'],
    ['/api/turns?since=yesterday', 'since'],
    ['/api/turns?since=1h&until=2h', 'since'],
    ['/api/anomalies?until=never', 'until'],
    ['/api/anomalies?state=odd', 'state'],
    ['/api/spend?by=colour', 'by'],
    ['/api/incidents?tenant=other', 'tenant'],
    ['/api/incidents?servise=x', 'servise'],
    ['/api/series?service=a&service=b', 'service'],
    ['/api/tail?kind=odd', 'kind'],
  ])('names the parameter of %s that is wrong, and the fix', async (url, parameter) => {
    const { status, json } = await test.call('GET', url);
    expect(status).toBe(400);
    expect(json()['error']).toMatchObject({ code: 'invalid', parameter, fix: expect.stringMatching(/\w/) });
    expect(test.queries).toEqual([]);
  });

  it('puts what people say into parameters, never into the statement', async () => {
    await test.call('GET', `/api/sessions?service=${encodeURIComponent("x' OR 1 --")}&since=2h`);
    expect(test.queries[0]?.sql).not.toContain("x' OR");
    expect(Object.values(test.queries[0]?.params ?? {})).toEqual(
      expect.arrayContaining(['default', "x' OR 1 --", NOW - 7_200_000]),
    );
  });

  it('runs a reading statement for the tenant of the key only', async () => {
    test.answers(() => Promise.resolve([{ n: 1 }, { n: 2 }]));
    const plain = await test.call('POST', '/api/query', { sql: 'SELECT n FROM events;' });
    expect(plain.json()).toEqual({ rows: [{ n: 1 }, { n: 2 }], truncated: false });
    expect(test.queries[0]).toMatchObject({ sql: 'SELECT n FROM events', tenant: 'default' });
    const lines = await app(test, { sql: 'SELECT n FROM events' });
    expect(lines).toBe('{"n":1}\n{"n":2}\n');
  });

  it.each([
    [{ sql: 'DROP TABLE events' }, 'sql'],
    [{}, 'sql'],
    ['{"sql": ', 'body'],
    ['[]', 'body'],
  ])('refuses the query %j', async (body, parameter) => {
    const { status, json } = await test.call('POST', '/api/query', body);
    expect([status, (json()['error'] as { parameter: string }).parameter]).toEqual([400, parameter]);
    expect(test.queries).toEqual([]);
  });

  it.each([
    ['a wrong column', new PermanentError('invalid', 'no such column'), 400, undefined],
    ['a store that is down', new TransientError('unavailable', 'down'), 503, '2'],
    ['a bug', new Error('bug with secret'), 500, undefined],
  ])('answers %s for what it is', async (_name, error, status, retryAfter) => {
    test.answers(() => Promise.reject(error));
    const answered = await test.call('POST', '/api/query', { sql: 'SELECT 1' });
    expect(answered.status).toBe(status);
    expect(answered.text).not.toContain('secret');
    expect(answered.headers['retry-after']).toBe(retryAfter);
  });

  it('turns a wish for a directive into a command', async () => {
    const { status, json } = await test.call('POST', '/api/control', {
      target: { service_name: 'shop' },
      set: { content: 'full' },
      ttl_ms: 60_000,
    });
    expect([status, json()['expires_at']]).toEqual([202, '2026-11-23T12:01:00.000Z']);
    expect(JSON.parse(String(test.produced[0]?.value))).toMatchObject({
      type: 'set_directive',
      tenant: 'default',
      class: 'boost',
      set: { content: 'full' },
      limits: {},
      priority: 0,
      id: json()['id'],
    });
    test.answers(() => Promise.resolve([{ state: 'raised', ends_at: '2026-11-23 12:01:00.000' }]));
    await test.call('DELETE', `/api/control/${String(json()['id'])}`);
    expect(JSON.parse(String(test.produced[1]?.value))).toMatchObject({ type: 'revoke_directive', id: json()['id'] });
  });

  it.each([
    [{ set: { content: 'full' } }, 'target'],
    [{ target: { colour: 'x' }, set: { content: 'full' }, ttl_ms: 1 }, 'target.colour'],
    [{ target: { kind: 'x' }, set: { content: 'full' }, ttl_ms: 1 }, 'target.kind'],
    [{ target: { user: { sha256: 'a'.repeat(64) } }, set: { content: 'full' }, ttl_ms: 1 }, 'target.user.salt'],
    [{ target: { trace_hash: { from: 0.5, to: 0.5 } }, set: { content: 'full' }, ttl_ms: 1 }, 'target.trace_hash'],
    [{ target: {}, ttl_ms: 1 }, 'set'],
    [{ target: {}, set: {}, ttl_ms: 1 }, 'set'],
    [{ target: {}, set: { content: 'loud' }, ttl_ms: 1 }, 'set.content'],
    [{ target: {}, set: { keep: 0 }, ttl_ms: 1 }, 'set.keep'],
    [{ target: {}, set: { keep: 1.5 }, ttl_ms: 1 }, 'set.keep'],
    [{ target: {}, set: { content: 'full' } }, 'ttl_ms'],
    [{ target: {}, set: { content: 'full' }, ttl_ms: 0 }, 'ttl_ms'],
    [{ target: {}, set: { content: 'full' }, ttl_ms: 86_400_001 }, 'ttl_ms'],
    [{ target: {}, set: { content: 'full' }, ttl_ms: 1, tenant: 'other' }, 'tenant'],
  ])('refuses the directive %j', async (body, parameter) => {
    const { status, json } = await test.call('POST', '/api/control', body);
    expect([status, (json()['error'] as { parameter: string }).parameter]).toEqual([400, parameter]);
    expect(test.produced).toEqual([]);
  });

  it.each([
    [{ to: '2026-11-23T01:00:00Z' }, 'from'],
    [{ from: '2026-11-23T00:00:00Z', to: 'soon' }, 'to'],
    [{ from: '2026-11-23T02:00:00Z', to: '2026-11-23T01:00:00Z' }, 'from'],
  ])('refuses to price again %j', async (body, parameter) => {
    const { status, json } = await test.call('POST', '/api/costs/reprice', body);
    expect([status, json()['error']]).toMatchObject([400, { parameter, fix: expect.stringMatching(/\w/) }]);
    expect(test.queries).toEqual([]);
  });

  const sentSetting = (): Record<string, unknown>[] => {
    expect(test.produced.map(({ topic, partition, key }) => [topic, partition, key])).toEqual(
      [0, 1, 2].map((partition) => [TOPICS.detectorSettings.name, partition, 'default']),
    );
    const values = test.produced.splice(0).map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>);
    for (const value of values) expect(detectorSettingRecord.parse(value)).toEqual(value);
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1);
    return values;
  };

  it('tells every partition what an anomaly was, for a week unless said', async () => {
    test.answers(() => Promise.resolve([{ series_id: 's1' }]));
    const { status, json } = await test.call('POST', '/api/anomalies/an1/label', { label: 'expected' });
    expect([status, json()]).toMatchObject([202, { series_id: 's1', expires_at: '2026-11-30T12:00:00.000Z' }]);
    expect(sentSetting()[0]).toMatchObject({
      type: 'label_anomaly', tenant: 'default', id: json()['id'], anomaly_id: 'an1', series_id: 's1', label: 'expected', at: '2026-11-23T12:00:00.000Z', issued_by: 'api',
    }); // prettier-ignore
    expect(Object.values(test.queries[0]?.params ?? {})).toEqual(expect.arrayContaining(['default', 'an1']));
    await test.call('POST', '/api/anomalies/an1/label', { label: 'false_positive', for_ms: 60_000, issued_by: 'me' });
    // Of one anomaly there is one mark: sent again it changes nothing, and the last word counts.
    expect(sentSetting()[0]).toMatchObject({
      id: json()['id'],
      label: 'false_positive',
      expires_at: '2026-11-23T12:01:00.000Z',
      issued_by: 'me',
    });
  });

  it('marks no anomaly that the tenant does not have', async () => {
    const { status, json } = await test.call('POST', '/api/anomalies/gone/label', { label: 'real' });
    expect([status, json()['error']]).toMatchObject([404, { code: 'not_found', message: expect.stringContaining('gone') }]);
    expect(test.produced).toEqual([]);
  });

  it('tells every partition of maintenance and its end', async () => {
    const { status, json } = await test.call('POST', '/api/detector/maintenance', { service_name: 'shop', for_ms: 7_200_000 });
    const window = { from: '2026-11-23T12:00:00.000Z', until: '2026-11-23T14:00:00.000Z' };
    expect([status, json()]).toEqual([202, { id: expect.stringMatching(/^\w+/), ...window }]);
    expect(sentSetting()[0]).toMatchObject({ ...window, type: 'set_maintenance', id: json()['id'], service_name: 'shop' });
    const whole = { id: 'm1', from: '2026-11-24T01:00:00Z', until: '2026-11-24T02:00:00Z', reason: 'move' };
    expect((await test.call('POST', '/api/detector/maintenance', whole)).json()['id']).toBe('m1');
    expect(sentSetting()[0]).not.toHaveProperty('service_name');
    test.answers(() => Promise.resolve([{ state: 'active', ends_at: null }]));
    expect((await test.call('DELETE', '/api/detector/maintenance/m1')).json()).toEqual({ id: 'm1' });
    expect(sentSetting()[0]).toMatchObject({ type: 'end_maintenance', id: 'm1', at: '2026-11-23T12:00:00.000Z' });
  });

  it('tells every partition of sensitivities and their end', async () => {
    expect((await test.call('POST', '/api/detector/sensitivity', { false_positives_per_day: 2 })).status).toBe(202);
    expect(sentSetting()[0]).toMatchObject({ type: 'set_sensitivity', tenant: 'default', false_positives_per_day: 2 });
    await test.call('POST', '/api/detector/sensitivity', {
      metric: 'duration_ms',
      service_name: 'shop',
      rate_multiplier: 0.1,
      for_ms: 1_000,
    });
    expect(sentSetting()[0]).toMatchObject({ metric: 'duration_ms', service_name: 'shop', rate_multiplier: 0.1, expires_at: '2026-11-23T12:00:01.000Z' }); // prettier-ignore
    test.answers(() => Promise.resolve([{ state: 'active', ends_at: null }]));
    await test.call('DELETE', '/api/detector/sensitivity/s1');
    expect(sentSetting()[0]).toMatchObject({ type: 'end_sensitivity', id: 's1' });
  });

  it('tells every partition of holidays and their end, the days in order, each once', async () => {
    const dates = ['2026-12-26', '2026-12-25', '2026-12-26'];
    const { status, json } = await test.call('POST', '/api/detector/holidays', {
      name: 'Christmas',
      dates,
      utc_offset: '+01:00',
    });
    const inOrder = ['2026-12-25', '2026-12-26'];
    expect([status, json()]).toEqual([202, { id: expect.stringMatching(/^holidays-/), dates: inOrder, until: '2026-12-26T23:00:00.000Z' }]); // prettier-ignore
    expect(sentSetting()[0]).toEqual({ type: 'set_holidays', tenant: 'default', id: json()['id'], name: 'Christmas', dates: inOrder, utc_offset: '+01:00', issued_by: 'api' }); // prettier-ignore
    test.answers(() => Promise.resolve([{ state: 'active', ends_at: null }]));
    expect((await test.call('DELETE', '/api/detector/holidays/h1')).json()).toEqual({ id: 'h1' });
    expect(sentSetting()[0]).toMatchObject({ type: 'end_holidays', id: 'h1', at: '2026-11-23T12:00:00.000Z' });
  });

  it.each([
    ['anomalies/an1/label', {}, 'label'],
    ['anomalies/an1/label', { label: 'odd' }, 'label'],
    ['anomalies/an1/label', { label: 'real', for_ms: 0 }, 'for_ms'],
    ['anomalies/an1/label', { label: 'real', series_id: 's2' }, 'series_id'],
    ['anomalies/an1/label', { label: 'real', expires_at: '2026-11-24T00:00:00Z' }, 'expires_at'],
    ['detector/maintenance', {}, 'until'],
    ['detector/maintenance', { until: 'soon' }, 'until'],
    ['detector/maintenance', { until: '2026-11-23T11:00:00Z' }, 'until'],
    ['detector/maintenance', { until: '2026-11-23T13:00:00Z', for_ms: 1 }, 'for_ms'],
    ['detector/maintenance', { from: 5, for_ms: 1 }, 'from'],
    ['detector/maintenance', { service_name: '', for_ms: 1 }, 'service_name'],
    ['detector/maintenance', { service_name: 5, for_ms: 1 }, 'service_name'],
    ['detector/maintenance', { tenant: 'other', for_ms: 1 }, 'tenant'],
    ['detector/holidays', {}, 'dates'],
    ['detector/holidays', { dates: [] }, 'dates'],
    ['detector/holidays', { dates: ['2026-02-30'] }, 'dates.0'],
    ['detector/holidays', { dates: ['9999-01-01'] }, 'dates.0'],
    ['detector/holidays', { dates: ['2026-11-22'] }, 'dates'],
    ['detector/holidays', { dates: Array(401).fill('2026-12-25') }, 'dates'],
    ['detector/holidays', { dates: ['2026-12-25'], utc_offset: 'Europe/Zurich' }, 'utc_offset'],
    ['detector/sensitivity', {}, 'rate_multiplier'],
    ['detector/sensitivity', { rate_multiplier: 2, false_positives_per_day: 2 }, 'rate_multiplier'],
    ['detector/sensitivity', { rate_multiplier: 101 }, 'rate_multiplier'],
    ['detector/sensitivity', { false_positives_per_day: 0 }, 'false_positives_per_day'],
    ['detector/sensitivity', { false_positives_per_day: 2, metric: 'errors' }, 'false_positives_per_day'],
    ['detector/sensitivity', { rate_multiplier: 2, expires_at: '2026-11-23T12:00:00Z' }, 'expires_at'],
    ['detector/sensitivity', { rate_multiplier: 2, id: 5 }, 'id'],
  ])('refuses for %s the body %j, naming the field and the fix', async (path, body, parameter) => {
    test.answers(() => Promise.resolve([{ series_id: 's1' }]));
    const { status, json } = await test.call('POST', `/api/${path}`, body);
    expect([status, json()['error']]).toMatchObject([400, { parameter, fix: expect.stringMatching(/\w/) }]);
    expect(test.produced).toEqual([]);
  });

  it('lists dead letters of the own tenant, newest first, without content', async () => {
    const { json, text } = await test.call('GET', '/api/dlq');
    expect(json()).toMatchObject({ total: 3, by_reason: { bad_timestamp: 1, undecodable: 1, step_failed: 1 } });
    expect((json()['dead_letters'] as { id: string }[]).map(({ id }) => id)).toEqual(['0-4', '0-2', '0-1']);
    expect(text).not.toContain('encrypted-');
    expect((await test.call('GET', '/api/dlq/0-1')).json()).toMatchObject({
      reason: 'bad_timestamp',
      offset: 7,
      headers: { 'tt-encryption-key-id': '2026-11-23' },
    });
    expect((await test.call('GET', '/api/dlq/0-3')).status).toBe(404);
  });

  it('replays the bytes and headers as they were, to where they came from', async () => {
    expect((await test.call('POST', '/api/dlq/replay', { all: true })).json()).toEqual({ replayed: 2, skipped: 1 });
    expect(test.produced[0]).toEqual({
      topic: TOPICS.raw.name,
      key: 'ses-1',
      value: Buffer.from('encrypted-1'),
      headers: { 'tt-format': 'native', 'tt-encryption-key-id': '2026-11-23' },
    });
    expect((await test.call('POST', '/api/dlq/replay', { ids: ['0-3'] })).status).toBe(404);
    expect((await test.call('POST', '/api/dlq/replay', { reason: 'undecodable' })).json()).toEqual({ replayed: 1, skipped: 0 });
    expect((await test.call('POST', '/api/dlq/replay', {})).status).toBe(400);
  });

  it('tells how far each group is behind on each topic', async () => {
    const topics = (await test.call('GET', '/api/topics')).json()['topics'] as {
      name: string;
      records: number;
      lag: Record<string, number>;
    }[];
    expect(topics.find(({ name }) => name === TOPICS.anomalies.name)).toMatchObject({
      records: 8,
      lag: { incidents: 6, verbosity: 6 },
    });
    expect(topics).toHaveLength(Object.keys(TOPICS).length);
  });

  it('serves the document of what it answers', async () => {
    const { paths, openapi } = (await test.call('GET', '/api/openapi.json', undefined, {})).json();
    expect([openapi, Object.keys(paths as object)]).toEqual(['3.1.0', expect.arrayContaining(['/api/sessions', '/api/query'])]);
    const page = await test.call('GET', '/api/docs', undefined, {});
    expect([page.headers['content-type'], page.text]).toEqual([
      'text/html; charset=utf-8',
      expect.stringContaining('/api/sessions'),
    ]);
  });

  it('refuses a body that is too large in the words of all errors, before it is read whole', async () => {
    const { status, json } = await test.call('POST', '/api/query', { sql: `SELECT '${'x'.repeat(1_100_000)}'` });
    expect([status, json()['error']]).toMatchObject([413, { code: 'too_large', fix: 'send less' }]);
  });

  it('finds what has a long id', async () => {
    expect((await test.call('GET', `/api/sessions/${'s'.repeat(500)}`)).json()['error']).toMatchObject({ code: 'not_found', message: 'there is no session of this id' }); // prettier-ignore
  });

  it('counts every answer, refused ones included', async () => {
    await test.call('GET', '/api/sessions', undefined, {});
    await test.call('GET', '/api/sessions');
    expect(test.counted.map(({ route, status }) => `${route} ${status}`)).toEqual(['/api/sessions 401', '/api/sessions 200']);
  });

  it('records one trace for each question, named by its route, with what it was part of as a link', async () => {
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await test.call('GET', '/api/sessions', undefined, {});
    await test.call('GET', '/api/sessions/ses-secret', undefined, { ...AUTH, traceparent: parent });
    await test.call('GET', '/api/openapi.json');
    await test.call('GET', '/elsewhere');
    expect(test.traces.map(({ service, kind, name, links }) => ({ service, kind, name, links }))).toEqual([
      { service: 'insights', kind: 'server', name: 'GET /api/sessions', links: undefined },
      {
        service: 'insights',
        kind: 'server',
        name: 'GET /api/sessions/:id',
        links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }],
      },
    ]);
    expect(JSON.stringify(test.traces)).not.toContain('ses-secret');
  });

  it('records an error where it could not answer', async () => {
    test.answers(() => Promise.reject(new TransientError('unavailable', 'no ClickHouse')));
    const { status } = await test.call('GET', '/api/sessions');
    expect(test.traces).toMatchObject([
      { name: 'GET /api/sessions', error: String(status), attributes: { 'http.route': '/api/sessions' } },
    ]);
    expect(status).toBeGreaterThanOrEqual(500);
  });
});

const app = async (test: Awaited<ReturnType<typeof newTestInsights>>, body: unknown): Promise<string> =>
  (await test.call('POST', '/api/query', body, { ...AUTH, accept: 'application/x-ndjson' })).text;
