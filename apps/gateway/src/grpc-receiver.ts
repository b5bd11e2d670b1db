import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { encodeExportResponse, encodeStatus, type OtlpSignalName } from '@telltale/adapter-otlp';
import { keyOf } from '@telltale/auth';
import { listenFailure } from '@telltale/platform-config';
import { type LiveCertificate, requestTrace } from '@telltale/platform-nest-runtime';
import { gatewayService } from '@telltale/services';
import { nounOf, summary } from './responses';
import { tooLarge } from './body';
import { type GatewayDeps } from './deps';
import { messageIn, refuse, respond } from './grpc-wire';
import { type Hold } from './inflight';
import { createIngest } from './ingest';
import { IngestError, toIngestError } from './ingest-error';
import { observeRequest } from './observe-request';

export interface GrpcReceiver {
  readonly port: number;
  /** Lets running calls finish, for a limited time. */
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;
const HANDSHAKE_MS = 10_000;
const CALLS_PER_CONNECTION = 64;
const WINDOW_BYTES = 1024 * 1024;
const SIGNALS: Readonly<Record<string, OtlpSignalName>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
};
/** Names of gRPC status codes, for metrics. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

function listener(certificate: LiveCertificate | null): Http2Server | Http2SecureServer {
  const settings = { maxConcurrentStreams: CALLS_PER_CONNECTION, initialWindowSize: WINDOW_BYTES };
  if (!certificate) return createServer({ settings });
  const server = createSecureServer({ settings, ...certificate.first, handshakeTimeout: HANDSHAKE_MS });
  certificate.renewIn(server);
  return server;
}

/**
 * OTLP/gRPC on its own port; 0 means any free port. Implemented directly over HTTP/2: a gRPC library hands a call over only when its
 * message is complete, too late to check who sends it, how slowly, and how much memory it takes.
 */
export async function createGrpcReceiver(
  deps: GatewayDeps,
  port: number,
  host = '127.0.0.1',
  certificate: LiveCertificate | null = null,
): Promise<GrpcReceiver> {
  const { metrics, tracer, logger, limits, inflight, pace, clock } = deps;
  const ingest = createIngest(deps);

  /** The body of a call; memory is counted as it arrives. */
  function receive(stream: ServerHttp2Stream, hold: Hold): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let received = 0;
      const unwatch = pace.watch({ received: () => received, onTooSlow: reject });
      stream.on('data', (chunk: Buffer) => {
        received += chunk.length;
        try {
          if (received > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes);
          hold.grow(chunk.length);
          chunks.push(chunk);
        } catch (error) {
          stream.removeAllListeners('data');
          reject(toIngestError(error));
        }
      });
      stream.once('end', () => resolve(Buffer.concat(chunks, received)));
      stream.once('close', () => {
        unwatch();
        reject(new IngestError('undecodable', 'the call ended before its message was there'));
      });
    });
  }

  async function take(
    signal: OtlpSignalName,
    receiver: string,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): Promise<Buffer> {
    const key = keyOf(headers);
    const hold = inflight.hold(ingest.tenantOf(key, 'ingest'));
    stream.once('close', () => hold.release());
    const body = await receive(stream, hold);
    metrics.count('telltale_gateway_request_bytes_total', { receiver }, body.length);
    const { bytes, encoding } = messageIn(body, headers);
    const { problems } = await ingest.takeOtlp(signal, {
      receiver,
      key,
      contentType: 'application/x-protobuf',
      contentEncoding: encoding,
      body: bytes,
      hold,
    });
    return encodeExportResponse(
      signal,
      'protobuf',
      problems.count ? { rejected: problems.count, message: summary(problems, nounOf(signal)) } : null,
    );
  }

  interface Call {
    readonly receiver: string;
    readonly from: number;
    readonly headers: IncomingHttpHeaders;
  }
  function observe({ receiver, from, headers }: Call, status: number): void {
    const tookMs = clock.monotonic() - from;
    observeRequest(metrics, receiver, status, tookMs);
    if (!tracer) return;
    const { name: service } = gatewayService;
    tracer.record(
      requestTrace({ service, name: receiver, attributes: { 'rpc.system': 'grpc' }, status, tookMs, headers }, clock),
    );
  }

  function answer(stream: ServerHttp2Stream, call: Call, error: unknown): void {
    const { receiver } = call;
    const { code, grpc, http, message, retryAfterMs } = toIngestError(error);
    if (code === 'internal')
      logger.error('gateway_request_failed', {
        receiver,
        error: error instanceof Error ? error.name : typeof error,
        runbook: 'docs/runbooks/gateway-request-failed.md',
      });
    metrics.count('telltale_gateway_requests_total', { receiver, status: CODE_NAMES[grpc] ?? 'UNKNOWN' });
    observe(call, http);
    const details =
      retryAfterMs === undefined ? {} : { details: encodeStatus('protobuf', { code: grpc, message, retryAfterMs }) };
    refuse(stream, { code: grpc, message, ...details });
  }

  function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const from = clock.monotonic();
    // A client that disconnects is no error; the call ends with its stream.
    stream.on('error', () => undefined);
    const signal = SIGNALS[headers[':path'] ?? ''];
    if (headers[':method'] !== 'POST' || !(headers['content-type'] ?? '').startsWith('application/grpc')) {
      stream.respond({ ':status': 415 }, { endStream: true });
      return;
    }
    if (!signal) return answer(stream, { receiver: 'grpc_unknown', from, headers }, new IngestError('unimplemented', 'there is no such method: TraceService/Export and LogsService/Export are served')); // prettier-ignore
    const receiver = `grpc_${signal}`;
    const call = { receiver, from, headers };
    take(signal, receiver, stream, headers).then(
      (message) => {
        metrics.count('telltale_gateway_requests_total', { receiver, status: 'OK' });
        observe(call, 200);
        respond(stream, message);
      },
      (error: unknown) => answer(stream, call, error),
    );
  }

  const server = listener(certificate);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', serve);
  const bound = await new Promise<number>((resolve, reject) => {
    const address = { host, port, variable: 'GATEWAY_GRPC_PORT', choices: '0: the system chooses, off: no gRPC' };
    server.once('error', (error) => reject(listenFailure(error, address)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
  return {
    port: bound,
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      const late = new AbortController();
      await Promise.race([ended.then(() => late.abort()), clock.sleep(CLOSE_MS, late.signal)]);
      for (const session of sessions) session.destroy();
      await ended;
    },
  };
}
