import { systemClock } from '@telltale/platform-telemetry';
import { eventually } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from './start-standalone';

const NOW = systemClock.now();
const TRACE = 'a'.repeat(32);
const id = (n: number): string => n.toString(16).padStart(16, '0');
const attributesOf = (of: Readonly<Record<string, string | number>>) =>
  Object.entries(of).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
const nanos = (ms: number): string => `${ms}000000`;
const span = (n: number, parent: number, name: string, of: Readonly<Record<string, string | number>>, failed = false) => ({
  traceId: TRACE, spanId: id(n), parentSpanId: parent === 0 ? '' : id(parent), name, kind: 1, startTimeUnixNano: nanos(NOW - 2_000 + n * 100), endTimeUnixNano: nanos(NOW - 1_000 + n * 10),
  attributes: attributesOf(of), ...(failed ? { status: { code: 2, message: 'late' } } : {}),
}); // prettier-ignore
const messages = (role: string, content: string): string => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);

/** Gateway, enricher, turns and sessions over embedded storage, by every receiver. */
describe('turns and sessions', () => {
  let home: string;
  let running: Standalone;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-turns-'));
    running = await startStandalone({
      home, targets: ['gateway', 'enricher', 'turns', 'sessions', 'insights'], port: 0, grpcPort: null, env: {}, quiet: true, settings: { TURNS_QUIET_MS: '1000', TURNS_DIMENSIONS: 'plan' },
    }); // prettier-ignore
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function post(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${running.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  const spans = (...items: readonly object[]) => ({
    resourceSpans: [{ resource: { attributes: attributesOf({ 'service.name': 'agent' }) }, scopeSpans: [{ scope: { name: 'x' }, spans: items }] }],
  }); // prettier-ignore
  const rowsOf = (table: string): Promise<Record<string, unknown>[]> =>
    running.rows.query(`SELECT * FROM telltale.${table} FINAL ORDER BY service_name`);

  it('come of spans and native events, sent in pieces through several requests', async () => {
    await post('/v1/traces', spans(span(3, 2, 'weather', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather' }, true)));
    await post('/v1/events', [
      { kind: 'turn', ts: NOW - 900, service_name: 'bot', trace_id: 't-native', span_id: 'r', session_id: 'talk', input: 'Please cancel my order', output: 'Done.', duration_ms: 700, status: 'ok', attributes: { plan: 'pro' } },
      { kind: 'llm', ts: NOW - 800, service_name: 'bot', trace_id: 't-native', span_id: 'l', parent_span_id: 'r', provider: 'openai', request_model: 'gpt-4o', usage: { input_tokens: 100, output_tokens: 10 } },
    ]);
    await post('/v1/traces', spans(
      span(1, 0, 'invoke_agent', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner', 'gen_ai.conversation.id': 'talk' }),
      span(2, 1, 'chat', { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 50, 'gen_ai.usage.output_tokens': 5, 'gen_ai.input.messages': messages('user', 'Will it rain?'), 'gen_ai.output.messages': messages('assistant', 'It rains.') }),
    ));
    const turns = await eventually('two turns, whole', async () => {
      const seen = await rowsOf('turns');
      return { done: seen.length === 2 && seen.every(({ revision }) => Number(revision) >= 2) && Number(seen[0]?.['revision']) === 3, seen };
    }, 30_000);
    expect(turns).toMatchObject([
      { turn_id: TRACE, session_id: 'talk', has_root: true, agents: ['planner'], tools: ['weather'], calls: { agent: 1, llm: 1, tool: 1 }, errors: { tool: 1 }, first_failed_span_id: id(3), input_preview: 'Will it rain?' },
      { turn_id: 't-native', session_id: 'talk', has_root: true, name: 'turn', duration_ms: 700, intent: 'cancel order', language: 'en', outcome: 'answered', dimensions: { plan: 'pro' }, unpriced_calls: 0 },
    ]);
    const sessions = await eventually('their session', async () => {
      const seen = await rowsOf('sessions');
      return { done: seen.length === 1 && Number(seen[0]?.['turns']) === 2 && Number(seen[0]?.['events']) === 5, seen };
    }, 30_000);
    expect(sessions).toMatchObject([{ session_id: 'talk', derived: false, calls: { agent: 1, llm: 2, tool: 1 }, errors: 1, intents: ['cancel order', 'like: rain'] }]);
    const [cost] = await running.rows.query<{ same: boolean }>(
      "SELECT (SELECT sum(cost_nano_usd) FROM telltale.sessions FINAL) = (SELECT sum(cost_nano_usd) FROM telltale.events WHERE kind = 'llm') AS same",
    );
    expect(cost).toEqual({ same: 1 });
    expect(await (await fetch(`${running.url}/metrics`)).text()).toMatch(/^telltale_open_turns\{service="turns",partition="\d+"\} [12]$/m);
  }, 90_000); // prettier-ignore
});
