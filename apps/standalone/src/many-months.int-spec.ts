import { DAY_MS, isoTime } from '@telltale/kernel';
import { systemClock } from '@telltale/platform-telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from './start-standalone';

/** More months than ClickHouse accepts partitions in one block (100). */
const MONTHS = 130;

describe('a batch of events of 130 different months', () => {
  let home: string;
  let running: Standalone;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-months-'));
    running = await startStandalone({ home, port: 0, grpcPort: null, env: {}, quiet: true });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function send(name: string, times: readonly number[]): Promise<void> {
    const events = times.map((at, i) => ({
      id: `${name}${i}`, kind: 'llm', name, ts: isoTime(at), service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', status: 'ok',
      duration_ms: 5, usage: { input_tokens: 10, output_tokens: 2 },
    })); // prettier-ignore
    const response = await fetch(`${running.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ accepted: times.length })]);
  }
  const numbers = async (sql: string): Promise<unknown[]> => Object.values((await running.rows.query(sql))[0] ?? {}).map(Number);

  it('is stored completely in every table, pauses no task, and does not delay later batches', async () => {
    const now = systemClock.now();
    await send(
      'old',
      Array.from({ length: MONTHS }, (_, i) => now - i * 31 * DAY_MS),
    );
    await send('new', [now]);
    await running.caughtUp();

    const ready = (await (await fetch(`${running.url}/readyz`)).json()) as { tasks: { phase: string; detail: string }[] };
    expect(ready.tasks.filter(({ phase }) => phase !== 'running')).toEqual([]);
    expect(await numbers("SELECT countIf(name = 'old'), countIf(name = 'new') FROM telltale.events")).toEqual([MONTHS, 1]);
    expect(await numbers('SELECT count() FROM telltale.events_core')).toEqual([MONTHS + 1]);
    expect(await numbers('SELECT sum(events), uniqExact(toYYYYMM(minute)) FROM telltale.operations_minute')).toEqual([
      MONTHS + 1,
      MONTHS,
    ]);
    expect(await numbers('SELECT sum(calls), uniqExact(toYYYYMM(hour)) FROM telltale.spend')).toEqual([MONTHS + 1, MONTHS]);
    expect(await running.broker.newest('telltale.dlq.v1', 10)).toEqual([]);
  }, 60_000);
});
