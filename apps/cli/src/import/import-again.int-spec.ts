import { startStandalone, type Standalone } from '@telltale/app-standalone';
import { MINUTE_MS } from '@telltale/kernel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../program';

const realNow = Date.now.bind(Date);
/** Longer than the enricher remembers ids. */
const LATER_MS = 20 * MINUTE_MS;

describe('importing a file again, when the enricher has forgotten its ids', () => {
  let home: string;
  let running: Standalone;
  let passed = 0;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-again-'));
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + passed);
    running = await startStandalone({ home, port: 0, grpcPort: null, env: {}, quiet: true });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    jest.restoreAllMocks();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function importOf(format: string, content: string): Promise<Record<string, unknown>> {
    const path = join(home, 'in');
    writeFileSync(path, content);
    let out = '';
    let err = '';
    const code = await runCli(['import', path, '--format', format, '--json'], {
      out: (text) => (out += text),
      err: (text) => (err += text),
      isOutTty: false,
      isErrTty: false,
      columns: Infinity,
      env: { TELLTALE_URL: running.url, TELLTALE_KEY: running.apiKey },
      signal: new AbortController().signal,
    });
    passed += LATER_MS;
    if (code !== 0) throw new Error(`${out}${err}`);
    return JSON.parse(out) as Record<string, unknown>;
  }
  const ask = async (sql: string): Promise<number[]> => Object.values((await running.rows.query(sql))[0] ?? {}).map(Number);
  /** Events, and what is added up of them: rows of the tables, calls and spend, and measures of the scorer. */
  const totals = async (): Promise<number[]> => [
    ...(await ask('SELECT count() FROM telltale.events')),
    ...(await ask('SELECT sum(calls), sum(cost_nano_usd) FROM telltale.spend')),
    ...(await ask('SELECT sum(events), sum(cost_nano_usd) FROM telltale.operations_minute')),
    // Turns are measured when they are complete, later than what they are made of is imported.
    (await running.broker.newest('telltale.measures.v1', 100_000)).filter(
      ({ value }) => !String(value).includes('"source":"telltale.turns/'),
    ).length,
  ];

  const began = realNow() - 3 * 60 * MINUTE_MS;
  const call = (i: number): string =>
    JSON.stringify({
      kind: 'llm', ts: new Date(began + i * 1_000).toISOString(), service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', status: 'ok',
      duration_ms: 5, usage: { input_tokens: 1_000, output_tokens: 200 + i },
    }); // prettier-ignore
  const calls = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => call(from + i)).join('\n');
  const conversation = (id: string, turns: number): string =>
    JSON.stringify({
      id,
      model: 'gpt-4o',
      messages: Array.from({ length: turns }, (_, i) => [{ role: 'user', content: `question ${i}` }, { role: 'assistant', content: `answer ${i}` }]).flat(),
    }); // prettier-ignore
  const span = (trace: number, id: number): unknown => ({
    traceId: trace.toString(16).padStart(32, '0'), spanId: id.toString(16).padStart(16, '0'), name: 'chat', kind: 3,
    startTimeUnixNano: String((began + id) * 1e6), endTimeUnixNano: String((began + id + 5) * 1e6),
    attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }, { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } }, { key: 'gen_ai.provider.name', value: { stringValue: 'openai' } }, { key: 'gen_ai.usage.input_tokens', value: { intValue: '500' } }],
  }); // prettier-ignore
  const spans = (ids: readonly number[]): string =>
    JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans: ids.map((id) => span(id, id)) }] }] });

  const observations = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) =>
      JSON.stringify({ id: `o${from + i}`, trace_id: `t${from + i}`, type: 'GENERATION', start_time: new Date(began + (from + i) * 1_000).toISOString(), provided_model_name: 'gpt-4o', usage_details: { input: 1_000, output: 200 } }),
    ).join('\n'); // prettier-ignore

  it.each([
    ['ndjson', calls(0, 50), calls(10, 30), calls(40, 60), [50, 20, 10], 10],
    ['openai-chat', [conversation('a', 2), conversation('b', 1)].join('\n'), conversation('a', 2), [conversation('b', 3), conversation('c', 1)].join('\n'), [2, 1, 0], 7],
    ['otlp-json', spans([1, 2, 3]), spans([2]), spans([3, 4]), [3, 1, 1], 1],
    ['langfuse', observations(0, 50), observations(10, 30), observations(40, 60), [50, 20, 10], 10],
  ])('%s: the whole, a part and an overlapping file add what is new alone, and say what was there', async (format, whole, part, overlapping, there, added) => {
    expect(await importOf(format, whole)).toMatchObject({ already_stored: 0, dlq: 0 });
    await running.caughtUp();
    const before = await totals();
    expect(await importOf(format, whole)).toMatchObject({ already_stored: there[0], events: 0 });
    expect(await importOf(format, part)).toMatchObject({ already_stored: there[1], events: 0 });
    await running.caughtUp();
    expect(await totals()).toEqual(before);
    expect(await importOf(format, overlapping)).toMatchObject({ already_stored: there[2], events: added });
    const [events = 0, callsNow = 0] = before;
    await running.caughtUp();
    const [eventsAfter, callsAfter] = await totals();
    expect(eventsAfter).toBe(events + added);
    expect(callsAfter).toBeGreaterThanOrEqual(callsNow);
  }, 60_000); // prettier-ignore
});
