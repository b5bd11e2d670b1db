import { encodeExportResponse, encodeStatus, type OtlpEncoding, type OtlpSignalName } from '@telltale/adapter-otlp';
import { type GatewayDeps } from './deps';
import { createIngest, type Incoming, type IngestResult } from './ingest';
import { type Problems } from './problems';
import { IngestError, toIngestError } from './ingest-error';

/** The response of an HTTP receiver, independent of the HTTP framework. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

const MAX_IN_SUMMARY = 10;
const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

export const encodingOf = (contentType: string): OtlpEncoding =>
  contentType.toLowerCase().includes('protobuf') ? 'protobuf' : 'json';

/** `span 3: trace_id must be …`, the first few of them. */
export function summary(problems: Problems, noun: string): string {
  const named = problems.named
    .slice(0, MAX_IN_SUMMARY)
    .map(({ index, field, message }) => `${noun} ${index}: ${field ? `${field} ` : ''}${message}`);
  const rest = problems.count - named.length;
  return rest > 0 ? `${named.join('; ')}; and ${rest} more` : named.join('; ');
}

export const nounOf = (signal: OtlpSignalName): string => (signal === 'traces' ? 'span' : 'log record');

const retryAfter = (refusal: IngestError): Record<string, string> =>
  refusal.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(refusal.retryAfterMs / 1000)) };

export const rejectJson = (refusal: IngestError, more: object = {}): HttpResponse => ({
  status: refusal.http,
  headers: { 'content-type': JSON_TYPE, ...retryAfter(refusal) },
  body: JSON.stringify({ error: { code: refusal.code, message: refusal.message }, ...more }),
});

export function rejectOtlp(refusal: IngestError, contentType: string): HttpResponse {
  const encoding = encodingOf(contentType);
  const { grpc: code, message, retryAfterMs } = refusal;
  return {
    status: refusal.http,
    headers: { 'content-type': encoding === 'json' ? JSON_TYPE : PROTOBUF_TYPE, ...retryAfter(refusal) },
    body: encodeStatus(encoding, { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }),
  };
}

/** The HTTP receivers without HTTP: each handles a request, never throws, and counts its response. */
export function createReceivers(deps: GatewayDeps) {
  const ingest = createIngest(deps);

  async function answer(
    incoming: Incoming,
    take: () => Promise<HttpResponse>,
    refuse: (refusal: IngestError) => HttpResponse,
  ): Promise<HttpResponse> {
    const { receiver } = incoming;
    deps.metrics.count('telltale_gateway_request_bytes_total', { receiver }, incoming.body.length);
    let said: HttpResponse;
    try {
      said = await take();
    } catch (error) {
      const refusal = toIngestError(error);
      if (refusal.code === 'internal')
        deps.logger.error('gateway_request_failed', {
          receiver,
          error: error instanceof Error ? error.name : typeof error,
          runbook: 'docs/runbooks/gateway-request-failed.md',
        });
      said = refuse(refusal);
    }
    deps.metrics.count('telltale_gateway_requests_total', { receiver, status: String(said.status) });
    return said;
  }

  const items = (incoming: Incoming, take: (incoming: Incoming) => Promise<IngestResult>): Promise<HttpResponse> =>
    answer(
      incoming,
      async () => {
        const { accepted, problems } = await take(incoming);
        const report = { accepted, rejected: problems.count, errors: problems.named };
        // A body without any valid item is a bad request.
        if (accepted === 0 && problems.count > 0)
          return rejectJson(new IngestError('invalid', `nothing can be taken: ${summary(problems, 'item')}`), report);
        return { status: 200, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(report) };
      },
      rejectJson,
    );

  const otlp = (signal: OtlpSignalName, incoming: Incoming): Promise<HttpResponse> =>
    answer(
      incoming,
      async () => {
        const { problems } = await ingest.takeOtlp(signal, incoming);
        const encoding = encodingOf(incoming.contentType);
        return {
          status: 200,
          headers: { 'content-type': encoding === 'json' ? JSON_TYPE : PROTOBUF_TYPE },
          body: encodeExportResponse(
            signal,
            encoding,
            problems.count ? { rejected: problems.count, message: summary(problems, nounOf(signal)) } : null,
          ),
        };
      },
      (refusal) => rejectOtlp(refusal, incoming.contentType),
    );

  return {
    ingest,
    events: (incoming: Incoming) => items(incoming, (request) => ingest.takeItems('events', request)),
    conversations: (incoming: Incoming) => items(incoming, (request) => ingest.takeItems('conversations', request)),
    acks: (incoming: Incoming) => items(incoming, (request) => ingest.takeAcks(request)),
    traces: (incoming: Incoming) => otlp('traces', incoming),
    logs: (incoming: Incoming) => otlp('logs', incoming),
  };
}
export type Receivers = ReturnType<typeof createReceivers>;
