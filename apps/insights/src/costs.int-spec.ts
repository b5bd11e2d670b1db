import { COMMANDS, QUERIES } from '@telltale/query';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;
const hoursAgo = (hours: number): string => new Date(NOW - hours * HOUR).toISOString();

interface Traffic {
  readonly service: string;
  readonly prompt: string;
  readonly user: string;
  readonly intent: string;
  readonly hours: number;
  /** Of 1,000 input tokens. */
  readonly cached: number;
}
const MODEL = { provider: 'openai', model: 'gpt-4o' };
/** Of gpt-4o in nano-dollars a token: 2,500 in, 1,250 from a cache, 10,000 out. */
const costOf = (cached: number): number => (1_000 - cached) * 2_500 + cached * 1_250 + 100 * 10_000;
let turns = 0;
const turnOf = ({ service, prompt, user, intent, hours, cached }: Traffic) => {
  const id = `T${turns++}`;
  return {
    tenant: 'a', turn_id: id, trace_id: id, revision: 1, session_id: `ses-${user}`, user_id: user, ts: hoursAgo(hours), first_minute: hoursAgo(hours), received_at: hoursAgo(hours),
    expires_on: '2026-12-23', duration_ms: 900, name: 'turn', status: 'ok', outcome: intent === 'refund' ? 'error' : 'answered', intent, service_name: service, service_version: '1.0',
    models: [MODEL.model], providers: [MODEL.provider], prompt_versions: [prompt], calls: { llm: 1 }, feature_flags: { beta: user === 'u1' ? 'on' : 'off' },
    usage_input_uncached: 1_000 - cached, usage_cache_read: cached, usage_output: 100, cost_nano_usd: costOf(cached), unpriced_calls: 0, sampling_weight: 1,
  };
}; // prettier-ignore
const spendOf = ({ service, prompt, hours, cached }: Traffic) => ({
  tenant: 'a', hour: new Date(Math.floor((NOW - hours * HOUR) / HOUR) * HOUR).toISOString(), service_name: service, ...MODEL, kind: 'llm', backfill: false, prompt_version: prompt,
  service_version: '1.0', deployment_environment: '', calls: 1, unpriced_calls: 0, cost_nano_usd: costOf(cached), input_tokens: 1_000, output_tokens: 100, cache_read_tokens: cached,
}); // prettier-ignore

/** A day of two services; on the second day a prompt of one broke its cache, and the other has a third more traffic. */
const traffic: Traffic[] = [36, 12].flatMap((hours, day) => [
  ...Array.from({ length: 30 }, (_, i) => ({ service: 'shop', prompt: day === 0 ? 'answer@v7' : 'answer@v8', user: `u${i % 5}`, intent: i % 3 === 0 ? 'refund' : 'order', hours, cached: day === 0 ? 900 : 0 })),
  ...Array.from({ length: day === 0 ? 9 : 12 }, (_, i) => ({ service: 'pay', prompt: 'pay@v1', user: `p${i % 3}`, intent: 'pay', hours, cached: 500 })),
]); // prettier-ignore

