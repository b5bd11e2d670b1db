import { type DirectiveAckRow, type DirectiveRow } from '@telltale/contracts';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const at = (seconds: number): string => new Date(NOW + 1_000 * seconds).toISOString();

const directive = (id: string, change: Partial<DirectiveRow> = {}): DirectiveRow => ({
  tenant: 'a', id, version: 1, class: 'boost', priority: 0, target: '{"service_name":"shop","tool_name":"search"}', set: '{"content":"full"}', limits: '{}', evidence: '{"anomaly_id":"an1"}', reason: 'r', issued_by: 'v',
  issued_at: at(-600), expires_at: at(300), state: 'raised', changed_at: at(-600), applied_by: 0, records: 0, bytes: 0, evidence_for: [], ...change,
}); // prettier-ignore
const ack = (id: string, instance: string, seconds: number, change: Partial<DirectiveAckRow> = {}): DirectiveAckRow => ({
  tenant: 'a', directive_id: id, instance, sdk: 'telltale-node 1.0', service_name: 'shop', set_hash: 'h', status: 'applied', error: '', received_at: at(seconds), is_first: false, hits: 0, drops: 0, bytes: 0, expires_on: '2099-01-01', ...change,
}); // prettier-ignore
let events = 0;
const event = (seconds: number, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  tenant: 'a', id: `e${events++}`, kind: 'tool', name: 'search', tool_name: 'search', service_name: 'shop', ts: at(seconds), received_at: at(seconds), trace_id: `t${events}`, expires_on: '2099-01-01', sampling_weight: 1, verbosity_level: 'normal',
  directive_ids: [], ...change,
}); // prettier-ignore
const because = (id: string): Record<string, unknown> => ({
  directive_ids: [id],
  verbosity_level: 'full',
  tool_arguments: 'q',
  trace_id: 'shared',
});
const anomaly = (tenant: string) => ({
  tenant, id: 'an1', series_id: 's', metric: 'operation.duration', dimensions: { service_name: 'shop' }, state: 'open', started_at: at(-620), ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 0, expected_high: 2, score: 5, windows: 3,
  backfill: false, summary: `slow search of ${tenant}`, kind: 'deviation', channel: 'value', peak_at: at(-620), p_value: 0.001, expected_false_per_day: 0.01, parent_anomaly_id: '', in_maintenance: false,
}); // prettier-ignore

