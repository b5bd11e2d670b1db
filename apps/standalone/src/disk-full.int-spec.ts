import { isoTime } from '@telltale/kernel';
import { systemClock } from '@telltale/platform-telemetry';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from './start-standalone';

const DISK_BYTES = 160 * 1024 * 1024;
const home = mkdtempSync(join(tmpdir(), 'telltale-full-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', home]).status === 0;

(isMounted ? describe : describe.skip)('Telltale on a full disk (skipped where this user may not mount a small one)', () => {
  let running: Standalone;
  beforeAll(async () => {
    running = await startStandalone({ home, port: 0, grpcPort: null, env: {}, quiet: true });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    spawnSync('umount', [home]);
    rmSync(home, { recursive: true, force: true });
  });

  async function send(name: string): Promise<readonly [number, unknown]> {
    const response = await fetch(`${running.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ kind: 'log', name, ts: isoTime(systemClock.now()), service_name: 'shop', body: 'hello' }]),
    });
    return [response.status, await response.json()];
  }

  it('returns 503 with the path; accepts events again when space is free, and keeps all accepted ones', async () => {
    expect(await send('before')).toMatchObject([200, {}]);
    const filler = join(home, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(DISK_BYTES))).toThrow('ENOSPC');
    expect(await send('refused')).toMatchObject([
      503,
      { error: { message: expect.stringMatching(`the disk that holds .*${home}/log is full.*make room`) as string } },
    ]);
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    rmSync(filler);
    expect(await send('after')).toMatchObject([200, {}]);
    await running.caughtUp();
    expect(await running.rows.query('SELECT name FROM telltale.events ORDER BY ts')).toEqual([
      { name: 'before' },
      { name: 'after' },
    ]);
  }, 60_000);
});
