import { DAY_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-03-16T12:30:00Z');

interface Call {
  readonly tool: string;
  readonly args: object;
  readonly result: string;
  readonly failed?: boolean;
}

/** The events of a session of one turn: a request, its calls one after the other, an answer. */
function sessionOf(id: string, at: number, request: string, calls: readonly Call[], tenant = 'a'): object[] {
  const base = { tenant, session_id: id, trace_id: `t-${id}`, received_at: isoTime(at), expires_on: '2099-01-01', service_name: 'shop', status: 'ok', sampling_weight: 1 };
  return [
    { ...base, id: `${id}-turn`, kind: 'turn', name: 'turn', ts: isoTime(at), input: request, output: 'Done.' },
    ...calls.map(({ tool, args, result, failed }, i) => ({
      ...base, id: `${id}-${i}`, kind: 'tool', name: tool, tool_name: tool, ts: isoTime(at + 1_000 * (i + 1)), tool_arguments: JSON.stringify(args), tool_result: result,
      ...(failed ? { status: 'error', error_message: result, error_fingerprint: `f-${tool}` } : {}),
    })),
  ];
} // prettier-ignore

const customer = (n: number, id = `cus_${n}`): Call => ({
  tool: 'find_customer',
  args: { email: `p${n}@example.com` },
  result: JSON.stringify({ customer_id: id }),
});
const order = (n: number, id = `cus_${n}`, failed = false): Call => ({
  tool: 'get_order',
  args: { customer_id: id, order_id: `#W${n}` },
  result: failed ? 'Error: no such customer' : '{"status":"open"}',
  failed,
});
const steps = (n: number): Call[] => [customer(n), order(n), { tool: 'cancel_order', args: { order_id: `#W${n}` }, result: '{"status":"cancelled"}' }]; // prettier-ignore

const good = Array.from({ length: 30 }, (_, n) =>
  sessionOf(`good-${n}`, NOW - DAY_MS - n * MINUTE_MS, `Cancel order #W${n}`, steps(n)),
);
const bad = sessionOf('bad', NOW - MINUTE_MS, 'Cancel order #W77', [customer(77, 'acct-77'), order(77, 'acct-77', true)]);
const judged = {
  tenant: 'a',
  id: 'good-0-score',
  kind: 'evaluator',
  name: 'score',
  session_id: 'good-0',
  ts: isoTime(NOW),
  received_at: isoTime(NOW),
  expires_on: '2099-01-01',
  score_label: 'pass',
  status: 'ok',
};
const foreign = Array.from({ length: 30 }, (_, n) => sessionOf(`foreign-${n}`, NOW - DAY_MS, 'Cancel', [customer(n, `acct-${n}`), order(n, `acct-${n}`)], 'b')); // prettier-ignore

describe('explanations over the tables', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    await test.fill('events', [...good.flat(), ...bad, judged, ...foreign.flat()]);
  }, 60_000);
  afterAll(() => test.close());

  const root = {
    cause: 'wrong_id_carried',
    tool: 'find_customer',
    reason: expect.stringContaining('cus_<digits> (30)') as string,
    confidence: 'high',
  };

  it.each(['/api/sessions/bad/explain', '/api/turns/t-bad/explain'])(
    '%s names the call that returned the wrong id',
    async (url) => {
      const { status, body } = await test.get(url);
      expect([status, body['root']]).toEqual([200, expect.objectContaining(root)]);
      expect(body).toMatchObject({ session_id: 'bad', wanted: 'Cancel order #W77', compared_with: 30, truncated: false });
      const [request] = body['steps'] as { steps: { marked: boolean; event_id: string }[] }[];
      expect(request?.steps.filter(({ marked }) => marked).map(({ event_id: id }) => id)).toEqual(['bad-0']);
    },
  );

  it('knows how similar conversations ended, and learns from no other tenant', async () => {
    const { body } = await test.get('/api/sessions/bad/explain');
    expect(JSON.stringify(body)).not.toContain('foreign');
    const of = await test.get('/api/sessions/good-1/explain');
    expect(of.body).toMatchObject({ root: null, ending: 'unknown' });
    expect(of.body['similar']).toContainEqual(expect.objectContaining({ id: 'good-0', ending: 'went well' }));
    expect((await test.get('/api/sessions/good-0/explain')).body).toMatchObject({ ending: 'succeeded', root: null });
    expect((await test.get('/api/sessions/bad/explain', 'b')).status).toBe(404);
  });

  it('explains an error by its last turn', async () => {
    const { status, body } = await test.get('/api/errors/f-get_order/explain');
    expect([status, body]).toEqual([200, expect.objectContaining({ events: 1, turns: 1, operations: ['get_order'], message: 'Error: no such customer' })]);
    expect(body).toMatchObject({ examples: [{ turn_id: 't-bad', session_id: 'bad' }], explanation: { turn_id: 't-bad', root } });
    expect((await test.get('/api/errors/f-none/explain')).status).toBe(404);
  }); // prettier-ignore

  it('shows what the calls of a tool that worked have in common', async () => {
    const { body } = await test.get('/api/tools/get_order/schema');
    expect(body).toMatchObject({
      tool: 'get_order',
      calls: 30,
      before: { find_customer: 30 },
      arguments: {
        customer_id: {
          required: true,
          types: { string: 30 },
          forms: { 'cus_<digits>': 30 },
          sources: { 'find_customer customer_id': 30 },
        },
        order_id: { required: true, forms: { '#W<digits>': 30 }, sources: { user: 30 } },
      },
    });
    expect((await test.get('/api/tools/none/schema')).status).toBe(404);
  });
});
