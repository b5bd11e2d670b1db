/** Why an input is rejected. Data reasons mean that the data is wrong; code reasons mean that our code may be wrong. */
export type DataReason =
  | 'undecodable' // not JSON, not protobuf, not gzip, not UTF-8
  | 'wrong_format' // decodes, but is something else (logs on the spans topic)
  | 'too_deep'
  | 'too_large'
  | 'invalid_field' // a field has a wrong value; the error names it and the fix
  | 'bad_timestamp'
  | 'unknown_format'
  | 'decryption_failed'; // the key is gone or the bytes were changed
export type CodeReason =
  | 'step_failed' // a step threw
  | 'sink_rejected'; // the store rejected the row
export type DlqReason = DataReason | CodeReason;
export type DropReason = 'duplicate' | 'empty' | 'tombstone';

const CODE_REASONS: ReadonlySet<DlqReason> = new Set<DlqReason>(['step_failed', 'sink_rejected']);
export const isCodeReason = (reason: DlqReason): reason is CodeReason => CODE_REASONS.has(reason);

export type StepResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'drop'; readonly reason: DropReason }
  | { readonly kind: 'dlq'; readonly reason: DlqReason; readonly error: string };

export const ok = <T>(value: T): StepResult<T> => ({ kind: 'ok', value });
export const drop = (reason: DropReason): StepResult<never> => ({ kind: 'drop', reason });
/** `error` names the field and the fix, and contains no content. */
export const dlq = (reason: DlqReason, error: string): StepResult<never> => ({ kind: 'dlq', reason, error });
