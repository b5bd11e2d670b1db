import { encodeExportResponse, encodeStatus, type OtlpSignalName } from '@telltale/adapter-otlp';
import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
  type StatusObject,
} from '@grpc/grpc-js';
import { PermanentError } from '@telltale/kernel';
import { nounOf, summary } from './answers';
import { type GatewayDeps } from './deps';
import { createIntake, type Incoming } from './intake';
import { refusalOf } from './refusal';

export interface GrpcDoor {
  readonly port: number;
  /** Lets running calls end, for a while. */
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;
const same = (bytes: Buffer): Buffer => bytes;

/** Bytes in, bytes out: the codec is ours, so that a body is not decoded twice. */
const exportService = (path: string): ServiceDefinition => ({
  Export: {
    path: `/opentelemetry.proto.collector.${path}/Export`,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
});

function keyOf(metadata: Metadata): string | null {
  const own = metadata.get('x-telltale-key')[0];
  if (own !== undefined && own !== '') return String(own);
  return /^Bearer +(\S+) *$/i.exec(String(metadata.get('authorization')[0] ?? ''))?.[1] ?? null;
}

/** OTLP/gRPC on a port of its own; 0 lets the system choose. */
export async function createGrpcDoor(deps: GatewayDeps, port: number, host = '127.0.0.1'): Promise<GrpcDoor> {
  const { metrics, logger, limits, inflight, clock } = deps;
  const intake = createIntake(deps);

  async function take(signal: OtlpSignalName, call: ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
    const door = `grpc_${signal}`;
    const body = call.request;
    metrics.count('telltale_gateway_bytes_total', { door }, body.length);
    const release = inflight.reserve(body.length);
    try {
      const incoming: Incoming = {
        door,
        key: keyOf(call.metadata),
        contentType: 'application/x-protobuf',
        contentEncoding: '',
        body,
      };
      const { problems } = await intake.takeOtlp(signal, incoming);
      return encodeExportResponse(
        signal,
        'protobuf',
        problems.length ? { rejected: problems.length, message: summary(problems, nounOf(signal)) } : null,
      );
    } finally {
      release();
    }
  }

  const statusOf = (error: unknown, door: string): Partial<StatusObject> => {
    const { code, grpc, message, retryAfterMs } = refusalOf(error);
    if (code === 'internal')
      logger.error('gateway_request_failed', { door, error: error instanceof Error ? error.name : typeof error });
    const metadata = new Metadata();
    if (retryAfterMs !== undefined)
      metadata.set('grpc-status-details-bin', encodeStatus('protobuf', { code: grpc, message, retryAfterMs }));
    return { code: grpc, details: message, metadata };
  };

  const handler = (signal: OtlpSignalName) => ({
    Export: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      const door = `grpc_${signal}`;
      take(signal, call).then(
        (answer) => {
          metrics.count('telltale_gateway_requests_total', { door, status: 'OK' });
          done(null, answer);
        },
        (error: unknown) => {
          const refused = statusOf(error, door);
          metrics.count('telltale_gateway_requests_total', { door, status: status[refused.code ?? status.UNKNOWN] });
          done(refused);
        },
      );
    },
  });

  // Decompressed bytes are held to the same limit by the library, which answers RESOURCE_EXHAUSTED.
  const server = new Server({ 'grpc.max_receive_message_length': limits.maxBodyBytes, 'grpc.max_concurrent_streams': 64 });
  server.addService(exportService('trace.v1.TraceService'), handler('traces'));
  server.addService(exportService('logs.v1.LogsService'), handler('logs'));
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, on) => {
      if (error)
        reject(
          new PermanentError(
            'config',
            `GATEWAY_GRPC_PORT: cannot listen on ${host}:${port}; free the port, choose another, or say off`,
            { cause: error },
          ),
        );
      else resolve(on);
    });
  });
  return {
    port: bound,
    async close() {
      const ended = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await Promise.race([ended, clock.sleep(CLOSE_MS)]);
      server.forceShutdown();
    },
  };
}
