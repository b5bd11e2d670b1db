import { ALL_TOPICS, TOPICS, type DlqHeaders } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Headers, type OutputRecord } from '../ports/event-log';
import { type Seal } from '../ports/seal';
import { type RangeContext, type Rejection } from '../stage';

const MAX_ERROR_CHARS = 500;
/** Bodies of these topics may be unredacted: they rest sealed in the DLQ too. */
const RAW_TOPICS: ReadonlySet<string> = new Set(
  ALL_TOPICS.filter((t) => t.format === 'sealed' || t.format === 'otlp-protobuf').map((t) => t.name),
);

/** What a body needs to be said about it to be sent again through the raw topic. */
const FORMAT_OF: Readonly<Record<string, Headers>> = {
  [TOPICS.otlpSpans.name]: { 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf' },
  [TOPICS.otlpLogs.name]: { 'tt-format': 'otlp-logs', 'tt-encoding': 'protobuf' },
};

function body(rejection: Rejection, seal: Seal): { value: Buffer | null; headers: Headers } {
  const { record, part, tenant } = rejection;
  if (!RAW_TOPICS.has(record.topic))
    return { value: part ? Buffer.from(part.value) : record.value, headers: { ...record.headers, ...part?.headers } };
  if (!part && record.headers['tt-sealed'] !== undefined) return { value: record.value, headers: record.headers };
  if (!part && record.value === null) return { value: null, headers: record.headers };
  const { bytes, keyDay } = seal.seal(tenant, Buffer.from(part ? part.value : (record.value ?? '')));
  return {
    value: bytes,
    headers: { ...record.headers, ...FORMAT_OF[record.topic], ...part?.headers, 'tt-tenant': tenant, 'tt-sealed': keyDay },
  };
}

/** The DLQ record of a rejection: the input's bytes, sealed where they may be raw, with the reason in headers. */
export function dlqRecord(rejection: Rejection, stage: string, ctx: RangeContext, seal: Seal): OutputRecord {
  const { value, headers } = body(rejection, seal);
  const why: DlqHeaders = {
    'x-dlq-reason': rejection.reason,
    'x-dlq-stage': stage,
    'x-dlq-step': rejection.step,
    'x-dlq-topic': rejection.record.topic,
    'x-dlq-partition': String(rejection.record.partition),
    'x-dlq-offset': String(rejection.record.offset),
    'x-dlq-at': isoTime(ctx.now),
    'x-dlq-error': rejection.error.slice(0, MAX_ERROR_CHARS),
  };
  return { topic: TOPICS.dlq.name, key: rejection.record.key, value, headers: { ...headers, ...why } };
}

/** The DLQ record of a row the store refuses. Rows are redacted, so they rest as they are. */
export function refusedRow(table: string, row: string, error: string, stage: string, ctx: RangeContext): OutputRecord {
  const why: DlqHeaders = {
    'x-dlq-reason': 'sink_rejected',
    'x-dlq-stage': stage,
    'x-dlq-step': 'insert',
    'x-dlq-topic': `table:${table}`,
    'x-dlq-partition': String(ctx.lane),
    'x-dlq-offset': '-1',
    'x-dlq-at': isoTime(ctx.now),
    'x-dlq-error': error.slice(0, MAX_ERROR_CHARS),
  };
  return { topic: TOPICS.dlq.name, key: null, value: row, headers: why };
}
