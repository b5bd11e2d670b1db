import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithClients, pythonWithGateways, runClient } from '../clients/client-tools';
import { startFakeModel } from '../clients/fake-model';
import { TOKENS } from '../clients/model-answers';
import { eventually } from '../harness/service-process';
import { EXPECTED } from './expected';
import { type Findings, findingsOf, type Row } from './findings';
import { matrixPage } from './matrix-page';
import { type Sdk, SDKS } from './sdks';
import { type SpanRecorder, startSpanRecorder } from './span-recorder';

jest.setTimeout(240_000);
const AT_ONCE = 2;
const CI = process.env['CI'] === 'true';
const PAGE = join(__dirname, '..', '..', '..', '..', 'docs', 'SDK-MATRIX.md');
/** A folder in which what each SDK sent is kept, for who looks into it. */
const KEPT = process.env['TELLTALE_SDK_SPANS'];

const PYTHON = { clients: pythonWithClients(), gateways: pythonWithGateways() };
const missing = Object.values(PYTHON).flatMap((found) => ('missing' in found ? [found.missing] : []))[0];

(missing && !CI ? describe.skip : describe)(`SDKs${missing ? ` (left out: ${missing})` : ''}`, () => {
  let home: string;
  let running: Standalone;
  let recorder: SpanRecorder;
  let model: Awaited<ReturnType<typeof startFakeModel>>;
  /** What each script printed; an Error where it failed. */
  const runs = new Map<string, Promise<string | Error>>();
  const found = new Map<string, Findings>();

  beforeAll(async () => {
    if (missing) throw new Error(missing);
    home = mkdtempSync(join(tmpdir(), 'telltale-sdks-'));
    running = await startStandalone({ home, port: 0, grpcPort: 0, quiet: true, env: { TURNS_QUIET_MS: '1000' } });
    recorder = await startSpanRecorder(running.url);
    model = await startFakeModel();
    // Two at a time, and each while the turns of those before it are awaited.
    for (const [nth, sdk] of SDKS.entries()) {
      const before = runs.get(SDKS[nth - AT_ONCE]?.script ?? '') ?? Promise.resolve('');
      const run = before.then(() => runScript(sdk)).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      runs.set(sdk.script, run);
    }
  }); // prettier-ignore
  afterAll(async () => {
    await Promise.all(runs.values());
    await model.stop();
    await recorder.stop();
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const rowsOf = (sql: string): Promise<Row[]> => running.rows.query<Row>(sql);

  async function runScript(sdk: Sdk): Promise<string> {
    const { path } = { path: '', ...PYTHON[sdk.environment] };
    return runClient(path, [join(__dirname, 'python', `${sdk.script}.py`)], {
      HOME: home,
      PYTHONPYCACHEPREFIX: join(home, 'pycache'),
      MODEL_URL: model.url,
      SESSION_ID: `conversation-${sdk.script}`,
      OTEL_SERVICE_NAME: sdk.script,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${recorder.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${running.apiKey}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      // One export, at the end, however slow the machine is.
      OTEL_BSP_SCHEDULE_DELAY: '60000',
      LANGFUSE_FLUSH_INTERVAL: '60',
      ...sdk.env,
    });
  }

  /** What the system has of it, once all its spans are stored and its turns are whole. */
  async function observe(sdk: Sdk, said: string): Promise<Findings> {
    const spans = recorder.spansOf(sdk.script);
    if (KEPT) {
      mkdirSync(KEPT, { recursive: true });
      writeFileSync(join(KEPT, `${sdk.script}.json`), JSON.stringify(spans, null, 1));
    }
    const { count } = await eventually(`the turns of ${sdk.name}`, async () => {
      await running.caughtUp();
      const turns = await rowsOf(`SELECT session_id FROM telltale.turns FINAL WHERE service_name = '${sdk.script}'`);
      const stored = await rowsOf(`SELECT DISTINCT span_id FROM telltale.events WHERE service_name = '${sdk.script}' AND span_id != ''`);
      return { done: turns.length >= 2 && stored.length >= spans.length, seen: { count: turns.length, said, stored: stored.length, sent: spans.length } };
    }, 30_000); // prettier-ignore
    expect({ count, said }).toEqual({ count: 2, said });
    const where = `WHERE service_name = '${sdk.script}'`;
    const events = await rowsOf(`SELECT * FROM telltale.events ${where} ORDER BY ts, kind`);
    const turns = await rowsOf(`SELECT session_id, calls['llm'] AS counted FROM telltale.turns FINAL ${where}`);
    const tools = await rowsOf(
      `SELECT span_id, requested_by_span_id FROM telltale.tool_calls WHERE span_id IN (SELECT span_id FROM telltale.events ${where})`,
    );
    if (KEPT) writeFileSync(join(KEPT, `${sdk.script}.events.json`), JSON.stringify({ events, turns, tools }, null, 1));
    return findingsOf({
      sdk,
      session: `conversation-${sdk.script}`,
      events,
      counted: turns.map(({ counted }) => Number(counted)),
      sessions: turns.map(({ session_id: id }) => String(id)),
      askers: new Map(tools.map(({ span_id: span, requested_by_span_id: asker }) => [span, String(asker)])),
      spans,
    });
  }

  it.each(SDKS)('$name: what arrives is what the page says, and every token is counted once', async (sdk) => {
    const said = await runs.get(sdk.script);
    if (typeof said !== 'string') throw said ?? new Error('not run');
    const findings = await observe(sdk, said);
    found.set(sdk.script, findings);
    expect(findings).toEqual(EXPECTED[sdk.script]);
    const [sum] = await rowsOf(`SELECT sum(usage_input_uncached + usage_cache_read) AS n FROM telltale.events WHERE service_name = '${sdk.script}'`);
    expect(Number(sum?.['n'])).toBe(4 * TOKENS.input);
  }); // prettier-ignore

  it('are as docs/SDK-MATRIX.md says (UPDATE_MATRIX=1 writes it)', () => {
    const page = matrixPage(found);
    if (process.env['UPDATE_MATRIX'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});
