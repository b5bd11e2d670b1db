import { decodeTraces } from '@telltale/adapter-otlp';
import { type Trace } from '@telltale/streaming';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newTestReceiver } from './receiver.fixture';
import { FROM, newTestTrace } from './traces.fixture';

const ROOT = join(__dirname, '..', '..', '..', '..');
const PROGRAM = join(__dirname, 'export-some.fixture.ts');

async function exportTo(endpoint: string, ...traces: Trace[]): Promise<{ counts: Record<string, number>; lines: string[] }> {
  const given = JSON.stringify({ endpoint, traces });
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'tools', 'run-ts.mjs'), PROGRAM, given], {
    cwd: ROOT,
  });
  return JSON.parse(stdout) as Awaited<ReturnType<typeof exportTo>>;
}

jest.setTimeout(60_000);

describe('own traces over OTLP/HTTP', () => {
  const open: { close(): Promise<void> }[] = [];
  const listen = async (statuses: number[] = []) => {
    const receiver = await newTestReceiver(statuses);
    open.push(receiver);
    const spans = () => receiver.received.flatMap(({ body }) => decodeTraces(body).groups.flatMap(({ items }) => items.map(({ item }) => item))); // prettier-ignore
    return { ...receiver, spans };
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  it('have the documented form: one trace, its parts under it, our names and times', async () => {
    const { url, received, spans } = await listen();
    expect(await exportTo(`${url}/`, newTestTrace())).toEqual({ counts: { exported: 4 }, lines: [] });
    const byName = new Map(spans().map((span) => [span.name, span]));
    const idOf = (name: string): string | undefined => byName.get(name)?.spanId;
    expect([...byName.keys()].sort()).toEqual(['batch', 'fetch', 'insert', 'insert events']);
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
    expect(byName.get('batch')).toMatchObject({
      parentSpanId: '',
      kind: 5,
      startMs: FROM,
      endMs: FROM + 250.5,
      attributes: {
        'messaging.batch.message_count': 3,
        'telltale.batch.offsets': ['a=0-3', 'b=1-2'],
        'telltale.batch.outcome': 'committed',
        'telltale.service': 'enricher',
      },
      status: { code: 0 },
    });
    expect(['fetch', 'insert', 'insert events'].map((name) => byName.get(name)?.parentSpanId)).toEqual([
      idOf('batch'),
      idOf('batch'),
      idOf('insert'),
    ]);
    expect(received).toMatchObject([
      { path: '/v1/traces', headers: { 'content-type': 'application/x-protobuf', authorization: 'Bearer tt_own' } },
    ]);
    expect(received.map(({ body }) => decodeTraces(body).groups[0]?.resource)).toMatchObject([
      { 'service.name': 'telltale-enricher', 'service.instance.id': 'host:1', 'telemetry.sdk.name': 'opentelemetry' },
    ]);
  });

  it('link what a client says that its request is part of, and have a trace id of their own', async () => {
    const { url, spans } = await listen();
    const theirs = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    await exportTo(
      url,
      newTestTrace({ service: 'gateway', kind: 'server', name: 'POST /v1/traces', parts: [], links: [theirs] }),
    );
    expect(spans()).toMatchObject([{ kind: 2, parentSpanId: '', links: [theirs] }]);
    expect(spans()[0]?.traceId).not.toBe(theirs.traceId);
  });

  it('are lost and counted where the receiver refuses them, and its status is said without what was sent', async () => {
    const { url } = await listen([401]);
    expect(await exportTo(url, newTestTrace())).toEqual({
      counts: { export_failed: 4 },
      lines: ['trace_export_failed {"code":"401","spans":4}'],
    });
  });

  it('end with the process although nobody listens', async () => {
    const { url, close } = await listen();
    await close();
    expect((await exportTo(url, newTestTrace())).counts).toEqual({ export_failed: 4 });
  });
});
