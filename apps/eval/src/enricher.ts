import { decodeTraces, scanTraces } from '@telltale/adapter-otlp';
import { enricherConfig, enricherService, type OtlpDecoder } from '@telltale/pipeline-enrich';
import { type Topology } from '@telltale/streaming';

const none: OtlpDecoder<never> = { decode: () => ({ groups: [], problems: [] }), pick: (body) => body };
const spans = { decode: decodeTraces, pick: (body: Buffer, indexes: readonly number[]) => scanTraces(body).pick(indexes) };

/** The enricher as it runs, of records that are not encrypted. */
export const createEvalEnricher = (): Topology =>
  enricherService.open(enricherConfig.parse({}), {
    retentionDays: 30,
    encryptor: { decrypt: (_tenant, _day, encrypted) => Buffer.from(encrypted) },
    otlp: { traces: { protobuf: spans, json: none }, logs: { protobuf: none, json: none } },
    pseudonymKeyOf: (tenant) => Buffer.from(`key of ${tenant}`),
    measurePartitions: 1,
  });
