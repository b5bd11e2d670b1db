import { encodeLogs, encodeTraces } from '@telltale/adapter-otlp';
import { type OtlpSpanEvent } from '@telltale/contracts';
import { credentials, makeGenericClientConstructor, Metadata, type ServiceDefinition as GrpcService } from '@grpc/grpc-js';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CANARY, PLANTED } from './planted';

export interface Target {
  readonly url: string;
  readonly grpcPort: number;
  readonly key: string;
}

const scope = { name: 'test', version: '1', attributes: {} };
const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const said = (value: string): string => `my details are ${value} please keep them, ${CANARY}`;

/** A span with the value in every place content can hide. */
const traces = (value: string, events: OtlpSpanEvent[] = []): Buffer =>
  encodeTraces({
    groups: [
      {
        resource: { 'service.name': 'private-bot', 'host.note': said(value) },
        scope,
        items: [
          {
            index: 0,
            item: {
              traceId: hex(16), spanId: hex(8), parentSpanId: '', traceState: '', name: `chat ${value}`, kind: 3, startMs: Date.now() - 50, endMs: Date.now(), links: [],
              attributes: {
                'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o',
                'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: said(value) }] }]),
                'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: said(value) }] }]),
                'app.note': said(value), 'app.list': [said(value)], 'app.map': { deep: said(value) },
              },
              events: [{ name: 'exception', timeMs: Date.now(), attributes: { 'exception.type': 'ValueError', 'exception.message': said(value), 'exception.stacktrace': `at f (${value})\nat g` } }, ...events],
              status: { code: 2, message: said(value) },
            },
          },
        ],
      },
    ],
  }); // prettier-ignore

const logs = (value: string): Buffer =>
  encodeLogs({
    groups: [
      {
        resource: { 'service.name': 'private-bot' },
        scope,
        items: [{ index: 0, item: { timeMs: Date.now(), observedMs: Date.now(), severityNumber: 17, severityText: 'ERROR', body: said(value), attributes: { note: said(value) }, traceId: '', spanId: '', eventName: '' } }],
      },
    ],
  }); // prettier-ignore

const native = (value: string, i: number): object => ({
  kind: 'tool', ts: Date.now(), service_name: 'private-bot', session_id: `s${i}`, trace_id: `t${i}`, name: 'lookup', user_id: value, status: 'error',
  error: { type: 'LookupError', message: said(value), stack: `File "x.py"\n${value}` },
  tool: { name: 'lookup', arguments: { q: said(value), nested: [{ v: value }] }, result: { text: said(value) } },
  decision: { options: [said(value)], chosen: 'lookup', why: said(value) }, input: said(value), output: [{ role: 'tool', content: said(value) }],
  attributes: { note: said(value), inner: { more: [said(value)] } }, unknown_field: said(value), feature_flags: { note: said(value) },
}); // prettier-ignore

const conversation = (value: string): object => ({
  service_name: 'private-bot',
  messages: [
    { role: 'system', content: said(value) },
    { role: 'user', content: said(value) },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: JSON.stringify({ q: said(value) }) } }],
    },
    { role: 'tool', tool_call_id: 'c1', name: 'find', content: `Error: ${said(value)}` },
    { role: 'assistant', content: said(value) },
  ],
});

async function post(target: Target, path: string, type: string, body: Buffer | string, gzip = false): Promise<void> {
  const response = await fetch(`${target.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.key}`, 'content-type': type, ...(gzip ? { 'content-encoding': 'gzip' } : {}) },
    body: gzip ? gzipSync(body) : body,
  });
  if (response.status === 503) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return post(target, path, type, body, gzip);
  }
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

function exportOverGrpc(target: Target, service: string, body: Buffer): Promise<void> {
  const bytes = (value: Buffer): Buffer => value;
  const definition: GrpcService = {
    export: { path: `/opentelemetry.proto.collector.${service}/Export`, requestStream: false, responseStream: false, requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes },
  }; // prettier-ignore
  const Client = makeGenericClientConstructor(definition, service);
  const client = new Client(`127.0.0.1:${target.grpcPort}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${target.key}`);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(`/opentelemetry.proto.collector.${service}/Export`, bytes, bytes, body, metadata, {}, (error) => {
      client.close();
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Sends every planted value by every receiver; answers how many events must come of it. */
export async function sendByEveryReceiver(target: Target): Promise<number> {
  await post(target, '/v1/events', 'application/json', JSON.stringify(PLANTED.map(native)));
  await post(
    target,
    '/v1/events',
    'application/x-ndjson',
    PLANTED.map((value, i) => JSON.stringify(native(value, i + 1000))).join('\n'),
    true,
  );
  await post(target, '/v1/conversations', 'application/json', JSON.stringify(PLANTED.map(conversation)));
  for (const value of PLANTED) {
    await post(target, '/v1/traces', 'application/x-protobuf', traces(value));
    await post(target, '/v1/logs', 'application/x-protobuf', logs(value), true);
    await exportOverGrpc(target, 'trace.v1.TraceService', traces(value));
    await exportOverGrpc(target, 'logs.v1.LogsService', logs(value));
  }
  // Refused further on, so that the DLQ holds secrets too: the judgement inside a span has a time that cannot be.
  const judged = { name: 'gen_ai.evaluation.result', timeMs: 5, attributes: { 'gen_ai.evaluation.name': 'relevance' } };
  for (const value of PLANTED) await post(target, '/v1/traces', 'application/x-protobuf', traces(value, [judged]));
  return PLANTED.length * (2 + 4 + 5);
}
