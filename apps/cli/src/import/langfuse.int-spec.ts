import { startStandalone, type Standalone } from '@telltale/app-standalone';
import { eventually, testData } from '@telltale/testkit';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAlone } from '../test-cli.fixture';

const T = Date.now() - 3 * 60 * 60_000;
const iso = (ms: number): string => new Date(T + ms).toISOString();
/** As blob storage writes times: a space, six digits, no zone. */
const stored = (ms: number): string => `${iso(ms).slice(0, 23).replace('T', ' ')}000`;

const traces = ['t1', 't2'].map((id, n) => ({
  id, timestamp: stored(n * 60_000), name: 'support', session_id: 's1', user_id: 'customer_17', release: 'r7', version: '', environment: 'production', tags: ['vip'],
  input: JSON.stringify({ messages: [{ role: 'user', content: `question ${n}` }] }), output: `answer ${n}`, metadata: {}, public: false, bookmarked: false,
})); // prettier-ignore
const common = {
  project_id: 'p',
  environment: 'production',
  level: 'DEFAULT',
  status_message: null,
  metadata: {},
  cost_details: {},
  usage_details: {},
};
const observations = [
  { ...common, id: 'root', trace_id: 't1', type: 'AGENT', parent_observation_id: null, name: 'helper', start_time: stored(0), end_time: stored(9_000) },
  {
    ...common, id: 'call', trace_id: 't1', type: 'GENERATION', parent_observation_id: 'root', name: 'answer', start_time: stored(100), end_time: stored(5_000),
    completion_start_time: stored(600), provided_model_name: 'gpt-4o', model_parameters: '{"temperature":0.2}', prompt_name: 'support', prompt_version: 4,
    usage_details: { input: 100, input_cached_tokens: 900, output: 50, output_reasoning_tokens: 20, total: 1_070 }, cost_details: { total: 0.5 }, total_cost: 0.5,
    input: '[{"role":"user","content":"question 0"}]',
    output: '{"role":"assistant","content":null,"tool_calls":[{"id":"k1","type":"function","function":{"name":"orders","arguments":"{}"}}]}',
  },
  { ...common, id: 'tool', trace_id: 't1', type: 'TOOL', parent_observation_id: 'root', name: 'orders', start_time: stored(5_100), end_time: stored(8_000), level: 'ERROR', status_message: 'database is down', input: '{}' },
  { ...common, id: 'lone', trace_id: 't3', type: 'GENERATION', parent_observation_id: '', name: 'answer', start_time: stored(200_000), end_time: null, provided_model_name: 'gpt-4o', user_id: 'customer_18', session_id: 's3', usage_details: { input: 5, output: 6, total: 11 } },
]; // prettier-ignore
const scores = [
  { id: 'c1', trace_id: 't1', observation_id: 'call', name: 'helpful', value: 0.25, source: 'EVAL', data_type: 'NUMERIC', timestamp: stored(10_000), comment: null },
  { id: 'c2', trace_id: 't2', name: 'thumbs', value: 1, source: 'ANNOTATION', data_type: 'BOOLEAN', string_value: 'True', timestamp: stored(70_000) },
]; // prettier-ignore
const lines = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

