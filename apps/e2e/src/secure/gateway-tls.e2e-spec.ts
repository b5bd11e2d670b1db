import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { createTestAuthority, type TestAuthority } from '@telltale/testkit';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EndedEarly, type ServiceProcess, startService } from '../harness/service-process';
import { ROOT } from '../harness/python-sdk';

jest.setTimeout(120_000);
const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const folder = mkdtempSync(join(tmpdir(), 'telltale-gateway-tls-'));
const home = join(folder, 'home');
const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
let authority: TestAuthority;
let running: ServiceProcess;
let apiKey: string;

beforeAll(async () => {
  authority = createTestAuthority();
  const issued = authority.issue('gateway.example');
  copyFileSync(issued.cert, cert);
  copyFileSync(issued.key, key);
  running = await startService('standalone', { TELLTALE_HOME: home, GATEWAY_TLS_CERT_FILE: cert, GATEWAY_TLS_KEY_FILE: key });
  apiKey = readFileSync(join(home, 'api-key'), 'utf8').trim();
}, 90_000);
afterAll(async () => {
  await running.kill('SIGKILL');
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});

const post = (ca: Buffer | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', agent: false as const, headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }, ...(ca && { ca }) }; // prettier-ignore
    request(`${running.url}/v1/events`, options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end(JSON.stringify([{ kind: 'llm', ts: Date.now(), service_name: 'bot' }]));
  });

describe('a gateway with a certificate', () => {
  it('serves HTTPS to who trusts its authority, and nobody else', async () => {
    expect(running.url).toMatch(/^https:/);
    expect(await post(readFileSync(authority.ca))).toBe(200);
    await expect(post(undefined)).rejects.toThrow(/unable to verify|self.signed/);
  });

  it('answers no plain HTTP at that port', async () => {
    const { port } = new URL(running.url);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connectTcp(Number(port), '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'));
      socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
      socket.on('error', () => undefined).on('close', () => resolve(text));
    });
    expect(said).not.toMatch(/200 OK|"status"/);
  });

  it.each([
    ['with its authority', true, null],
    ['without TLS', false, 14],
  ])('takes OTLP/gRPC %s: %s', async (_title, secure, code) => {
    const client = new Client(`127.0.0.1:${running.grpcPort}`, secure ? credentials.createSsl(readFileSync(authority.ca)) : credentials.createInsecure()); // prettier-ignore
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${apiKey}`);
    const same = (bytes: Buffer): Buffer => bytes;
    const failure = await new Promise<number | null>(
      (resolve) =>
      client.makeUnaryRequest(TRACES, same, same, Buffer.alloc(0), metadata, { deadline: Date.now() + 20_000 }, (error) => resolve(error?.code ?? null)), // prettier-ignore
    );
    client.close();
    expect(failure).toBe(code);
  });

  it('is healthy for the check of its container, whatever its certificate names', () => {
    const env = { PATH: process.env['PATH'], HTTP_PORT: new URL(running.url).port, GATEWAY_TLS_CERT_FILE: cert };
    const check = (more: object) =>
      spawnSync(process.execPath, [join(ROOT, 'deploy', 'docker', 'healthcheck.cjs')], { env: { ...env, ...more }, encoding: 'utf8' }); // prettier-ignore
    expect(check({})).toMatchObject({ status: 0, stderr: '' });
    expect(check({ GATEWAY_TLS_CERT_FILE: '' }).status).toBe(1);
  });

  it('tells commands of the same machine how to reach it', () => {
    const ask = (env: Record<string, string>) =>
      spawnSync(process.execPath, [join(ROOT, 'dist', 'apps', 'cli', 'main.cjs'), 'query', 'SELECT 1'], { env: { PATH: process.env['PATH'], TELLTALE_HOME: home, ...env }, encoding: 'utf8' }); // prettier-ignore
    const refused = ask({});
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toMatch(/certificate .*TELLTALE_URL.*NODE_EXTRA_CA_CERTS/s);
    expect(ask({ NODE_EXTRA_CA_CERTS: authority.ca })).toMatchObject({ status: 0 });
  });

  it('does not start with a key of another certificate', async () => {
    const other = authority.issue('other.example');
    const env = { TELLTALE_HOME: join(folder, 'other'), GATEWAY_TLS_CERT_FILE: cert, GATEWAY_TLS_KEY_FILE: other.key };
    const error: unknown = await startService('standalone', env).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(EndedEarly);
    expect((error as EndedEarly).lines.join('\n')).toContain(
      'GATEWAY_TLS_CERT_FILE and GATEWAY_TLS_KEY_FILE cannot be used together: give a certificate and the key it was made with',
    );
  });
});
