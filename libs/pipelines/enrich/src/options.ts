import { type OtlpBody, type OtlpLogRecord, type OtlpSpan } from '@telltale/contracts';
import { type ErrorFingerprints } from '@telltale/domain-fingerprint';
import { type SubjectKeys } from '@telltale/domain-privacy';
import { type Encryptor, type TokenCounter } from '@telltale/streaming';
import { type EnrichDefaults } from './settings';
import { type StoredEvents } from './stored-events';

/** One signal in one encoding. Both throw PermanentError: 'undecodable', or 'invalid' for what is OTLP of another kind. */
export interface OtlpDecoder<Item> {
  decode(body: Buffer): OtlpBody<Item>;
  /** A body of the named items alone, in the same encoding; for the DLQ. */
  pick(body: Buffer, indexes: readonly number[]): Buffer;
}

export interface OtlpDecoders {
  readonly traces: { readonly protobuf: OtlpDecoder<OtlpSpan>; readonly json: OtlpDecoder<OtlpSpan> };
  readonly logs: { readonly protobuf: OtlpDecoder<OtlpLogRecord>; readonly json: OtlpDecoder<OtlpLogRecord> };
}

export interface EnrichOptions {
  /** Opens what the gateway encrypted. */
  readonly encryptor: Pick<Encryptor, 'decrypt'>;
  readonly otlp: OtlpDecoders;
  /** Key of a tenant for pseudonyms; the same for as long as pseudonyms must join. */
  readonly pseudonymKeyOf: (tenant: string) => Uint8Array;
  /** Keys that what pseudonyms stand for is encrypted with; without them pseudonyms cannot be turned back. */
  readonly subjectKeys?: Pick<SubjectKeys, 'makeKeyOf'>;
  /** Partitions of the topic of measures. */
  readonly measurePartitions: number;
  /** Series a tenant may have on a task and day; the rest go to `__overflow__`. */
  readonly maxSeriesPerTenant?: number;
  /** Values a tenant may have of a field that holds names, such as `name` or `tool_name`, on a task and day; the rest are `__overflow__`. */
  readonly maxNamesPerField?: number;
  /** Log templates remembered of a tenant on a task; the longest unseen are forgotten above it. */
  readonly maxTemplates?: number;
  /** Tenants whose templates a task remembers. */
  readonly maxTenants?: number;
  /** Counts what calls of models said when no usage was reported; without it these stay unknown. */
  readonly tokenCounter?: TokenCounter;
  /** Says which events of a backfill the tables have; without it only the ids of the last ten minutes are compared. */
  readonly storedEvents?: StoredEvents;
  /** Ids remembered on a task; above it the tenant that has the most forgets its oldest early. */
  readonly maxIds?: number;
}

/** What a task is opened with beside its options. */
export interface EnrichParts {
  readonly defaults: EnrichDefaults;
  readonly fingerprints: ErrorFingerprints;
}
