import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeliveryReason, DELIVERY_REASONS } from '@telltale/contracts';
import { newTestSecrets } from '@telltale/settings/testing';
import Ajv from 'ajv';
import { newTestDeliverer, newTestMailServer, newTestReceiver, newTestRequest, NOW } from './delivery.fixture';
import { VENDOR_SCHEMAS } from './vendor-schemas.fixture';

const ajv = new Ajv({ allErrors: true, strict: false });
const SECRET = 'a-secret-of-two-dozen-chars';
const KEY = 'a'.repeat(32);

/** What somebody may have had written into an alert. */
const HOSTILE = {
  title: `<!channel> <https://evil.example.com|click> *bold* \`code\` @here \u202e ${'x'.repeat(5_000)}`,
  summary: `line\r\nBcc: victim@example.com\r\n\r\n<!everyone>&lt;"'\u0000${'😀'.repeat(10_000)}`,
  service_name: 'a\r\nSubject: other\u0007',
  services: Array.from({ length: 300 }, (_, i) => `service-${i}-${'y'.repeat(100)}`),
  link: 'javascript:alert(1)',
};
const EMPTY = { title: '', summary: '', service_name: '', services: [], kind: '', link: '' };

describe('a receiver over HTTP', () => {
  let server: Awaited<ReturnType<typeof newTestReceiver>>;
  beforeEach(async () => (server = await newTestReceiver()));
  afterEach(() => server.close());
  const valueOf = (type: string) =>
    ({
      webhook: { type, url: `${server.url}/hook?a=b`, secret: SECRET },
      slack: { type, url: `${server.url}/services/T/B/x` },
      pagerduty: { type, url: `${server.url}/v2/enqueue`, routing_key: KEY },
      alertmanager: { type, url: `${server.url}/prefix/` },
    })[type] ?? {};
  const deliver = (type: string, alert: object = {}, reason: DeliveryReason = 'firing') =>
    newTestDeliverer([server.port]).deliver(newTestRequest(valueOf(type), alert, reason));
  const body = () => JSON.parse(server.heard.at(-1)?.text ?? '') as Record<string, unknown>;

  const types = Object.keys(VENDOR_SCHEMAS) as (keyof typeof VENDOR_SCHEMAS)[];
  const cases = types.flatMap((type) =>
    DELIVERY_REASONS.flatMap((reason) => ([['an alert', {}], ['hostile texts', HOSTILE], ['empty texts', EMPTY]] as const).map(([what, alert]) => ({ type, reason, what, alert }))),
  ); // prettier-ignore
  it.each(cases)('of type $type takes $what that is $reason', async ({ type, reason, alert }) => {
    expect(await deliver(type, alert, reason)).toMatchObject({ outcome: 'delivered', http_status: 202, error: '' });
    const isValid = ajv.compile(VENDOR_SCHEMAS[type]);
    isValid(body());
    expect(isValid.errors).toBeNull();
    expect(server.heard[0]?.headers['content-type']).toMatch(/^application\/json/);
  });

  it('of type webhook can tell who sent it and when, and that it is the same again', async () => {
    await deliver('webhook');
    const [heard] = server.heard;
    const timestamp = String(NOW / 1_000);
    const signed = createHmac('sha256', SECRET)
      .update(`d1.${timestamp}.${heard?.text ?? ''}`)
      .digest('base64');
    expect(heard?.headers).toMatchObject({ 'webhook-id': 'd1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signed}`, 'idempotency-key': 'd1' }); // prettier-ignore
    expect(heard?.path).toBe('/hook?a=b');
  });

  it.each<[DeliveryReason, string]>([['firing', 'trigger'], ['reminder', 'trigger'], ['acknowledged', 'acknowledge'], ['resolved', 'resolve']])(
    'of type pagerduty hears of %s as %s, of one matter under one key',
    async (reason, action) => {
      await deliver('pagerduty', { dedupe_key: 'k' }, reason);
      expect(body()).toMatchObject({ event_action: action, dedup_key: 'telltale:acme:k', routing_key: KEY });
      await deliver('pagerduty', { dedupe_key: 'k'.repeat(400) }, reason);
      expect(String(body()['dedup_key']).length).toBeLessThanOrEqual(255);
    },
  ); // prettier-ignore

  it('of type slack shows what others wrote as it is: no mention, no link, no formatting', async () => {
    await deliver('slack', { ...HOSTILE, title: '<!channel> <https://evil.example.com|x> & more' });
    const { text, blocks } = body() as { text: string; blocks: readonly { text?: { type: string } }[] };
    expect(text).toBe('Firing: &lt;!channel&gt; &lt;https://evil.example.com|x&gt; &amp; more');
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
    expect(JSON.stringify(blocks)).not.toContain('javascript:');
  });

  it('of type alertmanager hears of one matter under the same labels, with an end', async () => {
    await deliver('alertmanager');
    const [firing] = body() as unknown as Record<string, unknown>[];
    await deliver('alertmanager', { title: 'Over: other title', severity: 'info' }, 'resolved');
    const [resolved] = body() as unknown as Record<string, unknown>[];
    expect(resolved?.['labels']).toEqual(firing?.['labels']);
    expect([firing?.['startsAt'], firing?.['endsAt']]).toEqual(['2026-03-02T12:29:00.000Z', '2026-03-09T12:30:00.000Z']);
    expect(resolved?.['endsAt']).toBe('2026-03-02T12:30:00.000Z');
    expect(server.heard[0]?.path).toBe('/prefix/api/v2/alerts');
  });

  it.each([
    [{ username: 'ada', password: SECRET }, `Basic ${Buffer.from(`ada:${SECRET}`).toString('base64')}`],
    [{ bearer_token: SECRET }, `Bearer ${SECRET}`],
  ])('of type alertmanager may ask who it is', async (who, header) => {
    const value = { type: 'alertmanager', url: server.url, ...who };
    await newTestDeliverer([server.port]).deliver(newTestRequest(value));
    expect(server.heard[0]?.headers.authorization).toBe(header);
  });

  it.each([
    [200, {}, { outcome: 'delivered', error: '', retry_after_ms: null }],
    [302, { location: 'https://example.com' }, { outcome: 'failed', error: expect.stringContaining('redirects are not followed') as string }],
    [400, {}, { outcome: 'failed', error: 'HTTP 400' }],
    [404, {}, { outcome: 'failed' }],
    [429, { 'retry-after': '30' }, { outcome: 'retry', retry_after_ms: 30_000 }],
    [503, { 'retry-after': 'Mon, 02 Mar 2026 12:31:00 GMT' }, { outcome: 'retry', retry_after_ms: 60_000 }],
    [503, { 'retry-after': '999999' }, { outcome: 'retry', retry_after_ms: 3_600_000 }],
    [500, { 'retry-after': 'soon' }, { outcome: 'retry', retry_after_ms: null }],
  ])('that answers %i with %j comes to %j', async (status, headers, expected) => {
    Object.assign(server.answer, { status, headers });
    expect(await deliver('webhook')).toMatchObject({ http_status: status, ...expected });
  }); // prettier-ignore

  it('that is not there may be there later', async () => {
    server.close();
    expect(await deliver('slack')).toMatchObject({
      outcome: 'retry',
      http_status: null,
      error: 'it cannot be reached (ECONNREFUSED)',
    });
  });

  it('has its secrets from where they are, and names what is missing, never a secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-secrets-'));
    writeFileSync(join(folder, 'hook'), `${SECRET}\n`);
    const place = 'receiver/acme/ops';
    const sealedUrl = newTestSecrets().seal(`${place}/url`, `${server.url}/x`);
    const env = { TELLTALE_RECEIVER_HOOK: SECRET };
    const sut = newTestDeliverer([server.port], { env, folder });
    const outcome = async (value: object) => {
      const { outcome: is, error } = await sut.deliver(
        newTestRequest({ type: 'webhook', url: sealedUrl, secret: SECRET, ...value }),
      );
      return `${is} ${error}`.trim();
    };
    expect(await outcome({ secret: 'env:TELLTALE_RECEIVER_HOOK' })).toBe('delivered');
    expect(await outcome({ secret: 'file:hook' })).toBe('delivered');
    const signatures = server.heard.map(({ headers }) => headers['webhook-signature']);
    expect(signatures[0]).toBe(signatures[1]);
    expect(await outcome({ secret: 'env:TELLTALE_RECEIVER_NONE' })).toBe('failed env:TELLTALE_RECEIVER_NONE is not set where the sender runs: set the variable there'); // prettier-ignore
    expect(await outcome({ secret: 'file:none' })).toContain('failed file:none cannot be read (ENOENT)');
    expect(server.heard).toHaveLength(2);
    rmSync(folder, { recursive: true });
  });
});

