import { createDice, isoTime } from '@telltale/kernel';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const HOUR = 3_600_000;
const ONSET = NOW - 1.5 * HOUR;
const dice = createDice(11);
const oneOf = (list: readonly string[]): string => list[Math.floor(dice.uniform() * list.length)] ?? '';

/** Turns of a day; since the onset one tool is slow in one region. */
const TURNS = Array.from({ length: 3_600 }, (_, i) => {
  const at = NOW - 14 * HOUR + (i / 3_600) * 14 * HOUR;
  const region = oneOf(['eu', 'us']);
  const tools = dice.uniform() < 0.5 ? ['refund'] : ['search'];
  const isSlow = at >= ONSET && region === 'eu' && tools.includes('refund');
  const toolMs = (isSlow ? 2_500 : 300) * Math.exp(0.3 * dice.normal());
  const llmMs = 900 * Math.exp(0.3 * dice.normal());
  const callee = `tool ${tools[0] ?? ''}`;
  return {
    tenant: 'a', turn_id: `t${i}`, trace_id: `t${i}`, session_id: `s${i % 900}`, revision: 1, ts: isoTime(at), first_minute: isoTime(Math.floor(at / 60_000) * 60_000), received_at: isoTime(at), expires_on: '2099-01-01',
    duration_ms: toolMs + llmMs, has_root: true, status: 'ok', outcome: 'answered', intent: oneOf(['refund', 'track']), service_name: 'support-bot', service_version: '1.0', region, models: ['gpt-4o'], providers: ['openai'], tools,
    dimensions: { plan: oneOf(['free', 'pro']) }, self_time_ms: { [callee]: toolMs, 'llm chat': llmMs }, sampling_weight: 1,
    edges: [{ caller: 'turn chat', callee, calls: 1, duration_ms: toolMs, errors: 0 }, { caller: 'turn chat', callee: 'llm chat', calls: 1, duration_ms: llmMs, errors: 0 }],
  };
}); // prettier-ignore

const ANOMALY = {
  tenant: 'a', id: 'an-1', series_id: 'se-1', metric: 'turn.duration', dimensions: { service_name: 'support-bot' }, state: 'open', started_at: isoTime(ONSET + 120_000), ended_at: null, direction: 'up', value: 3_000, expected: 1_200,
  expected_low: 900, expected_high: 1_500, score: 12, windows: 9, backfill: false, summary: 'slow', kind: 'deviation', channel: 'p95',
}; // prettier-ignore
const INCIDENT = {
  tenant: 'a', id: 'in-1', state: 'open', opened_at: isoTime(ONSET + 240_000), closed_at: null, updated_at: isoTime(ONSET + 240_000), title: 'support-bot: turns are slow', service_name: 'support-bot', kind: 'behavior', anomaly_ids: ['an-1'],
  open_anomalies: 1, probable_cause: '', peak_score: 12, backfill: false,
}; // prettier-ignore

/** Further from its baseline than what the incident is titled by, and another measure. */
const FURTHER = { ...ANOMALY, id: 'an-2', series_id: 'se-2', metric: 'turn.calls', score: 80, summary: 'more calls' };
const TITLED = { ...INCIDENT, id: 'in-2', anomaly_ids: ['an-2', 'an-1'], open_anomalies: 2, cause_anomaly_id: 'an-1' };

interface Answer {
  readonly causes: readonly { readonly values: readonly object[]; readonly operation: string; readonly evidence: { readonly bad: string[]; readonly good: string[] } }[];
  readonly onset: string;
  readonly measure: string;
} // prettier-ignore

describe('why', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    await test.fill('turns', TURNS);
    await test.fill('anomalies', [ANOMALY, FURTHER]);
    await test.fill('incidents', [INCIDENT, TITLED]);
  }, 120_000);
  afterAll(() => test.close());

  const turnOf = (id: string | undefined) => TURNS.find(({ turn_id: own }) => own === id);

  it.each([
    ['words', '/api/why?about=why+is+the+support+bot+slow'],
    ['an incident', '/api/incidents/in-1/why'],
    ['an incident that is titled by another anomaly than its furthest', '/api/incidents/in-2/why'],
    ['the id of an incident', '/api/why?about=in-1'],
    ['the id of an anomaly', '/api/why?about=an-1'],
  ])('of %s is the tool in its region, with turns that show it', async (_, url) => {
    const { status, body } = await test.get(url);
    expect(status).toBe(200);
    const { causes, onset } = body as unknown as Answer;
    const [first] = causes;
    expect(first?.values).toContainEqual({ dimension: 'region', value: 'eu' });
    expect(first?.operation).toBe('tool refund');
    expect(Math.abs(Date.parse(onset) - ONSET)).toBeLessThan(15 * 60_000);
    expect(first?.evidence.bad.map((id) => turnOf(id)?.region)).toEqual(['eu', 'eu', 'eu', 'eu', 'eu']);
    expect(first?.evidence.good.map((id) => turnOf(id)?.region === 'eu' && turnOf(id)?.tools[0] === 'refund')).toEqual([false, false, false, false, false]); // prettier-ignore
  });

  it('of a turn or a session is what is known of it', async () => {
    expect((await test.get('/api/why?about=t7')).body).toMatchObject({ causes: [], answer: expect.stringContaining('turn t7: answered') as string }); // prettier-ignore
    expect((await test.get('/api/why?about=s7')).status).toBe(400);
  });

  it('says what can be asked where words name nothing, and which services there are where one is unknown', async () => {
    const nothing = await test.get('/api/why?about=what+is+the+weather');
    expect([nothing.status, JSON.stringify(nothing.body)]).toEqual([400, expect.stringContaining('say what is wrong')]);
    await test.fill('turns', [{ ...TURNS[0], turn_id: 'other', service_name: 'shop' }]);
    const unknown = await test.get('/api/why?about=why+is+the+unicorn+bot+slow');
    expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([400, expect.stringContaining('support-bot')]);
  });

  it('of an unknown incident is 404, of another tenant too', async () => {
    expect((await test.get('/api/incidents/nope/why')).status).toBe(404);
    expect((await test.get('/api/incidents/in-1/why', 'b')).status).toBe(404);
  });

  it('reads no longer than 92 days back', async () => {
    expect((await test.get('/api/why?about=why+slow&since=200d')).status).toBe(400);
  });
});
