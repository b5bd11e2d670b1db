import { request as httpRequest } from 'node:http';
import { TransientError } from '@telltale/kernel';
import { type Trace } from '@telltale/streaming';
import { eventually } from '@telltale/testkit';
import { KEY, NOW, newTestHttps } from './gateway.fixture';

const event = { kind: 'llm', ts: NOW, service_name: 'bot' };
const auth = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
describe('the gateway behind HTTP', () => {
  const { newTestHttp, close } = newTestHttps();
  afterEach(close);

  it.each(['events', 'conversations', 'traces', 'logs', 'acks'])(
    'has a receiver at /v1/%s that wants a key',
    async (receiver) => {
      const { inject } = await newTestHttp();
      const refused = await inject({
        method: 'POST',
        url: `/v1/${receiver}`,
        payload: '',
        headers: { 'content-type': 'application/json' },
      });
      expect(refused.statusCode).toBe(401);
      const taken = await inject({ method: 'POST', url: `/v1/${receiver}`, payload: '', headers: auth });
      expect(taken.statusCode).toBe(200);
    },
  );

  it('takes the key from either header', async () => {
    const { inject, raw } = await newTestHttp();
    for (const headers of [{ authorization: `bearer ${KEY}` }, { 'x-telltale-key': KEY }]) {
      const answer = await inject({
        method: 'POST',
        url: '/v1/events',
        payload: JSON.stringify(event),
        headers: { ...headers, 'content-type': 'application/json' },
      });
      expect(answer.json()).toEqual({ accepted: 1, rejected: 0, errors: [] });
      expect(answer.headers['x-telltale-tenant']).toBe('acme');
    }
    expect(raw()).toHaveLength(2);
  });

  it('measures each request once by route and class of status, refused ones too, and no control stream', async () => {
    const { app, inject, observed, stop } = await newTestHttp({ maxBodyBytes: 100 });
    const measured = (route: string): number => observed.get(`telltale_gateway_request_duration_seconds ${route}`)?.length ?? 0;
    const post = (url: string, payload: string, headers: Record<string, string> = auth) =>
      inject({ method: 'POST', url, payload, headers });
    await post('/v1/events', '', {});
    await post('/v1/events', 'x'.repeat(101));
    await post('/v1/events', JSON.stringify(event));
    await post('/v1/traces', '');
    await post('/v1/elsewhere', '');
    await eventually(
      'directives have been read',
      async () => {
        const { statusCode } = await inject({ method: 'GET', url: '/v1/control', headers: auth });
        return { done: statusCode === 200, seen: statusCode };
      },
      5_000,
      5,
    );
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const stream = await fetch(`http://127.0.0.1:${port}/v1/control?stream=1`, { headers: auth });
    stop();
    await stream.text();
    expect(stream.status).toBe(200);
    expect(['events 4xx', 'events 2xx', 'traces 2xx', 'control 2xx'].map(measured)).toEqual([2, 1, 1, 1]);
    expect([...observed.keys()].filter((key) => !/ (events|traces|control) \dxx$/.test(key))).toEqual([]);
  });

  it('records one trace for each request, and takes none of the trace of its client', async () => {
    const traces: Trace[] = [];
    const { inject } = await newTestHttp({ tracer: { record: (trace) => void traces.push(trace) } });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const post = (url: string, headers: Record<string, string>) =>
      inject({ method: 'POST', url, payload: JSON.stringify(event), headers });
    await post('/v1/events', { ...auth, traceparent, baggage: 'user=hunter2' });
    await post('/v1/events', { ...auth, 'user-agent': 'telltale-self-reports' });
    await post('/v1/events?key=hunter2', { traceparent: `00-${'0'.repeat(32)}-hunter2-01` });
    await post('/v1/elsewhere', auth);
    const attributes = { 'http.request.method': 'POST', 'http.route': '/v1/events' };
    const common = { service: 'gateway', kind: 'server', name: 'POST /v1/events', to: NOW };
    expect(
      traces.map(({ from, servesOthersThan, ...trace }) => ({
        ...trace,
        isBefore: from <= NOW,
        forOthers: servesOthersThan('acme'),
      })),
    ).toEqual([
      {
        ...common,
        attributes: { ...attributes, 'http.response.status_code': 200 },
        links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }],
        isBefore: true,
        forOthers: true,
      },
      { ...common, attributes: { ...attributes, 'http.response.status_code': 200 }, isBefore: true, forOthers: false },
      { ...common, attributes: { ...attributes, 'http.response.status_code': 401 }, isBefore: true, forOthers: true },
    ]);
  });

  it('records an error where the log cannot be reached', async () => {
    const traces: Trace[] = [];
    const { inject, fail } = await newTestHttp({ tracer: { record: (trace) => void traces.push(trace) } });
    fail(new TransientError('unavailable', 'no brokers'));
    const { statusCode } = await inject({ method: 'POST', url: '/v1/events', payload: JSON.stringify(event), headers: auth });
    expect({ statusCode, errors: traces.map(({ error }) => error) }).toEqual({ statusCode: 503, errors: ['503'] });
  });

  it('refuses a body by its announced length before it reads it, and releases what it held', async () => {
    const { inject, gauges, counts } = await newTestHttp({ maxBodyBytes: 100 });
    const answer = await inject({
      method: 'POST',
      url: '/v1/traces',
      payload: Buffer.alloc(101),
      headers: { ...auth, 'content-type': 'application/x-protobuf' },
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.headers['content-type']).toBe('application/x-protobuf');
    expect(counts.get('telltale_gateway_requests_total traces 413')).toBe(1);
    expect((await inject({ method: 'POST', url: '/v1/events', payload: JSON.stringify(event), headers: auth })).statusCode).toBe(
      200,
    );
    const held = (): unknown => gauges.get('telltale_gateway_inflight_bytes');
    await eventually('all that was held is released', () => Promise.resolve({ done: held() === 0, seen: held() }), 5_000, 5);
    expect(held()).toBe(0);
  });

  it('bounds a body that does not say its length', async () => {
    const { app } = await newTestHttp({ maxBodyBytes: 1_000 });
    await app.listen(0, '127.0.0.1');
    const post = (bytes: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = httpRequest(
          `${app.getHttpServer().address() ? `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}` : ''}/v1/events`,
          {
            method: 'POST',
            headers: { ...auth, 'transfer-encoding': 'chunked' },
          },
        );
        request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
        request.on('error', reject);
        request.write(JSON.stringify(event));
        request.end(' '.repeat(bytes));
      });
    expect(await post(10)).toBe(200);
    expect(await post(2_000)).toBe(413);
  });

  it('answers 429 when too much is on its way', async () => {
    const { inject, deps } = await newTestHttp({ maxInflightBytes: 50 });
    const other = deps.inflight.hold('beta');
    other.grow(40);
    const answer = await inject({ method: 'POST', url: '/v1/events', payload: JSON.stringify(event), headers: auth });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '1']);
    other.release();
    expect((await inject({ method: 'POST', url: '/v1/events', payload: JSON.stringify(event), headers: auth })).statusCode).toBe(
      200,
    );
  });
});
