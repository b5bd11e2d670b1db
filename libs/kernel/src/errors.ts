/** What to do about a failure, decided where it is known: by code or class, never by message text. */
export type ErrorCode =
  | 'unavailable' // the other side cannot be reached or is not ready
  | 'overloaded' // the other side asks for less
  | 'timeout'
  | 'disk_full' // a disk of ours has no room; it continues when there is
  | 'log_full' // a log has reached its limit and what it holds is not read yet; it continues when it is
  | 'fenced' // another owner has taken this task over
  | 'rejected' // the data itself is refused and always will be
  | 'undecodable'
  | 'too_large'
  | 'invalid' // a field has a wrong value
  | 'unauthorized'
  | 'not_found'
  | 'config'
  | 'aborted';

export class TelltaleError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Trying again later can help: back off, pause, keep the data. */
export class TransientError extends TelltaleError {}

/** The same input will fail again: to the DLQ, or bisect. */
export class PermanentError extends TelltaleError {}

/** This process no longer owns the task: drop the work, nothing was committed. */
export class FencedError extends TelltaleError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('fenced', message, options);
  }
}

export const isTransient = (error: unknown): error is TransientError => error instanceof TransientError;
export const isPermanent = (error: unknown): error is PermanentError => error instanceof PermanentError;
export const isFenced = (error: unknown): error is FencedError => error instanceof FencedError;

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The `code` of anything thrown, by shape: of Node's system errors a text such as ENOENT; undefined where there is none. */
export const errorCodeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
