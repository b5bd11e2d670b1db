import { type TurnRecord, turnRecord, turnRowAndRecord } from '@telltale/contracts';
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';
import { sessionRowsOf } from './journeys.fixture';

const NOW = Date.parse('2026-03-16T12:30:00Z');
const AT = NOW - HOUR_MS;

const eventOf = (id: string, at: number, more: object): object => ({
  tenant: 'a', id, span_id: id, ts: isoTime(at), received_at: isoTime(at), expires_on: '2099-01-01', service_name: 'shop', status: 'ok', sampling_weight: 1, ...more,
}); // prettier-ignore
const callOf = (id: string, at: number, more: object = {}): object =>
  eventOf(id, at, {
    kind: 'tool',
    name: 'get_order',
    tool_name: 'get_order',
    trace_id: `turn-of-${id}`,
    duration_ms: 100,
    ...more,
  });

/** Calls of the days before, of 1 to 200 ms; each twentieth failed. */
const earlier = Array.from({ length: 200 }, (_, n) =>
  callOf(`before-${n}`, AT - (n + 1) * MINUTE_MS, {
    duration_ms: n + 1,
    ...(n % 20 === 0 ? { status: 'error', error_type: n % 40 === 0 ? 'Timeout' : 'NotFound' } : {}),
  }),
);
const elsewhere = [
  callOf('of-another-service', AT - MINUTE_MS, { service_name: 'desk', duration_ms: 9_000 }),
  callOf('long-ago', AT - 9 * DAY_MS, { duration_ms: 9_000 }),
  callOf('later', AT + MINUTE_MS, { duration_ms: 9_000 }),
  callOf('of-another-tenant', AT - MINUTE_MS, { tenant: 'b', duration_ms: 9_000 }),
];
const slow = callOf('slow', AT, {
  trace_id: 'T',
  parent_span_id: 'root',
  duration_ms: 190.5,
  status: 'error',
  error_type: 'Timeout',
  tool_arguments: '{"order":"A1"}',
  tool_result: 'x'.repeat(5_000),
});
const many = Array.from({ length: 5_200 }, (_, n) =>
  eventOf(`step-${n}`, AT + n, { kind: 'tool', name: 'step', tool_name: 'step', trace_id: 'many', duration_ms: 1 }),
);

const asked = [
  'Where is my order 12345 please tell me',
  'Where is my order 12345 please tell me',
  'I want to talk to a person now',
];
const turns = asked.map((text, n): TurnRecord =>
  turnRecord.parse({
    tenant: 'a', turn_id: `chat-${n}`, trace_id: `chat-${n}`, revision: 1, session_id: 'chat', service_name: 'shop', user_id: 'u', ts: isoTime(AT + n * MINUTE_MS), first_minute: isoTime(AT + n * MINUTE_MS),
    received_at: isoTime(AT + n * MINUTE_MS), expires_on: '2099-01-01', has_root: true, duration_ms: 1_500, outcome: n === 0 ? 'error' : 'answered', status: 'ok', intent: 'find order', input_preview: text,
    output_preview: 'One moment', request_simhash: n < 2 ? '00ff00ff00ff00ff' : 'ff00ff00ff00ff00', cues: n === 2 ? ['asks_for_person'] : [], calls: { tool: 1 }, tools: ['get_order'],
  })); // prettier-ignore
const said = turns.map(({ turn_id: id, ts }, n) =>
  eventOf(`${id}-root`, Date.parse(ts), {
    kind: 'turn', name: 'turn', trace_id: id, session_id: 'chat', duration_ms: 1_500, input: n === 0 ? JSON.stringify([{ role: 'user', content: asked[0] }]) : asked[n], output: n === 2 ? 'y'.repeat(4_500) : 'One moment',
  })); // prettier-ignore
const thumb = eventOf('thumb', AT + 5 * MINUTE_MS, { kind: 'feedback', name: 'thumb', session_id: 'chat', trace_id: 'chat-2', score_label: 'down', input: 'no help' }); // prettier-ignore