describe('what a directive brought', () => {
  let tables: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    tables = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    await tables.fill('directives', [
      directive('d'),
      directive('over', { issued_at: at(-3_600), expires_at: at(-3_000), changed_at: at(-3_600) }),
      directive('over', {
        issued_at: at(-3_600),
        expires_at: at(-3_000),
        state: 'revoked',
        changed_at: at(-3_300),
        evidence_for: ['an1'],
      }),
      directive('odd', { target: 'no JSON', evidence: '{' }),
      directive('d', { tenant: 'b', target: '{}' }),
    ]);
    await tables.fill('directive_acks', [
      ack('d', 'one', -599.5, { is_first: true, hits: 3, bytes: 90 }),
      ack('d', 'one', -500, { hits: 2, drops: 1, bytes: 10 }),
      ack('d', 'two', -480, { hits: 1 }),
      ack('', 'one', -10, { hits: 40 }),
      ack('', 'two', -400),
      { ...ack('d', 'theirs', -480, { hits: 1_000 }), tenant: 'b' },
    ]);
    await tables.fill('events', [
      event(-900),
      event(-700, { status: 'error' }),
      event(-1_300),
      event(-500, because('d')),
      event(-400, { ...because('d'), kind: 'log', severity: 'debug', tool_name: '', from_ring: true }),
      event(-300),
      event(-300, { tool_name: 'refund' }),
      event(-100, { ...because('d'), tenant: 'b' }),
    ]);
    await tables.fill('anomalies', [anomaly('a'), anomaly('b')]);
  }, 60_000);
  afterAll(() => tables.close());

  it('is what names it, beside what was stored of its target before, and who applied it', async () => {
    const { status, body } = await tables.get('/api/directives/d/effect');
    expect([status, body]).toEqual([
      200,
      {
        id: 'd', since: at(-600), until: at(0), is_over: false,
        because: { events: 2, turns: 1, logs: 1, detailed_logs: 1, with_content: 1, failed: 0, from_ring: 1, raised: 2, by_kind: { tool: 1, log: 1 } },
        scope: {
          before: { events: 2, turns: 2, logs: 0, detailed_logs: 0, with_content: 0, failed: 1 },
          during: { events: 2, turns: 2, logs: 0, detailed_logs: 0, with_content: 1, failed: 0 },
          seconds: 600, wider_than_target: [],
        },
        instances: [
          { instance: 'one', sdk: 'telltale-node 1.0', service_name: 'shop', applied_after_ms: 500, last_at: at(-500), hits: 5, drops: 1, bytes: 100 },
          { instance: 'two', sdk: 'telltale-node 1.0', service_name: 'shop', applied_after_ms: null, last_at: at(-480), hits: 1, drops: 0, bytes: 0 },
        ],
        evidence: [{ id: 'an1', kind: 'anomaly', title: 'slow search of a', state: 'open', at: at(-620), use: 'rests_on' }],
      },
    ]); // prettier-ignore
  });

  it('ends where it was revoked, and names what had its detail', async () => {
    const { body } = await tables.get('/api/directives/over/effect');
    expect(body).toMatchObject({ since: at(-3_600), until: at(-3_300), is_over: true, because: { events: 0 }, evidence: [{ id: 'an1', use: 'rests_on' }], instances: [] }); // prettier-ignore
  });

  it('is answered of a directive whose target cannot be read, too', async () => {
    const { status, body } = await tables.get('/api/directives/odd/effect');
    expect([status, body['scope'], body['evidence']]).toEqual([200, null, []]);
  });

  it.each(["d' OR '1'='1", '../d', 'unheard of', '{}'])('is of nothing that is called %s', async (id) => {
    const { status, body } = await tables.get(`/api/directives/${encodeURIComponent(id)}/effect`);
    expect([status, body['error']]).toEqual([404, expect.objectContaining({ code: 'not_found', parameter: 'id' })]);
  });

  it('is of the own tenant', async () => {
    const { body } = await tables.get('/api/directives/d/effect', 'b');
    expect(body).toMatchObject({
      because: { events: 1 },
      instances: [{ instance: 'theirs' }],
      evidence: [{ title: 'slow search of b' }],
    });
    expect((await tables.get('/api/directives/over/effect', 'b')).status).toBe(404);
  });
});

describe('what a directive would be about', () => {
  let tables: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    tables = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    await tables.fill('events', [
      event(-60),
      event(-120, { kind: 'llm', tool_name: '', request_model: 'm1', trace_id: 'x' }),
      event(-120, { kind: 'log', tool_name: '', trace_id: 'x' }),
      event(-60, { service_name: 'bot' }),
      event(-7_200),
      event(-60, { tenant: 'b', service_name: 'theirs' }),
    ]);
    await tables.fill('directive_acks', [
      ack('', 'one', -10, { hits: 40 }),
      ack('', 'gone', -400),
      { ...ack('', 'theirs', -5), tenant: 'b' },
    ]);
  }, 60_000);
  afterAll(() => tables.close());

  it.each([
    ['service_name=shop', { events: 3, turns: 2, logs: 1, services: ['shop'], instances: 1, without_sdk: false, held_back: 40 }],
    ['model=m1', { events: 1, turns: 1, logs: 0, services: ['shop'] }],
    ['tool_name=search&service_name=bot', { events: 1, services: ['bot'], instances: 0, without_sdk: true }],
    ["name=search' OR 1=1 --", { events: 0, services: [] }],
    ['', { events: 4, services: ['bot', 'shop'], instances: 1 }],
  ])('is counted over the last hour: %s', async (query, expected) => {
    const { status, body } = await tables.get(`/api/directives/preview?${encodeURI(query)}`);
    expect([status, body]).toEqual([200, expect.objectContaining(expected)]);
  });

  it('refuses a kind that there is not', async () => {
    const { status, body } = await tables.get('/api/directives/preview?kind=spell');
    expect([status, body['error']]).toEqual([400, expect.objectContaining({ parameter: 'kind' })]);
  });
});
