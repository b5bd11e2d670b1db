import { type LogRecord } from '../ports/broker';
import { type Rejection } from '../processor/task-processor';
import { type Effects } from './effects';
import { type DlqReason } from './results';
import { isPermanent, isRecord, isTenantId, parseJson } from '@telltale/kernel';
import { type z } from 'zod';

const MAX_DEPTH = 64;
export const UNKNOWN_TENANT = 'default';

export type Read<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** Rejects a whole record. `error` names the field and the fix, and contains no content. */
export function reject(record: LogRecord, reason: DlqReason, step: string, error: string, tenant?: unknown): Rejection {
  const known = [tenant, record.key?.split('/')[0]].find((name): name is string => typeof name === 'string' && isTenantId(name));
  return { record, reason, step, error, tenant: known ?? UNKNOWN_TENANT };
}

/** Parses a JSON record and checks it against its schema; a tombstone yields `none`. */
export function readRecord<T>(record: LogRecord, schema: z.ZodType<T>, step: string): Read<T> {
  if (record.value === null) return { kind: 'none' };
  let json: unknown;
  try {
    json = parseJson(record.value.toString('utf8'), MAX_DEPTH);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { kind: 'rejected', rejection: reject(record, 'undecodable', step, error.message) };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: 'ok', value: parsed.data };
  const [issue] = parsed.error.issues;
  const error = issue ? `${issue.path.map(String).join('.') || '(record)'}: ${issue.message}` : 'does not match its schema';
  return {
    kind: 'rejected',
    rejection: reject(record, 'invalid_field', step, error, isRecord(json) ? json['tenant'] : undefined),
  };
}

/** The value of a record. Null for a tombstone, and for what does not fit the schema, which is rejected. */
export function readOrReject<T>(
  record: LogRecord,
  schema: z.ZodType<T>,
  step: string,
  effects: Pick<Effects, 'reject'>,
): T | null {
  const read = readRecord(record, schema, step);
  if (read.kind === 'rejected') effects.reject(read.rejection);
  return read.kind === 'ok' ? read.value : null;
}
