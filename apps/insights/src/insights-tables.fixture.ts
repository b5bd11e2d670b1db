import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { API_KEY_SCOPES, type SettingRecord } from '@telltale/contracts';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { systemClock } from '@telltale/platform-telemetry';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets } from '@telltale/settings/testing';
import { type Broker, type Logger, type Metrics } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InsightsModule } from './insights.module';

/** What stands around insights in the test. */
interface Surroundings {
  readonly broker: Broker;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Insights over tables of an engine in the process, which the test fills. A key is the name of its tenant. */
export async function newTestTables(
  { broker, logger, metrics }: Surroundings,
  now: number,
  settings: readonly SettingRecord[] = [],
) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-insights-'));
  const rows = createChdbRowStore({ path: folder });
  await rows.migrate('apply');
  const app = await createHttpApp(
    InsightsModule.register({
      broker,
      rows,
      clock: { now: () => now, monotonic: () => 0, sleep: () => Promise.resolve() },
      logger,
      metrics,
      tracer: null,
      settings: createSettings(createSettingStore(settings), broker, systemClock, newTestSecrets()),
      rates: { take: () => ({ ok: true }), charge: () => undefined, size: 0 },
      keys: { find: (tenant) => ({ tenant, name: 'test', scopes: API_KEY_SCOPES }), entryOf: () => null, entryById: () => null },
      stopping: new AbortController().signal,
    }),
    1_000_000,
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  let filled = 0;
  return {
    fill: (table: string, list: readonly object[]): Promise<void> =>
      rows.insert({ table, rows: list.map((row) => JSON.stringify(row)), token: `${table} ${filled++}`, comment: 'test' }),
    get: async (url: string, tenant = 'a') => {
      const answer = await app.inject({ method: 'GET', url, headers: { 'x-telltale-key': tenant } });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    },
    post: async (url: string, body: object, tenant = 'a') => {
      const headers = { 'x-telltale-key': tenant, 'content-type': 'application/json' };
      const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    },
    close: async (): Promise<void> => {
      await app.close();
      await rows.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
