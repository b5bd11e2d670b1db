/** Error classes: what the caller should do about a failure. Decided where the cause is known, by code or class, never by message text. */
export type ErrorCode =
  | 'unavailable' // the backend is unreachable or not ready
  | 'overloaded' // the backend asks for less load
  | 'timeout'
  | 'disk_full' // one of our disks is full; work continues when space is free
  | 'log_full' // a log is at its size limit with unread records; work continues when they are read
  | 'fenced' // another owner has taken this task over
  | 'rejected' // the data itself is invalid; a retry cannot help
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

/** A later retry can succeed: back off and keep the data. */
export class TransientError extends TelltaleError {}

/** The same input will fail again: send it to the DLQ, or bisect the batch. */
export class PermanentError extends TelltaleError {}

/** This process no longer owns the task: drop the work; nothing was committed. */
export class FencedError extends TelltaleError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('fenced', message, options);
  }
}

export const isTransient = (error: unknown): error is TransientError => error instanceof TransientError;
export const isPermanent = (error: unknown): error is PermanentError => error instanceof PermanentError;
export const isFenced = (error: unknown): error is FencedError => error instanceof FencedError;

/** The message of any thrown value. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The `code` of any thrown value, e.g. ENOENT of a Node system error; undefined when there is none. */
export const errorCodeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
