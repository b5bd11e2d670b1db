import { ExportResponse, RetryInfo, Status, toBytes } from './definition';

export type OtlpEncoding = 'protobuf' | 'json';
export type OtlpSignalName = 'traces' | 'logs';

/** Export{Trace,Logs}ServiceResponse; without rejections partial_success stays unset. */
export function encodeExportResponse(
  signal: OtlpSignalName,
  encoding: OtlpEncoding,
  partial: { readonly rejected: number; readonly message: string } | null,
): Buffer {
  if (encoding === 'protobuf')
    return toBytes(
      ExportResponse,
      partial ? { partialSuccess: { rejected: partial.rejected, errorMessage: partial.message } } : {},
    );
  const rejected = signal === 'traces' ? 'rejectedSpans' : 'rejectedLogRecords';
  return Buffer.from(
    JSON.stringify(partial ? { partialSuccess: { [rejected]: String(partial.rejected), errorMessage: partial.message } } : {}),
  );
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
            value: toBytes(RetryInfo, {
              retryDelay: { seconds: Math.floor(retryAfterMs / 1000), nanos: (retryAfterMs % 1000) * 1e6 },
            }),
          },
        ];
  return toBytes(Status, { code, message, details });
}
