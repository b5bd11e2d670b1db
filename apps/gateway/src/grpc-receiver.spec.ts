import { connect } from 'node:http2';
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { encodeTraces } from '@telltale/adapter-otlp';
import { type OtlpSpan } from '@telltale/contracts';
import { TransientError } from '@telltale/kernel';
import { KEY, keySetting, newTestGateway } from './gateway.fixture';
import { createGrpcReceiver, type GrpcReceiver } from './grpc-receiver';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const spans = (over: Partial<OtlpSpan> = {}): Buffer =>
  encodeTraces({
    groups: [
      {
        resource: {},
        scope: { name: '', version: '', attributes: {} },
        items: [{}, over].map((change, index) => ({
          index,
          item: {
            traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', parentSpanId: '', traceState: '', name: 'chat', kind: 3,
            startMs: 1_764_000_000_000, endMs: 0, attributes: {}, events: [], links: [], status: { code: 0, message: '' }, ...change,
          }, // prettier-ignore
        })),
      },
    ],
  });

describe('the gRPC receiver', () => {
  const open: { receiver: GrpcReceiver; client: Client }[] = [];
  async function newTestReceiver(over: Parameters<typeof newTestGateway>[0] = {}, options: object = {}) {
    const gateway = newTestGateway(over);
    gateway.settings.put(keySetting('tt_reader', 'acme', 'reader', ['read']));
    const receiver = await createGrpcReceiver(gateway.deps, 0);
    const client = new Client(`127.0.0.1:${receiver.port}`, credentials.createInsecure(), options);
    open.push({ receiver, client });
    const call = (
      path: string,
      body: Buffer,
      headers: Record<string, string> = { authorization: `Bearer ${KEY}` },
    ): Promise<{ answer: Buffer | undefined; error: ServiceError | null }> => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new Promise((resolve) => {
        client.makeUnaryRequest(
          path,
          (bytes: Buffer) => bytes,
          (bytes: Buffer) => bytes,
          body,
          metadata,
          { deadline: Date.now() + 5_000 },
          (error, answer) => resolve({ answer, error }),
        );
      });
    };
    return { ...gateway, call, port: receiver.port };
  }
  afterEach(async () => {
    for (const { receiver, client } of open.splice(0)) {
      client.close();
      await receiver.close();
    }
  });

  it('takes spans and log records, with either header', async () => {
    const { call, raw, opened, counts, observed } = await newTestReceiver();
    const { answer } = await call(TRACES, spans());
    expect(answer).toHaveLength(0);
    expect(opened(raw()[0]!).equals(spans())).toBe(true);
    expect((await call(LOGS, Buffer.alloc(0), { 'x-telltale-key': KEY })).error).toBeNull();
    expect(counts.get('telltale_gateway_requests_total grpc_traces OK')).toBe(1);
    expect(observed.get('telltale_gateway_request_duration_seconds grpc_traces 2xx')).toHaveLength(1);
  });

  it('takes gzip', async () => {
    const { call, raw, opened } = await newTestReceiver({}, { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip });
    expect((await call(TRACES, spans({ name: 'x'.repeat(2_000) }))).error).toBeNull();
    expect(opened(raw()[0]!).equals(spans({ name: 'x'.repeat(2_000) }))).toBe(true);
  });

  it('tells of bad spans as a partial success', async () => {
    const { call, raw } = await newTestReceiver();
    const { answer, error } = await call(TRACES, spans({ spanId: '01' }));
    expect(error).toBeNull();
    expect(answer?.toString()).toContain('span 1: span_id must be 8 bytes');
    expect(raw()).toHaveLength(1);
  });

  it.each<[string, Buffer, Record<string, string>, number, string]>([
    ['no key', spans(), {}, status.UNAUTHENTICATED, 'no API key'],
    ['an unknown key', spans(), { 'x-telltale-key': 'nobody' }, status.UNAUTHENTICATED, 'unknown API key'],
    ['a key without the scope', spans(), { 'x-telltale-key': 'tt_reader' }, status.PERMISSION_DENIED, 'lacks the scope ingest'],
    ['a body cut off', spans().subarray(0, 20), { 'x-telltale-key': KEY }, status.INVALID_ARGUMENT, 'at byte'],
    ['a body over the limit', Buffer.alloc(20_000), { 'x-telltale-key': KEY }, status.RESOURCE_EXHAUSTED, 'over 10000 bytes'],
  ])('refuses %s', async (_what, body, headers, code, text) => {
    const { call, raw } = await newTestReceiver({ maxBodyBytes: 10_000 });
    const { error } = await call(TRACES, body, headers);
    expect(error?.code).toBe(code);
    expect(error?.details).toContain(text);
    expect(raw()).toHaveLength(0);
  });

  it('refuses a body that is over the limit once decompressed', async () => {
    const { call } = await newTestReceiver(
      { maxBodyBytes: 10_000 },
      { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip },
    );
    expect((await call(TRACES, Buffer.alloc(100_000))).error?.code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('is UNAVAILABLE, with a delay to wait, while the log is down or too much is on its way', async () => {
    const { call, fail, deps } = await newTestReceiver({ maxInflightBytes: 200 });
    fail(new TransientError('unavailable', 'down'));
    const down = await call(TRACES, spans());
    expect(down.error?.code).toBe(status.UNAVAILABLE);
    expect(String(down.error?.metadata.get('grpc-status-details-bin')[0])).toContain('google.rpc.RetryInfo');
    fail(null);
    const other = deps.inflight.hold('beta');
    other.grow(199);
    expect((await call(TRACES, spans())).error?.code).toBe(status.UNAVAILABLE);
    other.release();
    expect((await call(TRACES, spans())).error).toBeNull();
  });

  it('ends a call whose message comes too slowly, and holds only what has come of it', async () => {
    const { port, pass, wake, gauges } = await newTestReceiver();
    const session = connect(`http://127.0.0.1:${port}`);
    const headers = { ':method': 'POST', ':path': TRACES, 'content-type': 'application/grpc', 'x-telltale-key': KEY };
    const slow = session.request(headers);
    const answer = new Promise<Record<string, unknown>>((resolve) => slow.once('response', (got) => resolve({ ...got })));
    slow.write(Buffer.from([0, 0, 122, 0, 0, 1]));
    const held = () => gauges.get('telltale_gateway_inflight_bytes') ?? 0;
    while (held() !== 6) await new Promise((resolve) => setImmediate(resolve));
    pass(6_000);
    wake();
    expect(await answer).toMatchObject({
      'grpc-status': String(status.DEADLINE_EXCEEDED),
      'grpc-message': expect.stringContaining('comes slower than') as string,
    });
    while (held() !== 0) await new Promise((resolve) => setImmediate(resolve));
    session.destroy();
  });

  it.each([
    ['a method that is not there', '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', spans(), 'no such method'],
  ])('refuses %s', async (_what, path, body, text) => {
    const { call } = await newTestReceiver();
    expect((await call(path, body)).error?.details).toContain(text);
  });

  it('refuses two messages', async () => {
    const { port } = await newTestReceiver();
    const session = connect(`http://127.0.0.1:${port}`);
    const request = session.request({
      ':method': 'POST',
      ':path': TRACES,
      'content-type': 'application/grpc',
      'x-telltale-key': KEY,
    });
    const answer = new Promise<Record<string, unknown>>((resolve) => request.once('response', (got) => resolve({ ...got })));
    request.end(Buffer.alloc(10));
    expect((await answer)['grpc-message']).toContain('must hold one message');
    session.destroy();
  });

  it('says which setting to change when its port is taken', async () => {
    const { deps } = newTestGateway();
    const first = await createGrpcReceiver(deps, 0);
    try {
      await expect(createGrpcReceiver(deps, first.port)).rejects.toThrow('GATEWAY_GRPC_PORT');
    } finally {
      await first.close();
    }
  });
});