describe('operations, and what is usual for them', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    await test.fill('events', [...earlier, ...elsewhere, slow, ...many, ...said, thumb]);
    await test.fill('turns', turns.map((turn) => JSON.parse(turnRowAndRecord(turn)[0]) as object)); // prettier-ignore
    await test.fill('sessions', sessionRowsOf(turns, NOW));
  }, 60_000);
  afterAll(() => test.close());

  it('lists what a page draws of a turn, without content', async () => {
    const { status, body } = await test.get('/api/turns/T/operations');
    expect(status).toBe(200);
    expect(body).toMatchObject({ turn_id: 'T', service_name: 'shop', total: 1, failed: 1, turn: null });
    expect(body['operations']).toMatchObject([{ id: 'slow', tool_name: 'get_order', ts: isoTime(AT), parent_span_id: 'root', cost_nano_usd: null }]); // prettier-ignore
    expect(JSON.stringify(body)).not.toContain('A1');
    expect((await test.get('/api/turns/chat-1/operations')).body['turn']).toMatchObject({
      outcome: 'answered',
      intent: 'find order',
    });
  });

  it('lists a very long turn piece by piece, and the operation that is asked for wherever it stands', async () => {
    const first = await test.get('/api/turns/many/operations?operation=step-5150');
    const operations = first.body['operations'] as { id: string }[];
    expect([first.body['total'], operations.length, operations.at(-1)?.id]).toEqual([5_200, 5_001, 'step-5150']);
    const rest = await test.get('/api/turns/many/operations?offset=5000&operation=step-5150');
    expect([(rest.body['operations'] as object[]).length, rest.body['offset']]).toEqual([200, 5_000]);
  });

  it.each(['?turn=T', ''])('says what is known of one operation (%s), without its payloads', async (query) => {
    const { body } = await test.get(`/api/operations/slow${query}`);
    expect(body).toMatchObject({ id: 'slow', duration_ms: 190.5, arguments_preview: '{"order":"A1"}', sizes: { tool_arguments: 14, tool_result: 5_000 } }); // prettier-ignore
    expect(body).not.toHaveProperty('tool_result');
    expect((await test.get('/api/operations/slow/fields/tool_result?length=3&turn=T')).body).toMatchObject({
      text: 'xxx',
      size: 5_000,
    });
  });

  it.each(['/api/operations/slow', '/api/operations/slow/usual', '/api/turns/T/operations', '/api/turns/T/usual', '/api/sessions/chat/chat'])('%s is not there for another tenant', async (url) => {
    expect((await test.get(url, 'b')).status).toBe(404);
  }); // prettier-ignore

  it('says how it stands among calls of the same tool that worked', async () => {
    const { body } = await test.get('/api/operations/slow/usual?turn=T');
    expect(body).toMatchObject({ by: 'tool', value: 'get_order', days: 7, calls: 200, failed: 10, failed_alike: 5, since: isoTime(AT - 200 * MINUTE_MS) }); // prettier-ignore
    const [time] = body['measures'] as { name: string; calls: number; p50: number; p95: number; less: number; more: number }[];
    // Of 1 to 200 ms without 1, 21, 41 …: 181 are less than 190.5.
    expect(time).toMatchObject({ name: 'duration_ms', calls: 190, less: 180 / 190, more: 10 / 190 });
    expect([Math.abs((time?.p50 ?? 0) - 101) < 3, Math.abs((time?.p95 ?? 0) - 191) < 3]).toEqual([true, true]);
    expect((body['worked'] as { id: string }[]).map(({ id }) => id)).toEqual([
      'before-1',
      'before-2',
      'before-3',
      'before-4',
      'before-5',
    ]);
  });

  it('says how long operations like those of a turn usually take', async () => {
    const { body } = await test.get('/api/turns/T/usual');
    const [usual, ...others] = body['usual'] as { p50: number; p99: number }[];
    expect([usual, others]).toMatchObject([{ kind: 'tool', of: 'get_order', calls: 200, failed: 10 }, []]);
    expect([Math.abs((usual?.p50 ?? 0) - 101) < 3, Math.abs((usual?.p99 ?? 0) - 199) < 3]).toEqual([true, true]);
    expect((await test.get('/api/turns/many/usual')).body['usual']).toEqual([]);
  });

  it('says that nothing is usual where there was no call before', async () => {
    const { body } = await test.get('/api/operations/long-ago/usual');
    expect(body).toMatchObject({ calls: 0, since: null, measures: [], worked: [] });
  });

  it('tells a session as its user saw it, with the friction of each turn', async () => {
    const { body } = await test.get('/api/sessions/chat/chat');
    const shown = body['turns'] as {
      asked: object;
      answered: { text: string; is_shortened: boolean };
      signs: string[];
      friction: number;
    }[];
    expect(shown.map((turn) => turn.asked)).toEqual(asked.map((text) => ({ text, is_shortened: false })));
    expect([shown[2]?.answered.text.length, shown[2]?.answered.is_shortened]).toEqual([4_000, true]);
    expect(shown.map(({ signs }) => signs)).toEqual([['error'], ['repeat'], ['asked_for_person']]);
    expect(body['session']).toMatchObject({ session_id: 'chat', turns: 3, derived: false });
    expect(shown.at(-1)?.friction).toBeCloseTo(Number((body['session'] as { friction: number }).friction), 2);
    expect(body['judgements']).toMatchObject([{ id: 'thumb', turn_id: 'chat-2', score_label: 'down', comment: 'no help' }]);
    expect((await test.get('/api/sessions/chat/chat?offset=2')).body).toMatchObject({ total: 3, offset: 2, turns: [{ turn_id: 'chat-2', signs: ['asked_for_person'] }] }); // prettier-ignore
  });
});
