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
import { createTokenCounter } from '@telltale/adapter-tokenizer';
import { openPseudonymKeys, openSubjectKeys, subjectKeysDir } from '@telltale/adapter-crypto';
import { PRIVACY_MODES } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import { type CommonConfig } from '@telltale/platform-config';
import { backendKind, readPrices, readTenants, type ServiceDefinition } from '@telltale/platform-nest-runtime';
import {
  createEnrichStage,
  type EnrichOptions,
  type EnrichSettings,
  type OtlpDecoder,
  type OtlpDecoders,
} from '@telltale/pipeline-enrich';
import { z } from 'zod';
import { storedEventsIn } from './stored-events';

const enricherConfig = z.object({
  ENRICHER_DEFAULT_TENANT: z
    .string()
    .default('default')
    .describe('Whose a record is that names no tenant, as those of the Collector'),
  ENRICHER_DEFAULT_PRIVACY_MODE: z
    .enum(PRIVACY_MODES)
    .default('mask')
    .describe('What is kept of the content of tenants that the settings say nothing of: docs/PRIVACY.md'),
  SUBJECT_KEYS_DIR: z
    .string()
    .optional()
    .describe('Folder of the keys that pseudonyms are turned back with; <TELLTALE_HOME>/keys/subjects when embedded'),
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

type Config = CommonConfig & z.infer<typeof enricherConfig>;

const settingsOf = (config: Config): EnrichSettings => ({
  defaultTenant: config.ENRICHER_DEFAULT_TENANT,
  privacy: config.ENRICHER_DEFAULT_PRIVACY_MODE,
  retentionDays: config.RETENTION_DAYS,
  tenants: readTenants(config.TELLTALE_SETTINGS_FILE),
  prices: readPrices(config.TELLTALE_SETTINGS_FILE),
});

const configFrom = (all: CommonConfig & Readonly<Record<string, unknown>>): Config => ({ ...all, ...enricherConfig.parse(all) });

/** On a cluster the folder of keys must be named when a tenant wants pseudonyms. */
function checkSubjectKeys(config: Config): void {
  const { privacy, tenants } = settingsOf(config);
  const isWanted = [privacy, ...Object.values(tenants).map((tenant) => tenant.privacy)].includes('pseudonymize');
  if (isWanted && backendKind(config) === 'cluster' && !config.SUBJECT_KEYS_DIR)
    throw new PermanentError(
      'config',
      'SUBJECT_KEYS_DIR is not set: a tenant wants pseudonyms, and every enricher of a cluster needs the same folder of keys (a shared volume)',
    );
}

/** The keys that let pseudonyms be turned back; on a cluster only where their folder is named. */
const subjectKeysOf = (config: Config): Pick<EnrichOptions, 'subjectKeys'> =>
  backendKind(config) === 'cluster' && !config.SUBJECT_KEYS_DIR
    ? {}
    : { subjectKeys: openSubjectKeys(subjectKeysDir(config.SUBJECT_KEYS_DIR, config.TELLTALE_HOME)) };

/** raw topics → open → decode → normalize → missing token usage → redact → price → fingerprint → turns and meaning → repeats → measure → events and measures */
export const enricherService: ServiceDefinition = {
  name: 'enricher',
  dependsOn: [],
  config: enricherConfig,
  check: (all) => checkSubjectKeys(configFrom(all)),
  init: ({ config: all, encryptor, rows }) => {
    const config = configFrom(all);
    const tokenCounter = createTokenCounter();
    const settings = settingsOf(config);
    const options: EnrichOptions = {
      encryptor,
      otlp,
      pseudonymKeyOf: openPseudonymKeys({ masterKey: config.TELLTALE_MASTER_KEY, home: config.TELLTALE_HOME }),
      ...subjectKeysOf(config),
      tokenCounter,
      storedEvents: storedEventsIn(rows),
    };
    const stage = createEnrichStage(options, settings);
    return { stages: [stage], release: () => tokenCounter.close() };
  },
};
