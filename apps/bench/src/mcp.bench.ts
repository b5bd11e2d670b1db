import { createTokenCounter } from '@telltale/adapter-tokenizer';
import { createHttpClient } from '@telltale/cli';
import { type NativeEvent } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import { simulateFleet } from '@telltale/simulator';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from 'simple-statistics';
import { longTurn } from './long-turn';

const SEED = 7;
const DEMO_EVENTS = 20_000;
const LONG_OPERATIONS = 1_000;
const TURNS = 60;
const BATCH = 1_000;

const lines = (events: readonly NativeEvent[]): string => events.map((event) => JSON.stringify(event)).join('\n');

/** What a model reads of each tool of the MCP server, beside the JSON that the API answers to the same question: bytes and tokens. */
export async function benchMcp(): Promise<Record<string, number>> {
  const { startStandalone } = await import('@telltale/app-standalone');
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const running = await startStandalone({ home, port: 0, grpcPort: null, quiet: true, env: {} });
  const counter = createTokenCounter();
  const { api, send } = createHttpClient(running.url, running.apiKey, {
    settled: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  });
  const figures: Record<string, number> = {};

  async function ask(method: string, params: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${running.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${running.apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result } = (await answer.json()) as { result?: Record<string, unknown> };
    if (!result) throw new Error(`${method} was answered with ${answer.status}`);
    return result;
  }
  const call = async (name: string, args: object): Promise<string> => {
    const { content } = (await ask('tools/call', { name, arguments: args })) as { content?: { text: string }[] };
    return content?.[0]?.text ?? '';
  };
  const tokensOf = (texts: readonly string[]): Promise<readonly number[]> =>
    counter.count(texts.map((text) => ({ text, encoding: 'o200k_base' as const })));
  async function record(name: string, text: string): Promise<number> {
    const [tokens = 0] = await tokensOf([text]);
    figures[`mcp_${name}_bytes`] = Buffer.byteLength(text);
    figures[`mcp_${name}_tokens`] = tokens;
    return tokens;
  }

  try {
    const end = Date.now();
    const fleet = [...simulateFleet({ seed: SEED, start: end - 2 * HOUR_MS, end, eventsPerDay: DEMO_EVENTS * 12 })];
    const events = [...fleet, ...longTurn(LONG_OPERATIONS, end - HOUR_MS)];
    for (let i = 0; i < events.length; i += BATCH) await send('/v1/events', lines(events.slice(i, i + BATCH)), 'application/x-ndjson'); // prettier-ignore
    await running.caughtUp();
    figures['mcp_events'] = events.length;

    const { instructions } = (await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } })) as { instructions?: string }; // prettier-ignore
    await record('instructions', instructions ?? '');
    await record('tools_list', JSON.stringify(await ask('tools/list', {})));

    const { operations } = await api.listOperations({ kind: 'turn', since: '3h', limit: TURNS });
    const ids = operations.map(({ turn_id: id }) => id).filter((id) => id !== 'long-turn');
    const own: string[] = [];
    const raw: string[] = [];
    for (const id of ids) {
      own.push(await call('get_turn', { id }));
      raw.push(JSON.stringify(await api.getTurn({ id })));
    }
    for (const [name, texts] of [['get_turn_demo', own], ['raw_turn_demo', raw]] as const) {
      const tokens = await tokensOf(texts);
      figures[`mcp_${name}_tokens_p50`] = quantile([...tokens], 0.5);
      figures[`mcp_${name}_tokens_p95`] = quantile([...tokens], 0.95);
    } // prettier-ignore
    const trees = own.map((text) => (text.match(/ id=/g) ?? []).length);
    const perTurn = await tokensOf(own);
    figures['mcp_get_turn_demo_tokens_per_operation'] = Math.round(perTurn.reduce((a, b) => a + b, 0) / trees.reduce((a, b) => a + b, 0)); // prettier-ignore

    await record('get_turn_long', await call('get_turn', { id: 'long-turn' }));
    await record('raw_turn_long', JSON.stringify(await api.getTurn({ id: 'long-turn' })));
    await record('raw_tree_long', JSON.stringify(await api.getTurnTree({ id: 'long-turn' })));
    const [llm] = (await api.listOperations({ turn: 'long-turn', kind: 'llm', limit: 1, since: '3h' })).operations;
    await record('read_field', await call('read_field', { id: llm?.id ?? '', field: 'input' }));
    await record('find_turns', await call('find_turns', { since: '3h' }));
    await record('find_operations', await call('find_operations', { kind: 'tool', status: 'error', since: '3h' }));
    await record('raw_operations', JSON.stringify(await api.listOperations({ kind: 'tool', status: 'error', since: '3h' })));
    await record('list_incidents', await call('list_incidents', {}));
    await record('list_series', await call('list_series', { since: '3h' }));
    await record('raw_series', JSON.stringify(await api.listSeries({ since: '3h' })));
    await record('explain_spend', await call('explain_spend', { from: '2h' }));
    await record('raw_spend', JSON.stringify(await api.explainSpend({ from: '2h' })));
    await record('query_sql', await call('query_sql', { sql: 'SELECT kind, name, count() AS n FROM events_core GROUP BY kind, name ORDER BY n DESC LIMIT 20' })); // prettier-ignore
    return figures;
  } finally {
    await counter.close();
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
