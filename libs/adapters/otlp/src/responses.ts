import { toBytes } from './definition';
import { type JsonOf } from './messages';

export type OtlpEncoding = 'protobuf' | 'json';
export type OtlpSignalName = 'traces' | 'logs';

interface Rejections {
  readonly rejected: number;
  readonly message: string;
}
const traceResponse = ({ rejected, message }: Rejections): JsonOf<'ExportTraceServiceResponse'> => {
  // 64-bit numbers are text in JSON, which protobuf takes too.
  const partialSuccess: JsonOf<'ExportTracePartialSuccess'> = { rejectedSpans: String(rejected), errorMessage: message };
  return { partialSuccess };
};
const logsResponse = ({ rejected, message }: Rejections): JsonOf<'ExportLogsServiceResponse'> => {
  const partialSuccess: JsonOf<'ExportLogsPartialSuccess'> = { rejectedLogRecords: String(rejected), errorMessage: message };
  return { partialSuccess };
};

/** Export{Trace,Logs}ServiceResponse; without rejections partial_success stays unset. */
export function encodeExportResponse(signal: OtlpSignalName, encoding: OtlpEncoding, partial: Rejections | null): Buffer {
  const isTraces = signal === 'traces';
  const response = partial === null ? {} : isTraces ? traceResponse(partial) : logsResponse(partial);
  if (encoding === 'json') return Buffer.from(JSON.stringify(response));
  return toBytes(isTraces ? 'ExportTraceServiceResponse' : 'ExportLogsServiceResponse', response);
}

/** google.rpc.Status, the body of every refusal. */
export function encodeStatus(
  encoding: OtlpEncoding,
  status: { readonly code: number; readonly message: string; readonly retryAfterMs?: number },
): Buffer {
  const { code, message, retryAfterMs } = status;
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  const details =
    retryAfterMs === undefined
      ? []
      : [
          {
            typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
            value: toBytes('google.rpc.RetryInfo', {
              retryDelay: { seconds: Math.floor(retryAfterMs / 1000), nanos: (retryAfterMs % 1000) * 1e6 },
            }),
          },
        ];
  return toBytes('google.rpc.Status', { code, message, details });
}
