import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addProgram, makeNodeApp } from '../harness/node-app';
import { eventually } from '../harness/service-process';
import { describeWith, jsClients, runClient } from './client-tools';
import { ANSWER, startFakeModel } from './fake-model';
import { TOKENS } from './model-answers';

jest.setTimeout(240_000);

type Row = Readonly<Record<string, unknown>>;
let home: string;
let running: Standalone;
let model: Awaited<ReturnType<typeof startFakeModel>>;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'telltale-node-sdk-'));
  running = await startStandalone({ home: join(home, 'telltale'), port: 0, grpcPort: null, quiet: true, env: { TURNS_QUIET_MS: '1000' } });
  model = await startFakeModel();
}); // prettier-ignore
afterAll(async () => {
  await model.stop();
  await running.stop();
  rmSync(home, { recursive: true, force: true });
});

const CLIENTS = [
  ['openai-chat', 'openai', TOKENS.reasoning],
  ['openai-responses', 'openai', TOKENS.reasoning],
  ['anthropic', 'anthropic', 0],
  ['vercel-openai-chat', 'openai', TOKENS.reasoning],
  ['vercel-openai-responses', 'openai', TOKENS.reasoning],
  ['vercel-anthropic', 'anthropic', 0],
] as const;
/** When the first piece of an answer came; only a streamed one has it. */
function firstToken({ time_to_first_token_ms: first, duration_ms: whole }: Row): string {
  if (first === null) return 'unknown';
  return Number(first) > 0 && Number(first) <= Number(whole) ? 'within the call' : `${String(first)} of ${String(whole)} ms`;
}
const WAYS = ['whole', 'streamed'] as const;

describeWith(jsClients(), 'wraps of the Node SDK around the packages of OpenAI, Anthropic and Vercel', (modules) => {
  const app = (): string => join(home, 'app');
  let program: string;
  beforeAll(() => {
    makeNodeApp(app(), modules);
    program = addProgram(app(), join(__dirname, 'wraps.mjs'));
  });

  const run = (client: string, how: string): Promise<string> =>
    runClient(process.execPath, [program, client, how], {
      TELLTALE_URL: running.url,
      TELLTALE_API_KEY: running.apiKey,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `${model.url}/v1`,
      ANTHROPIC_API_KEY: 'none',
      // Anthropic's own client adds the version to its base URL, Vercel's does not.
      ANTHROPIC_BASE_URL: client === 'anthropic' ? model.url : `${model.url}/v1`,
    });

  /** The events of a service and its turn, once that is whole. */
  async function storedOf(service: string): Promise<{ events: Row[]; turn: Row | undefined }> {
    const turns = await eventually(`the turn of ${service}`, async () => {
      await running.caughtUp();
      const seen = await running.rows.query<Row>(`SELECT session_id, status, calls FROM telltale.turns FINAL WHERE service_name = '${service}' AND session_id != ''`);
      return { done: seen.length > 0, seen };
    }, 30_000); // prettier-ignore
    const events = await running.rows.query<Row>(
      `SELECT * FROM telltale.events WHERE service_name = '${service}' AND kind != 'log' ORDER BY ts, kind`,
    );
    return { events, turn: turns[0] };
  }
  async function askersOf(tool: Row | undefined): Promise<unknown[]> {
    const rows = await running.rows.query<Row>(`SELECT requested_by_span_id AS asker FROM telltale.tool_calls WHERE span_id = '${String(tool?.['span_id'])}'`);
    return rows.map(({ asker }) => asker);
  } // prettier-ignore
  const of = (rows: readonly Row[], kind: string): Row[] => rows.filter((row) => row['kind'] === kind);
  const kindsOf = (rows: readonly Row[]): unknown[] => rows.map(({ kind }) => kind).sort();

  describe.each(CLIENTS)('%s', (client, provider, reasoning) => {
    it.each(WAYS)('asked %s: each request is one call, with its tokens, and the tool is tied to the call that asked for it', async (how) => {
      const said = await run(client, how);
      expect(said).toContain(ANSWER);
      const { events, turn } = await storedOf(`${client}-${how}`);
      expect(kindsOf(events)).toEqual(['llm', 'llm', 'tool', 'turn']);
      expect(turn).toMatchObject({ session_id: 'ses-1', status: 'ok', calls: { llm: 2, tool: 1 } });
      const calls = of(events, 'llm');
      for (const call of calls) {
        expect(call).toMatchObject({ provider, status: 'ok', usage_estimated: false });
        const tokens = ['usage_input_uncached', 'usage_cache_read', 'usage_output', 'usage_reasoning'].map((name) => Number(call[name]));
        expect(tokens).toEqual([TOKENS.input - TOKENS.cached, TOKENS.cached, TOKENS.output - reasoning, reasoning]);
        expect(Number(call['cost_nano_usd'])).toBeGreaterThan(0);
        expect(firstToken(call)).toBe(how === 'whole' ? 'unknown' : 'within the call');
      }
      const callId = how === 'whole' ? 'call_weather_1' : 'call_weather_2';
      expect(calls[0]).toMatchObject({ requested_tool_call_ids: [callId] });
      expect(String(calls[1]?.['output'])).toContain(ANSWER);
      const [tool] = of(events, 'tool');
      expect(tool).toMatchObject({ tool_name: 'weather', tool_call_id: callId });
      expect(await askersOf(tool)).toEqual([calls[0]?.['span_id']]);
      expect(String(tool?.['tool_arguments'])).toContain('Oslo');
    }); // prettier-ignore

    it('asked for a model that is not there: one failed call, and the application sees the error', async () => {
      expect(await run(client, 'failing')).toMatch(/failed: \w*Error/);
      const { events, turn } = await storedOf(`${client}-failing`);
      expect(kindsOf(events)).toEqual(['llm', 'turn']);
      const [call] = of(events, 'llm');
      expect(call).toMatchObject({ provider, request_model: 'no-such-model', status: 'error' });
      expect(String(call?.['error_message'])).toContain('there is no model no-such-model');
      expect(turn).toMatchObject({ status: 'error', calls: { llm: 1 } });
    });
  });
});
