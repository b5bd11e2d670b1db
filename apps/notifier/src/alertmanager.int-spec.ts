import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeliveryReason } from '@telltale/contracts';
import { eventually } from '@telltale/testkit';
import { newTestDeliverer, newTestRequest } from './delivery.fixture';

/** As installed, or where .ci/run unpacks it. */
const BINARIES = ['prometheus-alertmanager', join(homedir(), '.cache/telltale/alertmanager/usr/bin/prometheus-alertmanager')];
/** It starts with the templates of its package only. */
const hasTemplates = existsSync('/usr/share/prometheus/alertmanager/default.tmpl');
const binary = hasTemplates
  ? BINARIES.find((path) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0)
  : undefined;
if (binary === undefined && process.env['CI'] === 'true') throw new Error('no prometheus-alertmanager: .ci/run unpacks it');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

interface Posted {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

describe('a real Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-alertmanager-'));
  let process_: ChildProcess | null = null;
  let port = 0;
  let url = '';

  beforeAll(async () => {
    if (binary === undefined) return;
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
    process_ = spawn(binary, [`--config.file=${config}`, `--storage.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='], { stdio: 'ignore' }); // prettier-ignore
    await eventually('Alertmanager is ready', async () => {
      const seen = await fetch(`${url}/-/ready`).then(({ status }) => status, String);
      return { done: seen === 200, seen };
    }, 30_000); // prettier-ignore
  }, 60_000);
  afterAll(async () => {
    // It writes what it knows to its folder before it ends.
    if (process_?.kill()) await once(process_, 'exit');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  /** Alerts that fire by its own word. */
  const active = (): Promise<Posted[]> =>
    fetch(`${url}/api/v2/alerts?active=true`).then((answer) => answer.json() as Promise<Posted[]>);
  const deliver = (reason: DeliveryReason, alert: object = {}) => {
    const now = Date.now();
    const at = new Date(now).toISOString();
    const request = newTestRequest({ type: 'alertmanager', url }, { at, ...alert }, reason);
    return newTestDeliverer([port], { clock: { now: () => now, monotonic: () => 0, sleep: () => Promise.resolve() } }).deliver(request);
  }; // prettier-ignore

  (binary === undefined ? it.skip : it)(
    `takes what fires, twice as one, and that it is over${binary === undefined ? ' (left out: no prometheus-alertmanager here)' : ''}`,
    async () => {
      expect(await deliver('firing')).toMatchObject({ outcome: 'delivered', http_status: 200 });
      expect(await deliver('reminder', { title: 'shop: tool search is slower', severity: 'critical' })).toMatchObject({ outcome: 'delivered' }); // prettier-ignore
      const fires = await active();
      expect(fires).toHaveLength(1);
      expect(fires[0]).toMatchObject({
        labels: { alertname: 'TelltaleIncident', tenant: 'acme', dedupe_key: 'i1' },
        annotations: { title: 'shop: tool search is slower', severity: 'critical' },
      });
      expect(Date.parse(fires[0]?.endsAt ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000);
      expect(await deliver('firing', { incident_id: 'i2', title: '"}{\u0000<!channel>', services: [] })).toMatchObject({ outcome: 'delivered' }); // prettier-ignore
      expect(await active()).toHaveLength(2);
      expect(await deliver('resolved')).toMatchObject({ outcome: 'delivered' });
      expect((await active()).map(({ labels }) => labels['dedupe_key'])).toEqual(['i2']);
    },
    60_000,
  );
});
