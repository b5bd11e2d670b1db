import {
  decodeLogs,
  decodeLogsJson,
  decodeTraces,
  decodeTracesJson,
  type OtlpScan,
  scanLogs,
  scanLogsJson,
  scanTraces,
  scanTracesJson,
} from '@telltale/adapter-otlp';
import { createTokenCounter } from '@telltale/adapter-tokens';
import { masterKeyFrom, openKeyFile } from '@telltale/adapter-vault';
import { type CommonConfig } from '@telltale/platform-config';
import { readPrices, type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { createEnrichStage, type OtlpDecoder, type OtlpDecoders } from '@telltale/stages';
import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';

const enricherConfig = z.object({
  ENRICHER_DEFAULT_TENANT: z
    .string()
    .default('default')
    .describe('Whose a record is that names no tenant, as those of the Collector'),
});

const protobuf = <Item>(
  decode: (body: Buffer) => ReturnType<OtlpDecoder<Item>['decode']>,
  scan: (body: Buffer) => OtlpScan,
): OtlpDecoder<Item> => ({
  decode,
  pick: (body, indexes) => scan(body).pick(indexes),
});
const json = <Item>(
  decode: (text: string) => ReturnType<OtlpDecoder<Item>['decode']>,
  scan: (text: string) => OtlpScan,
): OtlpDecoder<Item> =>
  protobuf(
    (body) => decode(body.toString()),
    (body) => scan(body.toString()),
  );

const otlp: OtlpDecoders = {
  traces: { protobuf: protobuf(decodeTraces, scanTraces), json: json(decodeTracesJson, scanTracesJson) },
  logs: { protobuf: protobuf(decodeLogs, scanLogs), json: json(decodeLogsJson, scanLogsJson) },
};

const PSEUDONYM_KEY_BYTES = 32;

/** A key per tenant from the master key of a cluster or a file beside the data; it outlives the day keys, so that people stay joined. */
function pseudonymKeys(config: CommonConfig): (tenant: string) => Uint8Array {
  const master = config.TELLTALE_MASTER_KEY
    ? masterKeyFrom(config.TELLTALE_MASTER_KEY, 'TELLTALE_MASTER_KEY')
    : openKeyFile(join(config.TELLTALE_HOME, 'keys', 'pseudonym.key'));
  return (tenant) => new Uint8Array(hkdfSync('sha256', master, '', `telltale.pseudonym:${tenant}`, PSEUDONYM_KEY_BYTES));
}

/** raw topics → open → decode → normalise → tokens nobody told → redact → price → fingerprint → turns and meaning → repeats → measure → events and measures */
export const enricherService: ServiceDefinition = {
  name: 'enricher',
  dependsOn: [],
  config: enricherConfig,
  init: ({ config, seal }) => {
    const tokenCounter = createTokenCounter();
    const stage = createEnrichStage({
      seal,
      otlp,
      defaultTenant: enricherConfig.parse(config).ENRICHER_DEFAULT_TENANT,
      pseudonymKeyOf: pseudonymKeys(config),
      retentionDays: () => config.RETENTION_DAYS,
      priceOverrides: readPrices(config.TELLTALE_SETTINGS),
      tokenCounter,
    });
    return { stages: [stage], release: () => tokenCounter.close() };
  },
};
