import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient } from '@telltale/cli';
import { fillStatements } from './reads-tables';

/** The tenant of the key that a home is made with. */
const TENANT = 'default';

export interface FilledInsights {
  readonly url: string;
  readonly apiKey: string;
  readonly api: ReturnType<typeof createHttpClient>['api'];
  readonly fillSeconds: number;
  countRows(table: string): Promise<number>;
  close(): Promise<void>;
}

/** Insights alone, in this process, over tables of `events` events. */
export async function fillInsights(events: number): Promise<FilledInsights> {
  const [{ startStandalone }, { fillTables }] = await Promise.all([
    import('@telltale/app-standalone'),
    import('@telltale/adapter-clickhouse/bench'),
  ]);
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const { url, apiKey, rows, stop } = await startStandalone({
    home,
    targets: ['insights'],
    port: 0,
    grpcPort: null,
    quiet: true,
    env: {},
  });
  const close = async (): Promise<void> => {
    await stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const own = { settled: () => Promise.resolve(null), close: () => Promise.resolve() };
    const { api } = createHttpClient(url, apiKey, own);
    const from = performance.now();
    await fillTables(join(home, 'tables'), fillStatements(events, TENANT, Date.now()));
    const fillSeconds = Math.round((performance.now() - from) / 1e3);
    const countRows = async (table: string): Promise<number> => {
      const [counted] = await rows.query<{ n: number | string }>(`SELECT count() AS n FROM telltale.${table}`);
      return Number(counted?.n);
    };
    return { url, apiKey, api, fillSeconds, countRows, close };
  } catch (error) {
    await close();
    throw error;
  }
}
