import { decodeLogsJson } from '@telltale/adapter-otlp';
import { type EventRecord } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { testData } from '@telltale/testkit';
import { readFileSync } from 'node:fs';
import { newTestEnricher, record, T, testOptions } from './enrich.fixture';

const json = { decode: (body: Buffer) => decodeLogsJson(String(body)), pick: (body: Buffer) => body };
const otlp = { ...testOptions().otlp, logs: { protobuf: json, json } };
const LOGS = { headers: { 'tt-format': 'otlp-logs', 'tt-encoding': 'json' } };

type Said = Readonly<Record<string, string | number>>;
/** Log records of a service, each `ms` after T. */
function logsOf(service: string, scope: string, ...records: readonly (readonly [ms: number, name: string, attributes: Said])[]): LogRecord {
  const logRecords = records.map(([ms, name, attributes]) => ({
    timeUnixNano: `${T + ms}000000`,
    body: { stringValue: '' },
    attributes: Object.entries({ 'event.name': name, ...attributes }).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
    })),
  }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return record({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: scope }, logRecords }] }] }, LOGS);
} // prettier-ignore
const codex = (...records: Parameters<typeof logsOf>[2][]): LogRecord =>
  logsOf('codex_cli_rs', 'codex_otel.log_only', ...records);

const { path: file, itData, leftOut } = testData('spans', 'sdk-runs', 'agentcli-logs.json');
itData(`logs of three coding agents are turns, calls of models with their tokens, and calls of tools${leftOut}`, () => {
  const { run, events } = newTestEnricher({ otlp });
  const body = readFileSync(file, 'utf8');
  const now = Number(/"timeUnixNano":\s*"(\d+)\d{6}"/.exec(body)?.[1]) + 1_000;
  const found = events(run([record(body, { ...LOGS, timestampMs: now })], now));
  const of = ({ kind, name, status, ...e }: EventRecord): unknown[] => [
    kind, name, status, e.usage_input_uncached, e.usage_cache_read, e.usage_cache_write, e.usage_output, e.usage_reasoning, e.duration_ms,
  ]; // prettier-ignore
  expect(found.map(of)).toEqual([
    ['llm', 'chat claude-sonnet-4-5-20250929', 'ok', 20, 10_000, 500, 300, null, 2_300],
    ['tool', 'Bash', 'error', null, null, null, null, null, 120],
    ['turn', 'turn', 'unset', null, null, null, null, null, null],
    ['llm', 'chat claude-sonnet-4-5-20250929', 'error', null, null, null, null, null, 1_000],
    ['llm', 'chat gpt-5-codex', 'ok', 200, 1_000, null, 30, 20, null],
    ['tool', 'shell', 'ok', null, null, null, null, null, 12],
    ['llm', 'chat gemini-2.5-pro', 'ok', 200, 1_000, null, 50, 20, 900],
    ['tool', 'read_file', 'ok', null, null, null, null, null, 5],
  ]);
  const [call, , prompt, failed] = found;
  expect(prompt).toMatchObject({ input: 'fix the failing test', session_id: 's1' });
  expect(failed).toMatchObject({ error_message: 'Overloaded', error_type: '529', attempt: 2, trace_id: prompt?.trace_id });
  expect(Date.parse(call?.ts ?? '')).toBe(now - 1_000 - 2_300);
  expect(call?.attributes['telltale.reported_cost_usd']).toBe('0.012');
  for (const priced of [0, 4, 6]) expect(found[priced]?.cost_nano_usd).toBeGreaterThan(0);
  expect(call?.user_id).toMatch(/^u_/);
});

it('what people wrote and who they are is redacted as everywhere', () => {
  const { run, events } = newTestEnricher({ otlp, defaults: { privacy: 'metadata_only' } });
  const who = { 'user.email': 'mia.rossi@example.com', 'user.account_id': 'customer_9620', 'conversation.id': 'c1' };
  const logs = codex([0, 'codex.user_prompt', { ...who, prompt: 'a heron' }], [1, 'codex.tool_result', { ...who, tool_name: 'shell', arguments: '{"cmd":"a heron"}', output: 'a heron' }]); // prettier-ignore
  const found = events(run([logs]));
  expect(found.map(({ kind }) => kind)).toEqual(['turn', 'tool']);
  expect(JSON.stringify(found)).not.toMatch(/heron|mia\.rossi|customer_9620/);
  expect(JSON.stringify(events(newTestEnricher({ otlp }).run([logs])))).not.toMatch(/mia\.rossi|customer_9620/);
});

describe('work of an agent that names no prompt', () => {
  const session = { 'conversation.id': 'c1' };
  const prompt = (ms: number, of: Said = session) => [ms, 'codex.user_prompt', { ...of, prompt: `at ${ms}` }] as const;
  const tool = (ms: number, of: Said = session) =>
    [ms, 'codex.tool_result', { ...of, tool_name: `t${ms}`, duration_ms: 5 }] as const;
  const turnsOf = (found: readonly EventRecord[]): Record<string, string[]> => {
    const prompts = new Map(found.filter(({ kind }) => kind === 'turn').map((turn) => [turn.trace_id, turn.input]));
    const turns: Record<string, string[]> = {};
    for (const { kind, trace_id: trace, name } of found)
      if (kind === 'tool') (turns[prompts.get(trace) ?? trace] ??= []).push(name);
    return turns;
  };

  it('is in the turn of the last prompt of its session, over batches and restores, in any order', () => {
    const one = newTestEnricher({ otlp });
    const first = one.events(one.run([codex(tool(300), prompt(200), tool(100), prompt(0))]));
    const two = newTestEnricher({ otlp }, one.state);
    const then = two.events(two.run([codex(tool(150), tool(400), tool(410, { 'conversation.id': 'other' }))], T + 1_000));
    expect(turnsOf([...first, ...then])).toEqual({ 'at 0': ['t100', 't150'], 'at 200': ['t300', 't400'], '': ['t410'] });
    const [root] = first.filter(({ input }) => input === 'at 0');
    const inside = first.find(({ name }) => name === 't100');
    expect([root?.parent_span_id, inside?.parent_span_id, inside?.trace_id]).toEqual(['', root?.span_id, root?.trace_id]);
  });

  it('is in none before a prompt, of another tenant, and after a day', () => {
    const { run, events } = newTestEnricher({ otlp });
    run([codex(prompt(10))]);
    const early = events(run([codex(tool(5))], T + 1_000));
    const foreign = events(run([{ ...codex(tool(20)), headers: { ...LOGS.headers, 'tt-tenant': 'other' } }], T + 2_000));
    run([codex(prompt(0, { 'conversation.id': 'c2' }))], T + 25 * 3_600_000);
    const late = events(run([codex(tool(30))], T + 25 * 3_600_000 + 1_000));
    expect([early, foreign, late].map(([event]) => event?.trace_id)).toEqual(['', '', '']);
  });

  it('comes to the same when it is sent again', () => {
    const { run, events } = newTestEnricher({ otlp });
    const logs = codex(prompt(0), tool(10));
    expect(events(run([logs]))).toHaveLength(2);
    expect(events(run([logs], T + 1_000))).toEqual([]);
  });
});
