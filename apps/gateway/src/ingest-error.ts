import { isTransient, TelltaleError } from '@telltale/kernel';

export type IngestErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'misdirected'
  | 'undecodable'
  | 'invalid'
  | 'too_large'
  | 'too_slow'
  | 'unsupported'
  | 'unimplemented'
  | 'overloaded'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** HTTP status and gRPC code of each; OTLP/gRPC clients try again after DEADLINE_EXCEEDED and UNAVAILABLE. */
const ANSWERS: Readonly<
  Record<IngestErrorCode, { readonly http: number; readonly grpc: number; readonly retryAfterMs?: number }>
> = {
  unauthorized: { http: 401, grpc: 16 },
  forbidden: { http: 403, grpc: 7 },
  misdirected: { http: 421, grpc: 9 },
  undecodable: { http: 400, grpc: 3 },
  invalid: { http: 400, grpc: 3 },
  too_large: { http: 413, grpc: 8 },
  too_slow: { http: 408, grpc: 4 },
  unsupported: { http: 415, grpc: 3 },
  unimplemented: { http: 404, grpc: 12 },
  overloaded: { http: 429, grpc: 14, retryAfterMs: 1_000 },
  rate_limited: { http: 429, grpc: 8, retryAfterMs: 1_000 },
  unavailable: { http: 503, grpc: 14, retryAfterMs: 5_000 },
  internal: { http: 500, grpc: 13 },
};

/** A request that is turned away whole. The message names the field and the fix and never holds content. */
export class IngestError extends Error {
  constructor(
    readonly code: IngestErrorCode,
    message: string,
    /** Where it is known better than by the code. */
    private readonly waitMs?: number,
  ) {
    super(message);
    this.name = 'IngestError';
  }

  get http(): number {
    return ANSWERS[this.code].http;
  }

  get grpc(): number {
    return ANSWERS[this.code].grpc;
  }

  get retryAfterMs(): number | undefined {
    return this.waitMs ?? ANSWERS[this.code].retryAfterMs;
  }
}

/** What to answer to anything thrown. */
export function toIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error;
  if (isTransient(error) && (error.code === 'disk_full' || error.code === 'log_full'))
    return new IngestError('unavailable', `${error.message}; nothing was taken in, send it again`);
  if (isTransient(error)) return new IngestError('unavailable', 'the log cannot be reached; nothing was taken in, send it again');
  if (error instanceof TelltaleError) {
    if (error.code === 'undecodable' || error.code === 'invalid' || error.code === 'too_large')
      return new IngestError(error.code, error.message);
  }
  return new IngestError('internal', 'the gateway failed; see its log');
}
