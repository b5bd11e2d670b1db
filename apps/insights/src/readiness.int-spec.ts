import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { type AskContext, QUERIES } from '@telltale/query';
import { type RowStore } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START = Date.parse('2026-11-23T12:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000', '');

interface Simulated {
  readonly id: string;
  readonly everySeconds: number;
  readonly windows: number;
  readonly calls: number;
  readonly metric?: string;
  readonly expected?: number;
}

const windowsOf = ({ id, everySeconds, windows, calls, metric = 'operation.duration', expected }: Simulated): string[] =>
  Array.from({ length: windows }, (_, i) =>
    JSON.stringify({
      tenant: 'a', series_id: id, metric, dimensions: { service_name: 'shop', name: id }, window_start: iso(START + i * everySeconds * 1_000), count: calls, sum: calls, min: 1, max: 1, errors: 0,
      p50: 1, p95: 1, expected: expected ?? null, score: null, backfill: false, late: false, expires_on: '2099-01-01',
    }),
  ); // prettier-ignore

describe('whether the detector knows a series', () => {
  let folder: string;
  let rows: RowStore;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-readiness-'));
    rows = createChdbRowStore({ path: folder });
    await rows.migrate('apply');
    const series: Simulated[] = [
      { id: 'new and rare', everySeconds: 30, windows: 10, calls: 1 },
      { id: 'new and busy', everySeconds: 10, windows: 3, calls: 20 },
      { id: 'very rare', everySeconds: 7_200, windows: 5, calls: 1 },
      { id: 'rare, known', everySeconds: 30, windows: 40, calls: 1 },
      { id: 'known', everySeconds: 10, windows: 3, calls: 20, expected: 1 },
      { id: 'a count', everySeconds: 10, windows: 3, calls: 20, metric: 'error.count' },
    ];
    await rows.insert({ table: 'series_windows', rows: series.flatMap(windowsOf), token: 'test', comment: 'test' });
  }, 60_000);
  afterAll(async () => {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is said of each, and from when it will be at the present pace', async () => {
    const definition = QUERIES.find(({ name }) => name === 'listReadiness');
    const clock = { now: () => START + 86_000_000 };
    const answer = await definition?.ask?.({ limit: '100' }, { rows, clock, tenant: 'a' } as unknown as AskContext);
    const found = (answer as { series: Record<string, unknown>[] }).series.map(({ series_id, state, watched_from }) => ({
      series_id,
      state,
      watched_from,
    }));
    const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
    expect(found).toEqual([
      // 31 runs, each in a window.
      { series_id: 'new and busy', state: 'learning', watched_from: at(310) },
      // 28 calls at ten in 280 s.
      { series_id: 'new and rare', state: 'learning', watched_from: at(784) },
      // 31 runs of an hour at most are sooner than 28 calls that are two hours apart.
      { series_id: 'very rare', state: 'learning', watched_from: at(31 * 3_600) },
      { series_id: 'known', state: 'watched', watched_from: null },
      { series_id: 'rare, known', state: 'watched', watched_from: null },
    ]);
  });
});