describe('costs over the tables', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    await test.fill('turns', traffic.map(turnOf));
    await test.fill('spend', traffic.map(spendOf));
    await test.fill('spend', [{ ...spendOf(traffic[0] as Traffic), tenant: 'b', cost_nano_usd: 999 }]);
    const correction = { tenant: 'a', id: 'c1', event_id: 'e1', trace_id: 'T0', hour: hoursAgo(36), ts: hoursAgo(36), service_name: 'shop', service_version: '1.0', prompt_version: 'answer@v7', ...MODEL, kind: 'llm', name: 'chat', backfill: false, cost_nano_usd_after: 1, delta_nano_usd: 500, unpriced_calls_delta: 0, corrected_at: hoursAgo(1) }; // prettier-ignore
    await test.fill('cost_corrections', [
      correction,
      { ...correction, id: 'c2', delta_nano_usd: 700, corrected_at: hoursAgo(0.5) },
    ]);
  }, 60_000);
  afterAll(() => test.close());

  const before = 30 * costOf(900) + 9 * costOf(500) + 700;
  const after = 30 * costOf(0) + 12 * costOf(500);

  it.each(['/api/costs/top', '/api/costs/over-time', '/api/costs/explain'])(
    '%s answers in the form that its document says',
    async (path) => {
      const { answer } = QUERIES.find((one) => one.path === path) ?? {};
      const { body } = await test.get(`${path}?${path.endsWith('explain') ? 'from=24h' : 'by=service'}`);
      expect(answer?.safeParse(body).error?.issues).toBeUndefined();
    },
  );

  it('says who spends, with what a turn and an answered turn cost', async () => {
    const { body } = await test.get('/api/costs/top?by=service&since=24h');
    expect(body['groups']).toMatchObject([
      { value: 'shop', cost_nano_usd: 30 * costOf(0), calls: 30, turns: 30, sessions: 5, answered_turns: 20, usd_per_turn: costOf(0) / 1e9, unpriced_share: 0, cache_read_share: 0 },
      { value: 'pay', cost_nano_usd: 12 * costOf(500), turns: 12, sessions: 3, answered_turns: 12, cache_read_share: 0.5 },
    ]); // prettier-ignore
    expect((body['groups'] as { usd_per_answered_turn: number }[])[0]?.usd_per_answered_turn).toBeCloseTo(
      (30 * costOf(0)) / 20 / 1e9,
      12,
    );
    expect(body['total']).toMatchObject({ cost_nano_usd: after, turns: 42, sessions: 8 });
  });

  it.each([
    ['model', 'gpt-4o', 42],
    ['prompt', 'answer@v8', 30],
    ['user', 'u0', 6],
    ['intent', 'order', 20],
    ['flag:beta', 'off', 36],
    ['dimension:plan', '', 42],
    ['outcome', 'answered', 32],
    ['session', 'ses-u0', 6],
    ['day', '2026-11-23', 42],
    ['tool', '', 42],
  ])('sums by %s', async (by, first, turnCount) => {
    const { body } = await test.get(`/api/costs/top?by=${encodeURIComponent(by)}&since=24h`);
    expect((body['groups'] as object[])[0]).toMatchObject({ value: first, turns: turnCount });
    const groups = body['groups'] as { cost_nano_usd: number }[];
    expect(groups.reduce((sum, one) => sum + one.cost_nano_usd, 0)).toBe(after);
  });

  interface OverTime {
    readonly step: string;
    readonly since: string;
    readonly all: readonly { readonly at: string; readonly cost_nano_usd: number; readonly calls: number }[];
    readonly series: readonly { readonly value: string; readonly is_other: boolean; readonly cost_nano_usd: number; readonly points: OverTime['all'] }[];
  } // prettier-ignore
  it('says what was spent over time, by value and in all, with a point for every hour', async () => {
    const { body } = await test.get('/api/costs/over-time?by=service&since=48h');
    const { step, series, all } = body as unknown as OverTime;
    expect({ step, values: series.map(({ value, is_other }) => [value, is_other]) }).toEqual({ step: 'hour', values: [['shop', false], ['pay', false]] }); // prettier-ignore
    expect(all).toHaveLength(48);
    expect(series.every(({ points }) => points.length === 48)).toBe(true);
    expect(all.reduce((sum, { cost_nano_usd: nano }) => sum + nano, 0)).toBe(before + after);
    expect(all.find(({ at }) => at === new Date(NOW - 12 * HOUR).toISOString())).toMatchObject({
      cost_nano_usd: after,
      calls: 42,
    });
    expect(series[1]?.cost_nano_usd).toBe(21 * costOf(500));
  });
  it('takes all but the most expensive values together, so that nothing is missing from the sum', async () => {
    const { body } = await test.get('/api/costs/over-time?by=prompt&since=48h&limit=1&step=day');
    const { step, since, series, all } = body as unknown as OverTime;
    expect({ step, since, days: all.length }).toEqual({ step: 'day', since: '2026-11-21T00:00:00.000Z', days: 3 });
    expect(series.map(({ value, is_other }) => [value, is_other])).toEqual([['answer@v8', false], ['', true]]); // prettier-ignore
    expect(series.reduce((sum, { cost_nano_usd: nano }) => sum + nano, 0)).toBe(before + after);
  });

  it('counts the newest correction of a call, in spend and in turns', async () => {
    for (const by of ['service', 'user'])
      expect((await test.get(`/api/costs/top?by=${by}&since=48h&until=24h`)).body).toMatchObject({
        total: { cost_nano_usd: before },
      });
    const { body } = await test.get('/api/costs/top?by=user&since=48h&until=24h');
    expect((body['groups'] as { cost_nano_usd: number }[]).reduce((sum, one) => sum + one.cost_nano_usd, 0)).toBe(before);
  });

  it('explains a change by exact parts, and names the prompt whose cache broke before the other service that grew', async () => {
    const { body } = await test.get('/api/costs/explain?from=24h');
    expect(body).toMatchObject({ before_nano_usd: before, after_nano_usd: after, change_nano_usd: after - before, unexplained_nano_usd: 0, unpriced_share_after: 0 }); // prettier-ignore
    const parts = Object.values(body['parts'] as Record<string, number>);
    expect(parts.reduce((sum, nano) => sum + nano, 0)).toBe(after - before);
    const [first] = body['causes'] as Record<string, unknown>[];
    expect(first).toMatchObject({ dimension: 'prompt', value: 'answer@v7 → answer@v8', part: 'cache_share', before: { cache_read_share: 0.9 }, after: { cache_read_share: 0 } }); // prettier-ignore
    expect(first?.['sentence']).toMatch(/^prompt answer@v7 → answer@v8: less of the input is read from a cache \(90 % → 0 % /);
    expect(first?.['evidence']).toHaveLength(5);
    expect((first?.['evidence'] as { session_id: string }[])[0]?.session_id).toMatch(/^ses-u/);
  });

  it('compares with an earlier period of the same length', async () => {
    const { body } = await test.get('/api/costs/explain?from=24h&vs=7d');
    expect(body).toMatchObject({ before_nano_usd: 0, change_nano_usd: after, parts: { sessions: after } });
    expect([body['vs_from'], body['vs_to']].map((time) => Date.parse(String(time)))).toEqual([
      NOW - 192 * HOUR,
      NOW - 168 * HOUR,
    ]);
  });

  it.each([
    ['/api/costs/top?by=colour', 'by', /is no dimension; give one of hour, day, service/],
    ['/api/costs/top?by=flag:', 'by', /flag:NAME/],
    ['/api/costs/over-time?by=user', 'by', /is none of its values; give one of service/],
    ['/api/costs/over-time?since=60d&step=hour', 'step', /is hour for more than 31 d; give day/],
    ['/api/costs/explain?from=1h&to=2h', 'from', /lies not before to/],
    ['/api/costs/explain?from=100d&to=1d', 'from', /shorter period/],
    ['/api/costs/explain', 'from', /is missing/],
    ['/api/costs/what-if?from=1h&cache_read_share=2', 'cache_read_share', /from 0 to 1/],
    ['/api/costs/what-if?from=1h&output_cap=0', 'output_cap', /whole number/],
    ['/api/costs/what-if?from=1h&with_model=mini', 'with_model', /provider\/model/],
    ['/api/costs/what-if?from=1h&tier=slow', 'tier', /batch, flex, priority/],
    ['/api/costs/explain?from=yesterday', 'from', /is not a time/],
    ['/api/costs/explain?from=24h&vs=2026-12-01', 'vs', /lies not before from/],
  ])('refuses %s', async (url, parameter, message) => {
    const { status, body } = await test.get(url);
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({ parameter, message: expect.stringMatching(message) as string });
  });

  it('says what another model, more cache, another tier or a cap would have cost, and what is worth a thought', async () => {
    const call = (n: number, more: object) => ({ tenant: 'w', id: `w${n}`, kind: 'llm', name: 'chat', ts: hoursAgo(1 + (n % 10)), received_at: hoursAgo(1), expires_on: '2026-12-23', status: 'ok', service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', usage_input_uncached: 600, usage_cache_read: 400, usage_output: 100, cost_nano_usd: 600 * 2_500 + 400 * 1_250 + 100 * 10_000, duration_ms: 1_200, time_to_first_token_ms: 200, sampling_weight: 1, ...more }); // prettier-ignore
    const mini = { request_model: 'gpt-4o-mini', cost_nano_usd: 600 * 150 + 400 * 75 + 100 * 600, duration_ms: 700 };
    await test.fill(
      'events',
      Array.from({ length: 60 }, (_, n) => call(n, n < 30 ? {} : mini)),
    );
    const large = 30 * (600 * 2_500 + 400 * 1_250 + 100 * 10_000);
    const ask = async (query: string) => (await test.get(`/api/costs/what-if?from=24h&${query}`, 'w')).body;
    const { answer } = QUERIES.find(({ name }) => name === 'whatIf') ?? {};
    const swapped = await ask('model=gpt-4o&with_model=openai/gpt-4o-mini');
    expect(answer?.safeParse(swapped).error?.issues).toBeUndefined();
    expect(swapped['options']).toMatchObject([
      { calls: 30, before_nano_usd: large, after_nano_usd: 30 * (600 * 150 + 400 * 75 + 100 * 600), with_model: 'openai/gpt-4o-mini', latency: { before_ms: 1_200, after_ms: 700 } },
    ]); // prettier-ignore
    expect((await ask('model=gpt-4o&tier=batch'))['options']).toMatchObject([{ after_nano_usd: large / 2, latency: null }]);
    expect((await ask('model=gpt-4o&output_cap=40'))['options']).toMatchObject([{ saving_nano_usd: 30 * 60 * 10_000, latency: { after_ms: 600 } }]); // prettier-ignore
    expect((await ask('model=gpt-4o&cache_read_share=0.9'))['options']).toMatchObject([{ saving_nano_usd: 30 * 500 * 1_250 }]);
    const { options, spend_nano_usd: spent } = (await ask('')) as { options: { sentence: string; saving_nano_usd: number }[]; spend_nano_usd: number }; // prettier-ignore
    expect(options.map(({ sentence }) => sentence).slice(0, 2)).toEqual(['calls of gpt-4o answered by gpt-4o-mini instead', 'calls of gpt-4o in the batch tier, answered within a day']); // prettier-ignore
    expect(Math.max(...options.map(({ saving_nano_usd: saving }) => saving))).toBeLessThanOrEqual(spent);
    expect(await test.get('/api/costs/what-if?from=24h&with_model=nobody/unheard-of', 'w')).toMatchObject({ status: 400, body: { error: { parameter: 'with_model' } } }); // prettier-ignore
  });

  it('compares a bill with the calls of its days: corrected, unpriced, counted and near midnight', async () => {
    const call = { tenant: 'r', kind: 'llm', name: 'chat', received_at: hoursAgo(1), expires_on: '2026-12-23', status: 'ok', service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', response_model: 'gpt-4o-2024-08-06', usage_input_uncached: 100, sampling_weight: 1 }; // prettier-ignore
    await test.fill('events', [
      { ...call, id: 'r1', ts: '2026-11-20T10:00:00.000Z', cost_nano_usd: 1_000_000 },
      { ...call, id: 'r2', ts: '2026-11-20T23:50:00.000Z', cost_nano_usd: 400_000, sampling_weight: 2 },
      { ...call, id: 'r3', ts: '2026-11-21T10:00:00.000Z', cost_nano_usd: null },
      { ...call, id: 'r4', ts: '2026-11-21T11:00:00.000Z', cost_nano_usd: 500_000, usage_estimated: true },
      {
        ...call,
        id: 'r5',
        ts: '2026-11-21T12:00:00.000Z',
        provider: 'anthropic',
        request_model: 'claude',
        response_model: '',
        cost_nano_usd: 9,
      },
    ]);
    await test.fill('cost_corrections', [{ tenant: 'r', id: 'k1', event_id: 'r1', trace_id: '', hour: '2026-11-20T10:00:00.000Z', ts: '2026-11-20T10:00:00.000Z', service_name: 'shop', provider: 'openai', model: 'gpt-4o-2024-08-06', kind: 'llm', name: 'chat', backfill: false, cost_nano_usd_before: 1_000_000, cost_nano_usd_after: 900_000, delta_nano_usd: -100_000, unpriced_calls_delta: 0, corrected_at: hoursAgo(1) }]); // prettier-ignore
    const lines = [
      { day: '2026-11-20', model: 'gpt-4o-2024-08-06, input', usd: 0.0009 },
      { day: '2026-11-21', model: 'gpt-4o', usd: 0.002 },
    ];
    const { status, body } = await test.post('/api/costs/reconcile', { lines }, 'r');
    expect(status).toBe(200);
    const { answer } = COMMANDS.find(({ name }) => name === 'reconcileBill') ?? {};
    expect(answer?.safeParse(body).error?.issues).toBeUndefined();
    expect(body).toMatchObject({
      billed_nano_usd: 2_900_000,
      recorded_nano_usd: 2_300_000,
      differences: { corrected: -100_000, late: 0, unpriced: 700_000, estimated: 0, unexplained: 0 },
      unexplained_share: 0,
    });
    expect((body['days'] as { differences: object }[])[0]).toMatchObject({
      day: '2026-11-20',
      calls: 3,
      differences: { late: -800_000 },
    });
    expect(await test.post('/api/costs/reconcile', { lines: [{ day: 'x', model: 'm', usd: 1 }] })).toMatchObject({ status: 400, body: { error: { parameter: 'lines.0.day' } } }); // prettier-ignore
  });

  it('says what was wasted, by finding and in sums, without what later events disproved', async () => {
    const waste = (turn: string, rule: string, more: object = {}) => ({ tenant: 'v', turn_id: turn, turn_key: turn, rule, model: 'gpt-4o', hour: hoursAgo(3), ts: hoursAgo(3), first_minute: hoursAgo(3), expires_on: '2026-12-23', service_name: 'shop', intent: 'order', turns: 1, calls: 2, unpriced_calls: 0, nano_lost: 1_000, nano_avoidable: 800, span_ids: ['a', 'b'], detail: 'llm chat', written_at: hoursAgo(2), ...more }); // prettier-ignore
    await test.fill('waste', [waste('t1', 'repeated_llm_call'), waste('t2', 'repeated_llm_call', { nano_lost: 3_000 }), waste('t3', 'failed_turn', { intent: 'refund' }), waste('t4', 'loop')]); // prettier-ignore
    await test.fill('waste', [
      waste('t4', 'loop', { turns: 0, calls: 0, nano_lost: 0, nano_avoidable: 0, written_at: hoursAgo(1) }),
    ]);
    const { body } = await test.get('/api/costs/waste?since=24h', 'v');
    const { answer } = QUERIES.find(({ name }) => name === 'getWaste') ?? {};
    expect(answer?.safeParse(body).error?.issues).toBeUndefined();
    expect(body).toMatchObject({
      groups: [
        { rule: 'repeated_llm_call', service_name: 'shop', model: 'gpt-4o', intent: 'order', turns: 2, calls: 4, nano_lost: 4_000, nano_avoidable: 1_600, evidence: ['t2', 't1'], fix: expect.stringMatching(/\w/) as string },
        { rule: 'failed_turn', intent: 'refund', nano_lost: 1_000 },
      ],
      total: { nano_lost: 5_000, calls: 6 },
    }); // prettier-ignore
    expect((await test.get('/api/costs/waste?since=24h&by=rule&rule=failed_turn', 'v')).body['groups']).toMatchObject([{ rule: 'failed_turn', turns: 1 }]); // prettier-ignore
    expect((await test.get('/api/costs/waste?since=24h', 'a')).body).toMatchObject({ groups: [], total: { nano_lost: 0 } });
  });

  it('shows nothing of another tenant', async () => {
    expect((await test.get('/api/costs/top?by=service&since=48h', 'c')).body).toMatchObject({
      groups: [],
      total: { cost_nano_usd: 0 },
    });
    expect((await test.get('/api/costs/top?by=service&since=48h', 'b')).body).toMatchObject({
      total: { cost_nano_usd: 999, turns: 0 },
    });
  });
});