describe('a receiver of mail', () => {
  const servers: Awaited<ReturnType<typeof newTestMailServer>>[] = [];
  const newServer = async (refuse: Parameters<typeof newTestMailServer>[0] = {}) => {
    const server = await newTestMailServer(refuse);
    servers.push(server);
    return server;
  };
  afterEach(() => servers.splice(0).forEach(({ close }) => close()));
  const valueOf = (port: number, change: object = {}) => ({ type: 'email', host: '127.0.0.1', port, tls: 'none', from: 'telltale@example.com', to: ['ops@example.com', 'ada@example.com'], ...change }); // prettier-ignore

  it('hears of an alert, under an id that stays the same, as part of one conversation', async () => {
    const server = await newServer();
    const sut = newTestDeliverer([server.port]);
    const value = valueOf(server.port, { username: 'ada', password: SECRET });
    expect(await sut.deliver(newTestRequest(value))).toMatchObject({ outcome: 'delivered', error: '', receiver_type: 'email' });
    await sut.deliver(newTestRequest(value, {}, 'firing', 2));
    await sut.deliver({ ...newTestRequest(value, {}, 'resolved'), id: 'd2' });
    const header = (name: string) => server.mails.map((mail) => new RegExp(`^${name}: (.*)$`, 'mi').exec(mail)?.[1]?.trim());
    expect(header('Subject')).toEqual([...Array<string>(2).fill('[critical] Firing: shop: tool search is slow'), '[critical] Resolved: shop: tool search is slow']); // prettier-ignore
    const ids = header('Message-ID');
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
    expect(new Set(header('References')).size).toBe(1);
    expect(server.commands).toContain('RCPT TO:<ada@example.com>');
    expect(server.commands.find((line) => line.startsWith('AUTH'))).toBe(`AUTH PLAIN ${Buffer.from(`\u0000ada\u0000${SECRET}`).toString('base64')}`); // prettier-ignore
  });

  it('gets no header and no recipient from a title, and lines that mail servers take', async () => {
    const server = await newServer();
    const title = 'slow\r\nBcc: victim@example.com\r\n\r\nbody';
    await newTestDeliverer([server.port]).deliver(newTestRequest(valueOf(server.port), { ...HOSTILE, title }));
    const [head = '', ...rest] = (server.mails[0] ?? '').split('\r\n\r\n');
    expect(head).not.toMatch(/^bcc:/im);
    expect(rest.length).toBeGreaterThan(0);
    expect(server.commands.filter((line) => line.startsWith('RCPT'))).toHaveLength(2);
    expect(Math.max(...(server.mails[0] ?? '').split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
  });

  it.each([
    ['a recipient for now', { rcpt: '450 busy' }, 'retry'],
    ['a recipient for good', { rcpt: '550 no such user' }, 'failed'],
    ['the mail', { data: '554 spam' }, 'failed'],
    ['the user', { auth: '535 no' }, 'failed'],
  ])('that refuses %s comes to it', async (_what, refuse, outcome) => {
    const server = await newServer(refuse);
    const value = valueOf(server.port, { username: 'ada', password: SECRET });
    const result = await newTestDeliverer([server.port]).deliver(newTestRequest(value));
    expect(result).toMatchObject({ outcome });
    expect(result.error).not.toContain(SECRET);
  });

  it.each(['starttls', 'implicit'])('that has no TLS gets no password and no mail where %s is asked for', async (tls) => {
    const server = await newServer();
    const value = valueOf(server.port, { tls, username: 'ada', password: SECRET });
    expect((await newTestDeliverer([server.port]).deliver(newTestRequest(value))).outcome).not.toBe('delivered');
    expect([server.mails, server.commands.filter((line) => line.startsWith('AUTH'))]).toEqual([[], []]);
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', 'localhost', '::1', '169.254.169.254'])('at %s is refused', async (host) => {
    const server = await newServer();
    const { allowed, ...rules } = { allowed: { ranges: [], hosts: new Set<string>() }, allowPlainText: true, httpPorts: [], smtpPorts: [server.port], timeoutMs: 5_000 }; // prettier-ignore
    const sut = newTestDeliverer([], { rules: { ...rules, allowed } });
    expect(await sut.deliver(newTestRequest(valueOf(server.port, { host })))).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('is refused: its address is not one of the public internet') as string,
    });
    expect(server.commands).toEqual([]);
  });
});
