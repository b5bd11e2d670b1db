import { ALL_TOPICS, TOPICS, type DlqHeaders } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Headers, type OutputRecord } from '../ports/broker';
import { bodyFormOf, type Encryptor } from '../ports/encryptor';
import { type Row } from '../ports/row-store';
import { type BatchContext, type Rejection } from './task-processor';

const MAX_ERROR_CHARS = 500;
/** Bodies of these topics may be unredacted, so they are stored encrypted in the DLQ too. */
const RAW_TOPICS: ReadonlySet<string> = new Set(
  ALL_TOPICS.filter((t) => t.format === 'encrypted' || t.format === 'otlp-protobuf').map((t) => t.name),
);

/** Headers that a body needs to be sent again through the raw topic. */
const FORMAT_OF: Readonly<Record<string, Headers>> = {
  [TOPICS.otlpSpans.name]: { 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf' },
  [TOPICS.otlpLogs.name]: { 'tt-format': 'otlp-logs', 'tt-encoding': 'protobuf' },
};

function body(rejection: Rejection, encryptor: Encryptor): { value: Buffer | null; headers: Headers } {
  const { record, part, tenant } = rejection;
  if (!RAW_TOPICS.has(record.topic))
    return { value: part ? Buffer.from(part.value) : record.value, headers: { ...record.headers, ...part?.headers } };
  if (!part && record.headers['tt-encryption-key-id'] !== undefined) return { value: record.value, headers: record.headers };
  const plain = part ? part.value : record.value;
  if (plain === null) return { value: null, headers: record.headers };
  const headers = { ...record.headers, ...FORMAT_OF[record.topic], ...part?.headers, 'tt-tenant': tenant };
  const { bytes, keyId } = encryptor.encrypt(tenant, Buffer.from(plain), bodyFormOf(headers));
  return { value: bytes, headers: { ...headers, 'tt-encryption-key-id': keyId } };
}

/** The DLQ record of a rejection: the input's bytes, encrypted if they may be unredacted, with the reason in headers. */
export function dlqRecord(rejection: Rejection, service: string, ctx: BatchContext, encryptor: Encryptor): OutputRecord {
  const { value, headers } = body(rejection, encryptor);
  const why: DlqHeaders = {
    'x-dlq-reason': rejection.reason,
    'x-dlq-service': service,
    'x-dlq-step': rejection.step,
    'x-dlq-topic': rejection.record.topic,
    'x-dlq-partition': String(rejection.record.partition),
    'x-dlq-offset': String(rejection.record.offset),
    'x-dlq-timestamp': isoTime(ctx.now),
    'x-dlq-error': rejection.error.slice(0, MAX_ERROR_CHARS),
  };
  return { topic: TOPICS.dlq.name, key: rejection.record.key, value, headers: { ...headers, ...why } };
}

/** The DLQ record of a row that the store rejects. Rows are redacted, so they are stored as they are. */
export function rejectedRow(table: string, row: Row, error: string, service: string, ctx: BatchContext): OutputRecord {
  const why: DlqHeaders = {
    'x-dlq-reason': 'sink_rejected',
    'x-dlq-service': service,
    'x-dlq-step': 'insert',
    'x-dlq-topic': `table:${table}`,
    'x-dlq-partition': String(ctx.partition),
    'x-dlq-offset': '-1',
    'x-dlq-timestamp': isoTime(ctx.now),
    'x-dlq-error': error.slice(0, MAX_ERROR_CHARS),
  };
  return { topic: TOPICS.dlq.name, key: null, value: row, headers: why };
}
