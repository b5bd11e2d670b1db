import { decodeTraces, decodeTracesJson } from '@telltale/adapter-otlp';
import { type OtlpAttributes, type OtlpSpan } from '@telltale/contracts';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface SentSpan extends OtlpSpan {
  readonly resource: OtlpAttributes;
  readonly scope: string;
}
/** An OTLP receiver between an SDK and the gateway: it passes on what comes, and keeps its spans. */
export interface SpanRecorder {
  readonly url: string;
  /** Every span that a service sent, in order of start. */
  spansOf(service: string): readonly SentSpan[];
  stop(): Promise<void>;
}

function spansIn(body: Buffer, headers: IncomingMessage['headers']): SentSpan[] {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const isJson = headers['content-type']?.includes('json') === true;
  const { groups } = isJson ? decodeTracesJson(bytes.toString()) : decodeTraces(bytes);
  return groups.flatMap(({ resource, scope, items }) => items.map(({ item }) => ({ ...item, resource, scope: scope.name })));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function startSpanRecorder(gateway: string): Promise<SpanRecorder> {
  const spans: SentSpan[] = [];
  const server = createServer((request, response) => {
    const passOn = async (): Promise<void> => {
      const body = await readAll(request);
      if (request.url === '/v1/traces') spans.push(...spansIn(body, request.headers));
      const kept = ['authorization', 'content-type', 'content-encoding'] as const;
      const headers = Object.fromEntries(kept.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])));
      const answer = await fetch(`${gateway}${request.url}`, { method: 'POST', headers, body: new Uint8Array(body) });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    passOn().catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spansOf: (service) =>
      spans.filter(({ resource }) => resource['service.name'] === service).sort((a, b) => a.startMs - b.startMs),
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
