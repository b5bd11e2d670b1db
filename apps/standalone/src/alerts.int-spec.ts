import { readdirSync, readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertRecord, type DeliveryRow, TOPICS } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { systemClock } from '@telltale/platform-telemetry';
import { eventually } from '@telltale/testkit';
import { type Standalone, startStandalone } from './start-standalone';

const SECRET = 'whsec_bm9ib2R5LXNoYWxsLXJlYWQtdGhpcw==';
const PATH_SECRET = 'T0-B0-nobody-shall-read-this';

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly type: string; readonly id: string };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe('alerts of a running Telltale', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-alerts-'));
  const heard: Heard[] = [];
  let status = 200;
  let server: Server;
  let running: Standalone;
  let url = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('end', () => {
        heard.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as Heard['body'] });
        response.writeHead(status).end('ok');
      });
    }); // prettier-ignore
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    url = `http://127.0.0.1:${port}/hook/${PATH_SECRET}`;
    running = await startStandalone({
      home,
      port: 0,
      grpcPort: null,
      env: {
        TELLTALE_PARTITIONS: '2',
        SENDER_ALLOWED_TARGETS: '127.0.0.1',
        SENDER_ALLOW_PLAIN_TEXT: 'true',
        SENDER_HTTP_PORTS: `${port},443`,
        NOTIFIER_BACKOFF_MS: '1',
      },
      quiet: true,
    });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    server.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });
  beforeEach(() => {
    heard.length = 0;
    status = 200;
  });

  const http = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${running.apiKey}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(`${running.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const set = (name: string, value: object) => http('POST', `/api/settings/receiver/${name}`, { value });

  function alert(incident: string, change: Partial<AlertRecord> = {}): Promise<void> {
    const record: AlertRecord = {
      tenant: 'default', id: `${incident}-${change.status ?? 'firing'}`, incident_id: incident, status: 'firing', at: isoTime(systemClock.now()), title: 'shop: tool search is slow',
      summary: 'tool search took 4 s', severity: 'critical', service_name: 'shop', ...change,
    }; // prettier-ignore
    return running.broker.produce([{ topic: TOPICS.alerts.name, key: record.tenant, value: JSON.stringify(record) }]);
  }
  const deliveriesOf = (incident: string) =>
    running.rows.query<Pick<DeliveryRow, 'attempt' | 'status' | 'reason'>>(
      `SELECT attempt, status, reason FROM telltale.deliveries WHERE incident_id = '${incident}' ORDER BY at, attempt`,
    );

  const triesOf = (incident: string, count: number) =>
    eventually(
      `${count} tries of ${incident}`,
      async () => {
        const seen = await deliveriesOf(incident);
        return { done: seen.length >= count, seen };
      },
      30_000,
    );

  it('reach a receiver that was set and tested, firing and resolved, and can be looked up', async () => {
    expect(await set('ops', { type: 'webhook', url, secret: SECRET })).toMatchObject({
      status: 200,
      json: { value: { type: 'webhook', url: '(hidden)', secret: '(hidden)' } },
    });
    const test = await http('POST', '/api/receivers/ops/test', {});
    expect(test).toMatchObject({ status: 200, json: { outcome: 'delivered', delivery: { receiver: 'ops', reason: 'test', attempt: 1, http_status: 200 } } }); // prettier-ignore
    await alert('i1');
    await alert('i1', { status: 'resolved' });
    await triesOf('i1', 2);
    expect(heard.map(({ body }) => body.type)).toEqual(['alert.test', 'alert.firing', 'alert.resolved']);
    const [, firing] = heard;
    expect(firing?.path).toBe(`/hook/${PATH_SECRET}`);
    expect(firing?.headers).toMatchObject({ 'idempotency-key': firing?.body.id, 'webhook-id': firing?.body.id, 'webhook-signature': expect.stringMatching(/^v1,/) as string }); // prettier-ignore
    const { json } = await http('GET', '/api/deliveries?incident=i1');
    expect(json['deliveries']).toMatchObject([{ reason: 'resolved', status: 'delivered' }, { reason: 'firing', status: 'delivered' }]); // prettier-ignore
  }, 60_000);

  it('are tried five times, then have failed', async () => {
    status = 503;
    await alert('i2');
    expect((await triesOf('i2', 5)).map((one) => one.status)).toEqual([...Array<string>(4).fill('retrying'), 'failed']);
    expect(new Set(heard.map(({ body }) => body.id)).size).toBe(1);
  }, 60_000);

  it('are refused where the receiver is no place of the internet', async () => {
    await set('inside', { type: 'slack', url: 'https://169.254.169.254/latest/meta-data' });
    expect(await http('POST', '/api/receivers/inside/test', {})).toMatchObject({
      json: { outcome: 'failed', delivery: { error: expect.stringContaining('linkLocal') as string } },
    });
    await http('DELETE', '/api/settings/receiver/inside');
  }, 60_000);

  it('leave no secret of a receiver readable: not in answers, the history, or a file', async () => {
    const answers = [await http('GET', '/api/settings'), await http('GET', '/api/settings/receiver/ops'), await http('GET', '/api/settings/history'), await http('GET', '/api/deliveries')]; // prettier-ignore
    const known = [SECRET, PATH_SECRET, Buffer.from(PATH_SECRET).toString('base64').slice(0, 20)];
    for (const text of known) expect(JSON.stringify(answers)).not.toContain(text);
    const files = filesIn(home);
    expect(files.some((path) => path.includes('log'))).toBe(true);
    const readable = files.filter((path) => known.some((text) => readFileSync(path).includes(text)));
    expect(readable).toEqual([]);
  }, 60_000);
});
