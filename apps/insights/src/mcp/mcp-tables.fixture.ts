import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { type ApiKeyScope } from '@telltale/contracts';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { systemClock } from '@telltale/platform-telemetry';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets } from '@telltale/settings/testing';
import { type Broker, type Logger, type Metrics, type RowStore } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InsightsModule } from '../insights.module';

export const NOW = Date.parse('2026-11-23T12:00:00Z');
export const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();

/** What stands around insights in the test. */
interface Surroundings {
  readonly broker: Broker;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A key that says of itself whose it is and what it may do. */
export const keyOf = (tenant: string, ...scopes: ApiKeyScope[]): string => [tenant, ...scopes].join('/');
const grantOf = (key: string) => {
  const [tenant = '', ...scopes] = key.split('/');
  return { tenant, name: key, scopes: scopes as ApiKeyScope[] };
};

/** Insights over tables that the test fills, at an address of its own. */
export async function newTestMcp({ broker, logger, metrics }: Surroundings) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-mcp-'));
  const store = createChdbRowStore({ path: folder });
  await store.migrate('apply');
  /** While it holds, queries begin and end only by being cancelled. */
  const queries = { held: false, begun: 0, cancelled: 0 };
  const held = <T>(signal: AbortSignal | undefined): Promise<T> =>
    new Promise((_, reject) => {
      queries.begun += 1;
      signal?.addEventListener('abort', () => {
        queries.cancelled += 1;
        reject(new Error('cancelled'));
      });
    });
  const rows: RowStore = {
    ...store,
    query: <T>(...asked: Parameters<RowStore['query']>) =>
      queries.held ? held<T[]>(asked[2]?.signal) : store.query<T>(...asked),
  };
  const app = await createHttpApp(
    InsightsModule.register({
      broker,
      rows,
      clock: { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() },
      logger,
      metrics,
      tracer: null,
      settings: createSettings(createSettingStore(), broker, systemClock, newTestSecrets()),
      rates: { take: () => ({ ok: true }), charge: () => undefined, size: 0 },
      keys: { find: grantOf, entryOf: () => null, entryById: () => null },
      stopping: new AbortController().signal,
      mcpOrigins: ['https://console.example.com'],
    }),
    1_000_000,
  );
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  let filled = 0;
  return {
    url,
    queries,
    folder,
    fill: (table: string, list: readonly object[]): Promise<void> =>
      store.insert({ table, rows: list.map((row) => JSON.stringify(row)), token: `${table} ${filled++}`, comment: 'test' }),
    post: async (body: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const answer = await fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${keyOf('a', 'read')}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }); // prettier-ignore
      return { status: answer.status, text: await answer.text() };
    },
    close: async (): Promise<void> => {
      await app.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const EXPIRES = '2026-12-23';
/** An event of a tenant in the trace T1, unless `more` says otherwise. */
export const event = (tenant: string, id: string, kind: string, more: object = {}) => ({
  tenant, id, kind, name: kind, ts: at(10), received_at: at(9), expires_on: EXPIRES, status: 'ok', session_id: 'ses-1', trace_id: 'T1', span_id: id, parent_span_id: kind === 'turn' ? '' : 'turn', service_name: 'shop', sampling_weight: 1, ...more,
}); // prettier-ignore
export const turn = (tenant: string, id: string, more: object = {}) => ({
  tenant, turn_id: id, trace_id: id, revision: 3, session_id: 'ses-1', ts: at(11), first_minute: at(11), received_at: at(9), expires_on: EXPIRES, duration_ms: 900, has_root: true,
  name: 'turn', status: 'ok', outcome: 'answered', intent: 'greet', language: 'en', service_name: 'shop', cost_nano_usd: 5_000, input_preview: 'hello', output_preview: 'hi', ...more,
}); // prettier-ignore