describe('an export of Langfuse in embedded storage', () => {
  let home: string;
  let running: Standalone;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-langfuse-'));
    const env = { TURNS_QUIET_MS: '500', TURNS_BACKFILL_QUIET_MS: '500' };
    running = await startStandalone({ home, port: 0, grpcPort: null, env, quiet: true });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function importOf(...contents: readonly string[]): Promise<Record<string, unknown>> {
    const paths = contents.map((content, i) => {
      const path = join(home, `langfuse-${i}.jsonl`);
      writeFileSync(path, content);
      return path;
    });
    const env = { TELLTALE_URL: running.url, TELLTALE_KEY: running.apiKey };
    const { code, out, err } = await runAlone(env, 'import', ...paths, '--format', 'langfuse', '--service', 'shop', '--json');
    if (code !== 0) throw new Error(`${out}${err}`);
    await running.caughtUp();
    return JSON.parse(out) as Record<string, unknown>;
  }
  const ask = (sql: string): Promise<Record<string, unknown>[]> => running.rows.query(sql);

  it('is the events that are in it, though observations come before their traces', async () => {
    const report = await importOf(lines(observations), lines(scores), lines(traces));
    expect(report).toMatchObject({ format: 'langfuse', accepted: 8, rejected: 0, dlq: 0, events: 8, already_stored: 0, turns: 2, llm: 2, tool: 1, tool_errors: 1 }); // prettier-ignore

    const kinds = await ask('SELECT toString(kind) AS kind, count() AS n FROM telltale.events GROUP BY kind ORDER BY kind');
    expect(kinds.map(({ kind, n }) => [kind, Number(n)])).toEqual([
      ['agent', 1],
      ['evaluator', 1],
      ['feedback', 1],
      ['llm', 2],
      ['tool', 1],
      ['turn', 2],
    ]);
  }, 60_000);

  it('has tokens in buckets, a price, the reported cost, the prompt and the first token', async () => {
    const [call] = await ask("SELECT * FROM telltale.events WHERE span_id = 'call'");
    expect(call).toMatchObject({
      kind: 'llm', request_model: 'gpt-4o', service_name: 'shop', deployment_environment: 'production', prompt_name: 'support', prompt_version: '4', status: 'ok',
      parent_span_id: 'root', trace_id: 't1', decision_chosen: 'orders', requested_tool_call_ids: ['k1'], backfill: true, ingest_format: 'native',
    }); // prettier-ignore
    const numbers = ['usage_input_uncached', 'usage_cache_read', 'usage_output', 'usage_reasoning', 'duration_ms', 'time_to_first_token_ms'].map((name) => Number(call?.[name]));
    expect(numbers).toEqual([100, 900, 50, 20, 4_900, 500]);
    expect(Number(call?.['cost_nano_usd'])).toBeGreaterThan(0);
    expect(call?.['attributes']).toMatchObject({ 'telltale.reported_cost_usd': '0.5', 'gen_ai.request.temperature': '0.2' });
    const [tool] = await ask("SELECT status, error_message, tool_name FROM telltale.events WHERE span_id = 'tool'");
    expect(tool).toEqual({ status: 'error', error_message: 'database is down', tool_name: 'orders' });
    const [judged] = await ask("SELECT score_value, parent_span_id FROM telltale.events WHERE score_name = 'helpful'");
    expect(judged).toEqual({ score_value: 0.25, parent_span_id: 'call' });
  }, 60_000); // prettier-ignore

  it('makes turns: of a trace with observations, of one without, and of observations without their trace', async () => {
    const turns = await eventually('three turns', async () => {
      const seen = await ask("SELECT turn_id, session_id, toUInt8(user_id != '') AS has_user, duration_ms, release, toUInt8(has_root) AS has_root, tools, input_preview FROM telltale.turns FINAL ORDER BY turn_id");
      return { done: seen.length === 3 && seen[0]?.['session_id'] === 's1', seen };
    }, 60_000);
    expect(turns).toEqual([
      { turn_id: 't1', session_id: 's1', has_user: 1, duration_ms: 9_000, release: 'r7', has_root: 1, tools: ['orders'], input_preview: 'question 0' },
      { turn_id: 't2', session_id: 's1', has_user: 1, duration_ms: 0, release: 'r7', has_root: 1, tools: [], input_preview: 'question 1' },
      { turn_id: 't3', session_id: 's3', has_user: 1, duration_ms: 0, release: '', has_root: 0, tools: [], input_preview: '' },
    ]);
    const [raw] = await ask("SELECT count() AS n FROM telltale.events WHERE user_id IN ('customer_17', 'customer_18')");
    expect(Number(raw?.['n'])).toBe(0);
  }, 90_000); // prettier-ignore

  it('imported again, in another form and order, adds nothing', async () => {
    const nested = traces.map((trace) => ({
      ...trace,
      observations: observations.filter(({ trace_id: id }) => id === trace.id),
      scores: scores.filter(({ trace_id: id }) => id === trace.id),
    }));
    expect(await importOf(JSON.stringify({ data: nested, meta: {} }, null, 2))).toMatchObject({ accepted: 7, already_stored: 7, events: 0 });
    expect(await importOf(lines(traces), lines(observations))).toMatchObject({ accepted: 6, already_stored: 6, events: 0 });
  }, 60_000); // prettier-ignore

  it('is compared by the queries of the page', async () => {
    const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'MIGRATE-FROM-LANGFUSE.md'), 'utf8');
    const queries = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql.trim());
    const answers = await Promise.all(
      queries.map(async (sql) => {
        const { code, out, err } = await runAlone({ TELLTALE_URL: running.url, TELLTALE_KEY: running.apiKey }, 'query', sql, '--json');
        if (code !== 0) throw new Error(err);
        return JSON.parse(`[${out.trim().replaceAll('\n', ',')}]`) as Record<string, unknown>[];
      }),
    );
    expect(answers).toEqual([
      [
        { type: 'AGENT', records: 1, reported_tokens: 0, tokens: 0, langfuse_usd: 0, usd: null },
        { type: 'GENERATION', records: 2, reported_tokens: 1_081, tokens: 1_081, langfuse_usd: 0.5, usd: expect.closeTo(0.002, 2) as unknown },
        { type: 'TOOL', records: 1, reported_tokens: 0, tokens: 0, langfuse_usd: 0, usd: null },
      ],
      [{ kind: 'evaluator', records: 1 }, { kind: 'feedback', records: 1 }, { kind: 'turn', records: 2 }],
    ]);
  }, 60_000); // prettier-ignore
});

const { path: folder, describeData, leftOut } = testData('spans', 'langfuse-framework-traces');

describeData(`traces of agent frameworks that Langfuse has stored${leftOut}`, () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'telltale-langfuse-stored-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

  it('come in as they are, one event a record, and again add nothing', async () => {
    const files = readdirSync(folder)
      .filter((file) => file.endsWith('.trace.json'))
      .map((file) => join(folder, file));
    const ids = files.map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { trace: { id: string } }).trace.id);
    // One trace is there twice, as of two frameworks.
    expect([ids.length, new Set(ids).size]).toEqual([20, 19]);
    const importAll = () => runAlone({ TELLTALE_HOME: home }, 'import', ...files, '--format', 'langfuse', '--json');
    const report = JSON.parse((await importAll()).out) as Record<string, number>;
    expect(report).toMatchObject({ rejected: 0, dlq: 0, turns: 19, llm: 38, already_stored: 5, events: (report['accepted'] ?? 0) - 5 });
    expect(JSON.parse((await importAll()).out)).toMatchObject({ accepted: report['accepted'], already_stored: report['accepted'], events: 0 });
  }, 120_000);
}); // prettier-ignore
