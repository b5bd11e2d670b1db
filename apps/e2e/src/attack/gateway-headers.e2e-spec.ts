import { createEncryptor, openKeyFolder } from '@telltale/adapter-crypto';
import { createEmbeddedBroker } from '@telltale/adapter-embedded';
import { TOPICS } from '@telltale/contracts';
import { systemClock } from '@telltale/platform-telemetry';
import { bodyFormOf } from '@telltale/streaming';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceProcess, startService } from '../harness/service-process';

jest.setTimeout(120_000);

const KEYS = { hostile: 'tt_hostile_of_sixteen', other: 'tt_other_of_sixteen_too' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const bodyOf = (id: string): string => JSON.stringify({ kind: 'llm', id, ts: new Date().toISOString(), service_name: 'bot' });
const CRLF = '\r\n';
const request = (key: string, body: string, more: readonly string[] = [], path = '/v1/events'): string =>
  [
    `POST ${path} HTTP/1.1`, 'host: gateway', `authorization: Bearer ${key}`, 'content-type: application/json',
    ...(more.some((line) => /^(?:content-length|transfer-encoding):/i.test(line)) ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ...more, '', body,
  ].join(CRLF); // prettier-ignore
const chunked = (body: string): string => `${body.length.toString(16)}${CRLF}${body}${CRLF}0${CRLF}${CRLF}`;

/** The gateway alone, so that what it wrote to the log can be read; one tenant attacks another. */
describe('a gateway under hostile requests', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-headers-'));
  let gateway: ServiceProcess;
  beforeAll(async () => {
    const settings = join(home, 'settings.yaml');
    const keys = Object.entries(KEYS).map(([tenant, key]) => ({ name: tenant, tenant, sha256: sha256(key), scopes: ['ingest'] }));
    writeFileSync(settings, JSON.stringify({ api_keys: keys }));
    gateway = await startService('gateway', { TELLTALE_HOME: home, TELLTALE_SETTINGS_FILE: settings, LOG_LEVEL: 'debug' });
  });
  afterAll(async () => {
    await gateway.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  /** Sends bytes as they are; the statuses of all answers, until the gateway closes or has nothing more to say. */
  const raw = (bytes: string, answers: number): Promise<number[]> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
      let text = '';
      const statuses = (): number[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      socket.on('data', (part: Buffer) => {
        text += part.toString('latin1');
        if (statuses().length >= answers) socket.destroy();
      });
      socket.setTimeout(15_000, () => socket.destroy());
      socket.on('error', () => undefined).on('close', () => resolve(statuses()));
    });

  it.each<[string, () => string]>([
    ['a length and chunks', () => request(KEYS.hostile, chunked(bodyOf('smuggled-1')), ['content-length: 4', 'transfer-encoding: chunked'])],
    ['two lengths', () => request(KEYS.hostile, bodyOf('smuggled-2'), ['content-length: 4', 'content-length: 90'])],
    ['a length that is none', () => request(KEYS.hostile, bodyOf('smuggled-3'), ['content-length: +9'])],
    ['chunks twice', () => request(KEYS.hostile, chunked(bodyOf('smuggled-4')), ['transfer-encoding: chunked, chunked'])],
    ['an encoding that is none', () => request(KEYS.hostile, chunked(bodyOf('smuggled-5')), ['transfer-encoding: xchunked'])],
    ['a space before the colon', () => request(KEYS.hostile, chunked(bodyOf('smuggled-6')), ['transfer-encoding : chunked'])],
    ['a header that goes on in the next line', () => request(KEYS.hostile, bodyOf('smuggled-7'), ['x-a: b', ' transfer-encoding: chunked'])],
    ['a bare line feed in a header', () => request(KEYS.hostile, bodyOf('smuggled-8'), ['x-a: b\ntransfer-encoding: chunked'])],
    ['a NUL in a header', () => request(KEYS.hostile, bodyOf('smuggled-9'), ['x-a: b\0c'])],
  ])('refuses %s, and takes nothing that comes behind it', async (_what, bytes) => {
    const behind = request(KEYS.other, bodyOf('behind'));
    const statuses = await raw(bytes() + behind, 1);
    expect(statuses.filter((status) => status < 400)).toEqual([]);
  }); // prettier-ignore

  it('answers pipelined requests each for the tenant of its own key', async () => {
    const pipelined = [
      request(KEYS.hostile, bodyOf('first-hostile')),
      request('tt_nobody_of_sixteen', bodyOf('nobody')),
      request(KEYS.other, bodyOf('second-other')),
      request(KEYS.hostile, bodyOf('third-hostile')),
    ];
    expect(await raw(pipelined.join(''), pipelined.length)).toEqual([200, 401, 200, 200]);
  });

  it.each<[string, readonly string[], readonly number[]]>([
    [
      'headers of the log',
      ['tt-tenant: other', 'tt-format: otlp-traces', 'tt-encryption-key-id: 2020-01-01', 'tt-backfill: 1'],
      [200],
    ],
    ['a second key', [`authorization: Bearer ${KEYS.other}`], [200, 401]],
    ['a key that is none, in the other header', ['x-telltale-key: other'], [200, 401]],
    ['a forwarded tenant', ['x-forwarded-user: other', 'x-scope-orgid: other', 'x-tenant: other'], [200]],
    ['a method of its own', ['x-http-method-override: DELETE'], [200]],
  ])('gives nobody another tenant by %s', async (what, more, allowed) => {
    const [status] = await raw(request(KEYS.hostile, bodyOf(`as-hostile ${what}`), more), 1);
    expect(allowed).toContain(status);
  });

  it('writes each of its log lines as one JSON object without control characters, whatever requests say', async () => {
    const evil = `x\\n{"level":50,"msg":"forged"}\u001b[2J\u202e`;
    await raw(request(`tt_${encodeURIComponent(evil)}`, bodyOf('log')), 1);
    await raw(request(KEYS.hostile, bodyOf('log'), [], `/v1/events?${encodeURIComponent(evil)}`), 1);
    await raw(request(KEYS.hostile, JSON.stringify({ kind: evil, ts: evil, service_name: evil })), 1);
    expect(gateway.lines.length).toBeGreaterThan(0);
    expect(gateway.lines.filter((line) => !line.startsWith('{'))).toEqual([]);
    for (const line of gateway.lines) expect(typeof JSON.parse(line)).toBe('object');
    // What a terminal would obey.
    const obeyed = gateway.lines.filter((line) => [...line].some((char) => char < ' ' || char === '\u007f' || char === '\u202e'));
    expect(obeyed).toEqual([]);
    expect(gateway.lines.join('\n')).not.toContain('forged');
  });

  it('has written to the log only what each tenant sent with its own key, under its own name', async () => {
    await gateway.kill('SIGTERM');
    const broker = createEmbeddedBroker({ path: join(home, 'log'), clock: systemClock, partitions: 1 });
    const encryptor = createEncryptor({ keys: openKeyFolder(join(home, 'keys'), true), clock: systemClock });
    try {
      const records = await broker.newest(TOPICS.raw.name, 1_000);
      const byTenant = new Map<string, string[]>();
      for (const { headers, value } of records) {
        const tenant = headers['tt-tenant'] ?? '';
        const body = encryptor.decrypt(tenant, headers['tt-encryption-key-id'] ?? '', value ?? Buffer.alloc(0), bodyFormOf(headers)).toString(); // prettier-ignore
        const ids = [...body.matchAll(/"id":"([^"]*)"/g)].map(([, id = '']) => id);
        byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), ...ids]);
      }
      expect(byTenant.get('other')).toEqual(['second-other']);
      const hostile = byTenant.get('hostile') ?? [];
      expect(hostile).toEqual(expect.arrayContaining(['first-hostile', 'third-hostile']));
      expect(hostile.filter((id) => /^(?:smuggled|behind|nobody)/.test(id))).toEqual([]);
      expect([...byTenant.keys()].sort()).toEqual(['hostile', 'other']);
    } finally {
      await broker.close();
    }
  });
});
