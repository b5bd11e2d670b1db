import { type Clock, DAY_MS, isoTime } from '@telltale/kernel';
import { startServices, type RunningServices } from '@telltale/platform-nest-runtime';
import { systemClock } from '@telltale/platform-telemetry';
import { SERVICES } from '@telltale/services';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureApiKey, registerApiKey } from './api-key';
import { waitUntilCaughtUp } from './wait-until-caught-up';
import { selectApps } from './apps';

describe('a clock that was set a day ahead and back', () => {
  let home: string;
  let key: string;
  let running: RunningServices;
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-clock-'));
    ({ key } = ensureApiKey(home));
    running = await startServices(selectApps('all'), {
      env: { TELLTALE_HOME: home, HTTP_PORT: '0', GATEWAY_GRPC_PORT: 'off', LOG_LEVEL: 'silent' },
      clock,
      prepare: (backends) => registerApiKey(backends.broker, key, clock.now()),
      onCrash: (error) => {
        throw error;
      },
    });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function send(name: string): Promise<void> {
    const event = { id: name, kind: 'log', name, body: name, ts: isoTime(clock.now()), service_name: 'shop' };
    const response = await fetch(`${running.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify([event]),
    });
    expect(response.status).toBe(200);
    await waitUntilCaughtUp(running.backends.broker, SERVICES, systemClock, new AbortController().signal);
  }

  it('keeps live events live, and is counted', async () => {
    await send('before');
    ahead = DAY_MS;
    await send('ahead');
    ahead = 0;
    await send('after');
    const rows = await running.backends.rows.query<{ name: string; backfill: boolean }>(
      "SELECT name, backfill FROM telltale.events WHERE name IN ('before', 'after') ORDER BY name",
    );
    expect(rows).toEqual([
      { name: 'after', backfill: false },
      { name: 'before', backfill: false },
    ]);
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toMatch(/telltale_batch_time_taken_back_total\{[^}]*service="enricher"[^}]*\} 1/);
  }, 60_000);
});
