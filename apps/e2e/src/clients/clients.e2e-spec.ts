import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../harness/service-process';
import { describeWith, jsClients, pythonWithClients, runClient } from './client-tools';
import { startFakeModel } from './fake-model';

jest.setTimeout(240_000);

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly session_id: string;
  readonly span_id: string;
  readonly requested_by_span_id: string;
  readonly [field: string]: unknown;
}
let home: string;
let running: Standalone;
let model: Awaited<ReturnType<typeof startFakeModel>>;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'telltale-clients-'));
  running = await startStandalone({ home, port: 0, grpcPort: 0, quiet: true, env: { TURNS_QUIET_MS: '1000' } });
  model = await startFakeModel();
});
afterAll(async () => {
  await model.stop();
  await running.stop();
  rmSync(home, { recursive: true, force: true });
});

/** The events of a service, once there are as many as there should be. */
async function eventsOf(service: string, count: number): Promise<Row[]> {
  await eventually(`${count} events of ${service}`, async () => {
    await running.caughtUp();
    const [row] = await running.rows.query<{ n: string }>(`SELECT count() AS n FROM telltale.events WHERE service_name = '${service}'`);
    return { done: Number(row?.n) >= count, seen: row };
  }, 30_000); // prettier-ignore
  return running.rows.query<Row>(`SELECT * FROM telltale.events WHERE service_name = '${service}' ORDER BY ts, kind`);
}
/** The turns of a service, once they have been quiet: the session of a turn is that of all its operations. */
async function turnsOf(service: string): Promise<object[]> {
  const sql = `SELECT session_id, input_preview, output_preview FROM telltale.turns FINAL WHERE service_name = '${service}'`;
  let found: object[] = [];
  await eventually(`the turn of ${service}`, async () => {
    found = await running.rows.query(sql);
    return { done: found.length > 0, seen: found };
  }, 30_000); // prettier-ignore
  return found;
}
/** The operations that asked for a tool call: known when it came, or found by its id. */
async function askersOf({ span_id }: Row): Promise<string[]> {
  const rows = await running.rows.query<Row>(`SELECT requested_by_span_id FROM telltale.tool_calls WHERE span_id = '${span_id}'`);
  return rows.map(({ requested_by_span_id }) => requested_by_span_id);
}
const of = (rows: readonly Row[], kind: string): Row[] => rows.filter((row) => row.kind === kind);

describeWith(pythonWithClients(), 'OpenTelemetry’s Python SDK', (python) => {
  it.each([
    ['http', 'openinference'],
    ['grpc', 'openinference'],
    ['http', 'openllmetry'],
    ['grpc', 'openllmetry'],
  ])('over %s with the instrumentor of %s is a turn with its decisions, its call and its answer', async (protocol, instrumentor) => {
    const receiver = protocol === 'http' ? running.url : `http://127.0.0.1:${running.grpcPort}`;
    const script = join(__dirname, 'agent.py');
    const said = await runClient(python, [script, protocol, instrumentor, receiver, running.apiKey, model.url], { TRACELOOP_TRACE_CONTENT: 'true' });
    const service = `py-${protocol}-${instrumentor}`;
    const rows = await eventsOf(service, 4);
    expect({ said, kinds: rows.map(({ kind }) => kind).sort() }).toMatchObject({ kinds: ['llm', 'llm', 'tool', 'turn'] });
    const [turn] = of(rows, 'turn');
    const [asks, answers] = of(rows, 'llm');
    const [tool] = of(rows, 'tool');
    expect(turn).toMatchObject({ session_id: 'python-session' });
    expect(await turnsOf(service)).toEqual([
      {
        session_id: 'python-session',
        input_preview: expect.stringContaining('weather in Oslo') as string,
        output_preview: expect.stringContaining('It rains in Oslo') as string,
      },
    ]);
    for (const call of [asks, answers]) {
      expect(call).toMatchObject({ provider: 'openai', request_model: expect.stringContaining('gpt-4o-mini') as string });
      const tokens = ['usage_input_uncached', 'usage_cache_read', 'usage_output', 'usage_reasoning'].map((name) => Number(call![name]));
      expect(tokens).toEqual([347, 1024, 128, 83]);
      expect(Number(call!['cost_nano_usd'])).toBeGreaterThan(0);
    }
    expect(asks).toMatchObject({ decision_chosen: 'weather', requested_tool_call_ids: ['call_weather_1'], decision_options: ['weather'] });
    expect(tool).toMatchObject({ tool_name: 'weather', tool_call_id: 'call_weather_1' });
    expect(await askersOf(tool!)).toEqual([asks!.span_id]);
    expect(answers!['output']).toContain('It rains in Oslo.');
    expect(answers!['input']).toContain('tool_call_response');
  }); // prettier-ignore
});

describeWith(jsClients(), 'OpenTelemetry’s JavaScript SDK', (modules) => {
  it.each(['http-json', 'http-protobuf', 'grpc'])('over %s is a turn with its decision and its failed call', async (protocol) => {
    const receiver = protocol === 'grpc' ? `http://127.0.0.1:${running.grpcPort}` : running.url;
    const env = { NODE_PATH: modules, OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${running.apiKey}` };
    const said = await runClient(process.execPath, [join(__dirname, 'agent.cjs'), protocol, receiver], env);
    const rows = await eventsOf(`js-${protocol}`, 3);
    expect({ said, kinds: rows.map(({ kind }) => kind).sort() }).toMatchObject({ kinds: ['llm', 'tool', 'turn'] });
    const [llm] = of(rows, 'llm');
    expect(llm).toMatchObject({ provider: 'openai', request_model: 'gpt-4o-mini', finish_reasons: ['tool_calls'], decision_chosen: 'weather' });
    expect([Number(llm!['usage_input_uncached']), Number(llm!['usage_cache_read']), Number(llm!['usage_output'])]).toEqual([60, 40, 12]);
    const [tool] = of(rows, 'tool');
    expect(tool).toMatchObject({ status: 'error', error_type: 'TypeError', error_message: 'no such city' });
    expect(await askersOf(tool!)).toEqual([llm!.span_id]);
    expect(await turnsOf(`js-${protocol}`)).toMatchObject([{ session_id: `js-${protocol}` }]);
  }); // prettier-ignore
});
