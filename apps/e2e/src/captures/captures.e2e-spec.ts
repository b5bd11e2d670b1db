import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithClients, pythonWithGateways, runClient } from '../clients/client-tools';
import { startFakeModel } from '../clients/fake-model';
import { ROOT } from '../harness/python-sdk';
import { eventually } from '../harness/service-process';
import { PROGRAMS, type Program } from './programs';
import { type Row, treesOf } from './trees';

jest.setTimeout(240_000);
const CI = process.env['CI'] === 'true';
/** Of what began in one millisecond: a tool is asked for first, then runs, then the model answers. */
const RANK = "multiIf(kind = 'guardrail', 0, notEmpty(requested_tool_call_ids), 1, kind = 'llm', 3, 2)";
const PYTHON = { clients: pythonWithClients(), gateways: pythonWithGateways() };
const missing = Object.values(PYTHON).flatMap((found) => ('missing' in found ? [found.missing] : []))[0];

(missing && !CI ? describe.skip : describe)(`frameworks that the Python SDK captures${missing ? ` (left out: ${missing})` : ''}`, () => {
  let home: string;
  let running: Standalone;
  let model: Awaited<ReturnType<typeof startFakeModel>>;

  beforeAll(async () => {
    if (missing) throw new Error(missing);
    home = mkdtempSync(join(tmpdir(), 'telltale-captures-'));
    running = await startStandalone({ home, port: 0, grpcPort: 0, quiet: true, env: { TURNS_QUIET_MS: '1000' } });
    model = await startFakeModel();
  });
  afterAll(async () => {
    await model.stop();
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const rowsOf = <T = Row>(sql: string): Promise<T[]> => running.rows.query<T>(sql);

  function run({ script, environment }: Program): Promise<string> {
    const { path } = { path: '', ...PYTHON[environment] };
    return runClient(path, [join(__dirname, 'python', `${script}.py`)], {
      HOME: home,
      PYTHONPYCACHEPREFIX: join(home, 'pycache'),
      PYTHONPATH: join(ROOT, 'sdk', 'python', 'src'),
      MODEL_URL: model.url,
      SESSION_ID: `conversation-${script}`,
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      TELLTALE_URL: running.url,
      TELLTALE_API_KEY: running.apiKey,
      TELLTALE_SERVICE: script,
    });
  }

  it.each(PROGRAMS)('$library: turns, calls and tools are stored once, each below what called it', async (program) => {
    const said = await run(program);
    expect(said).not.toContain('could not take');
    const where = `WHERE service_name = '${program.script}'`;
    const turns = await eventually(`the turns of ${program.library}`, async () => {
      await running.caughtUp();
      const seen = await rowsOf<{ session_id: string; llm: string }>(`SELECT session_id, calls['llm'] AS llm FROM telltale.turns FINAL ${where}`);
      return { done: seen.length >= program.trees.filter((line) => line.startsWith('turn')).length, seen };
    }, 30_000);
    const events = await rowsOf(`SELECT * FROM telltale.events ${where} AND name NOT IN ('telltale') AND (kind != 'log' OR attributes['logger'] = 'tools') ORDER BY ts, ${RANK}`);
    const tools = await rowsOf<{ span_id: string; requested_by_span_id: string }>(
      `SELECT span_id, requested_by_span_id FROM telltale.tool_calls WHERE span_id IN (SELECT span_id FROM telltale.events ${where})`,
    );
    const askers = new Map(tools.map(({ span_id: span, requested_by_span_id: asker }) => [span, asker]));
    expect(treesOf(events, askers)).toEqual(program.trees);
    expect(new Set(turns.map(({ session_id: id }) => id))).toEqual(new Set([`conversation-${program.script}`]));
    const llm = events.filter(({ kind }) => kind === 'llm');
    expect(turns.reduce((sum, { llm: count }) => sum + Number(count), 0)).toBe(llm.length);
  });
}); // prettier-ignore
