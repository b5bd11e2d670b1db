import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from 'simple-statistics';

const START_DEADLINE_MS = 60_000;
const SAMPLES = 100;
const AT_REST_MS = 10_000;
const PAUSE_MS = 150;
const LOOK_MS = 5;

const rssMb = (pid: number): number =>
  Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024);

/** A standalone process of its own: start to first answer, memory at rest, and raw event in → visible in a query on an idle system. */
export async function benchStandalone(): Promise<{
  standalone_start_ms: number;
  standalone_rss_mb: number;
  visible_p50_ms: number;
  visible_p99_ms: number;
}> {
  const [{ API_KEY_FILE, PID_FILE }, { systemClock }] = await Promise.all([
    import('@telltale/app-standalone'),
    import('@telltale/platform-telemetry'),
  ]);
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const from = systemClock.monotonic();
  const child = spawn(process.execPath, ['--max-semi-space-size=64', join(__dirname, '..', 'standalone', 'main.cjs')], {
    env: { PATH: process.env['PATH'] ?? '', TELLTALE_HOME: home, HTTP_PORT: '0', GATEWAY_GRPC_PORT: 'off', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let url = '';
  const ask = async (path: string, body: string): Promise<string> => {
    const key = readFileSync(join(home, API_KEY_FILE), 'utf8').trim();
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.text();
  };
  const query = (sql: string): Promise<string> => ask('/api/query', JSON.stringify({ sql }));
  try {
    for (;;) {
      if (systemClock.monotonic() - from > START_DEADLINE_MS)
        throw new Error(`standalone did not answer in ${START_DEADLINE_MS} ms`);
      await systemClock.sleep(20);
      if (!existsSync(join(home, PID_FILE))) continue;
      try {
        url = (JSON.parse(readFileSync(join(home, PID_FILE), 'utf8')) as { http: string }).http;
        await query('SELECT count() AS n FROM telltale.events');
        break;
      } catch {
        continue; // not yet written whole, or the key not yet known
      }
    }
    const started = systemClock.monotonic() - from;
    await systemClock.sleep(AT_REST_MS);
    const rss = rssMb(child.pid ?? 0);
    const waits: number[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      const sent = systemClock.monotonic();
      await ask(
        '/v1/events',
        JSON.stringify([
          { kind: 'tool', ts: systemClock.now(), service_name: 'bench', id: `visible-${i}`, name: 'probe', duration_ms: 5 },
        ]),
      );
      while ((await query(`SELECT id FROM telltale.events WHERE id = 'visible-${i}'`)).trim() === '')
        await systemClock.sleep(LOOK_MS);
      waits.push(systemClock.monotonic() - sent);
      await systemClock.sleep(PAUSE_MS);
    }
    return {
      standalone_start_ms: Math.round(started),
      standalone_rss_mb: rss,
      visible_p50_ms: Math.round(quantile(waits, 0.5)),
      visible_p99_ms: Math.round(quantile(waits, 0.99)),
    };
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(home, { recursive: true, force: true });
  }
}
