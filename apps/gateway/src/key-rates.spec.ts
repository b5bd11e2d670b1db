import { gzipSync } from 'node:zlib';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { encodeTraces } from '@telltale/adapter-otlp';
import { newTestSetting } from '@telltale/settings/testing';
import { createGrpcReceiver } from './grpc-receiver';
import { groups, span } from './receivers.fixture';
import { KEY, newTestGateway, newTestHttps, NOW, sha256 } from './gateway.fixture';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const SPANS = encodeTraces(groups(span()));
const event = { kind: 'llm', ts: NOW, service_name: 'bot' };

describe('the rate of an API key at the gateway', () => {
  const { newTestHttp, close } = newTestHttps();
  afterEach(close);
  async function newTestPosts(rates: { requestsPerSecond: number; bytesPerSecond: number }) {
    const gateway = await newTestHttp({ rates });
    const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
      gateway.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'x-telltale-key': KEY, 'content-type': 'application/json', ...headers },
      });
    return { ...gateway, post };
  }

  it('a key that floods it gets 429 with Retry-After, and other keys are served', async () => {
    const { post, pass, counts, raw } = await newTestPosts({ requestsPerSecond: 1, bytesPerSecond: 0 });
    const statuses: number[] = [];
    for (let i = 0; i < 15; i++) statuses.push((await post('/v1/events', JSON.stringify(event))).statusCode);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), ...Array.from({ length: 5 }, () => 429)]);
    expect(raw()).toHaveLength(10);
    const refused = await post('/v1/events', JSON.stringify(event));
    expect([refused.headers['retry-after'], refused.json()]).toEqual([
      '1',
      {
        error: {
          code: 'rate_limited',
          message: 'the API key acme is over its limit of 1 requests per second; wait 1 s and send less, or have max_requests_per_second of this api_key raised (or GATEWAY_KEY_REQUESTS_PER_SECOND)', // prettier-ignore
        },
      },
    ]);
    expect(counts.get('telltale_rate_limited_requests_total gateway requests')).toBe(6);
    expect((await post('/v1/events', JSON.stringify(event), { 'x-telltale-key': 'tt_beta' })).statusCode).toBe(200);
    pass(1_000);
    expect((await post('/v1/events', JSON.stringify(event))).statusCode).toBe(200);
  });

  it('counts every receiver and what SDKs ask for, as OTLP says it', async () => {
    const { post, inject } = await newTestPosts({ requestsPerSecond: 1, bytesPerSecond: 0 });
    for (let i = 0; i < 5; i++) await inject({ method: 'GET', url: '/v1/control', headers: { 'x-telltale-key': KEY } });
    for (const path of ['events', 'conversations', 'traces', 'logs', 'acks'])
      expect((await post(`/v1/${path}`, '')).statusCode).toBe(200);
    const control = await inject({ method: 'GET', url: '/v1/control', headers: { 'x-telltale-key': KEY } });
    expect([control.statusCode, control.headers['retry-after']]).toEqual([429, '1']);
    const otlp = await post('/v1/traces', '', { 'content-type': 'application/json' });
    expect([otlp.statusCode, otlp.headers['retry-after'], otlp.json()]).toMatchObject([429, '1', { code: 8, message: expect.stringContaining('over its limit') as string }]); // prettier-ignore
  });

  it('counts bytes as they are received, and as they inflate', async () => {
    const { post, pass } = await newTestPosts({ requestsPerSecond: 0, bytesPerSecond: 1_000 });
    const body = JSON.stringify([{ ...event, body: 'x'.repeat(15_000) }]);
    for (const sent of [
      () => post('/v1/events', body),
      () => post('/v1/events', gzipSync(body), { 'content-encoding': 'gzip' }),
    ]) {
      expect((await sent()).statusCode).toBe(200);
      const refused = await sent();
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([
        429,
        String(Math.ceil((body.length - 10_000) / 1_000)),
      ]);
      expect(refused.body).toContain('1000 bytes per second');
      pass(30_000);
    }
  });

  it('is that of its setting, from when that is changed', async () => {
    const { post, settings } = await newTestPosts({ requestsPerSecond: 0, bytesPerSecond: 0 });
    for (let i = 0; i < 30; i++) expect((await post('/v1/events', '')).statusCode).toBe(200);
    settings.put(newTestSetting('api_key', 'acme', { sha256: sha256(KEY), max_requests_per_second: 2 }, 'acme', 2));
    const statuses = [];
    for (let i = 0; i < 25; i++) statuses.push((await post('/v1/events', '')).statusCode);
    expect(statuses.filter((code) => code === 200)).toHaveLength(20);
  });

  it('is RESOURCE_EXHAUSTED over gRPC, with a delay to wait', async () => {
    const { deps } = newTestGateway({ rates: { requestsPerSecond: 1, bytesPerSecond: 0 } });
    const receiver = await createGrpcReceiver(deps, 0);
    const client = new Client(`127.0.0.1:${receiver.port}`, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('x-telltale-key', KEY);
    const call = (): Promise<ServiceError | null> =>
      new Promise((resolve) => {
        const same = (bytes: Buffer): Buffer => bytes;
        client.makeUnaryRequest(EXPORT, same, same, SPANS, metadata, (error) => resolve(error));
      });
    try {
      for (let i = 0; i < 10; i++) expect(await call()).toBeNull();
      const refused = await call();
      expect(refused?.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(refused?.details).toContain('over its limit of 1 requests per second');
      expect(String(refused?.metadata.get('grpc-status-details-bin')[0])).toContain('google.rpc.RetryInfo');
    } finally {
      client.close();
      await receiver.close();
    }
  });
});
