import { TOPICS } from '@telltale/contracts';
import { drop, dlq, ok, type LogRecord, type StepResult } from '@telltale/streaming';
import { isPermanent, isTenantId } from '@telltale/kernel';
import { type EnrichOptions } from '../options';
import { type Decrypted, type Encoding, type Format } from '../types';

const FORMATS: readonly Format[] = ['native', 'openai-chat', 'otlp-traces', 'otlp-logs'];
const ENCODINGS: readonly Encoding[] = ['json', 'protobuf'];

/** The Collector's topics say by their name what is in them. */
const BY_TOPIC: Readonly<Record<string, { readonly format: Format; readonly encoding: Encoding }>> = {
  [TOPICS.otlpSpans.name]: { format: 'otlp-traces', encoding: 'protobuf' },
  [TOPICS.otlpLogs.name]: { format: 'otlp-logs', encoding: 'protobuf' },
};

const isEncrypted = ({ headers }: LogRecord): boolean => headers['tt-encryption-key-id'] !== undefined;

/** Tenant of a record: named by its header, else the default. An impossible name belongs to nobody. */
export const tenantOf = ({ headers }: LogRecord, fallback: string): string =>
  headers['tt-tenant'] !== undefined && isTenantId(headers['tt-tenant']) ? headers['tt-tenant'] : fallback;

/** Reads the headers and decrypts the body; `defaultTenant`: of records that name none. */
export function createDecryptStep(encryptor: EnrichOptions['encryptor'], defaultTenant: string) {
  return function decrypt(record: LogRecord): StepResult<Decrypted> {
    const { headers, value } = record;
    if (value === null) return drop('tombstone');
    if (value.length === 0) return drop('empty');
    if (headers['tt-tenant'] !== undefined && !isTenantId(headers['tt-tenant']))
      return dlq('invalid_field', 'header tt-tenant must be lower-case letters, digits, - and _, at most 63');
    const tenant = tenantOf(record, defaultTenant);
    const declared = BY_TOPIC[record.topic] ?? {
      format: headers['tt-format'] ?? 'native',
      encoding: headers['tt-encoding'] ?? 'json',
    };
    const format = FORMATS.find((one) => one === declared.format);
    if (!format) return dlq('unknown_format', `header tt-format must be one of ${FORMATS.join(', ')}`);
    const encoding = ENCODINGS.find((one) => one === declared.encoding);
    if (!encoding) return dlq('unknown_format', `header tt-encoding must be one of ${ENCODINGS.join(', ')}`);
    let body = value;
    if (isEncrypted(record)) {
      try {
        body = encryptor.decrypt(tenant, headers['tt-encryption-key-id'] ?? '', value, { format, encoding });
      } catch (error) {
        if (!isPermanent(error)) throw error;
        return dlq(
          'decryption_failed',
          'the body cannot be decrypted: its key is gone, or it was changed, or sent for another tenant or as another format',
        );
      }
    }
    const received = Date.parse(headers['tt-received-at'] ?? '');
    return ok({
      record,
      body,
      tenant,
      format,
      encoding,
      receivedAt: Number.isNaN(received) ? record.timestampMs : received,
      backfill: headers['tt-backfill'] === '1',
    });
  };
}
