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
import { TOPICS } from '@telltale/contracts';
import { createTokenCounter } from '@telltale/adapter-tokenizer';
import { openPseudonymKeys, openSubjectKeys, subjectKeysDir } from '@telltale/adapter-crypto';
import { PermanentError } from '@telltale/kernel';
import { backendKind, type ProcessConfig, type ServiceApp } from '@telltale/platform-nest-runtime';
import {
  type EnricherConfig,
  enricherConfig,
  type EnricherDeps,
  enricherService,
  type OtlpDecoder,
  type OtlpDecoders,
} from '@telltale/pipeline-enrich';
import { systemClock } from '@telltale/platform-telemetry';
import { storedEventsIn } from '@telltale/query';
import { readSettingsFile } from '@telltale/settings';

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

type Config = ProcessConfig & EnricherConfig;
const configFrom = (all: ProcessConfig): Config => ({ ...all, ...enricherConfig.parse(all) });

/** On a cluster the folder of keys must be named when a tenant wants pseudonyms. */
function checkSubjectKeys(config: Config): void {
  const entries = config.TELLTALE_SETTINGS_FILE ? readSettingsFile(config.TELLTALE_SETTINGS_FILE, systemClock.now()) : [];
  const modes = entries.map(({ value }) => (value as { privacy?: string }).privacy);
  const isWanted = [config.ENRICHER_DEFAULT_PRIVACY_MODE, ...modes].includes('pseudonymize');
  if (isWanted && backendKind(config) === 'cluster' && !config.SUBJECT_KEYS_DIR)
    throw new PermanentError(
      'config',
      'SUBJECT_KEYS_DIR is not set: a tenant wants pseudonyms, and every enricher of a cluster needs the same folder of keys (a shared volume)',
    );
}

/** The keys that let pseudonyms be turned back; on a cluster only where their folder is named. */
const subjectKeysOf = (config: Config): Pick<EnricherDeps, 'subjectKeys'> =>
  backendKind(config) === 'cluster' && !config.SUBJECT_KEYS_DIR
    ? {}
    : { subjectKeys: openSubjectKeys(subjectKeysDir(config.SUBJECT_KEYS_DIR, config.TELLTALE_HOME)) };

export const enricherApp: ServiceApp = {
  service: enricherService,
  check: (all) => checkSubjectKeys(configFrom(all)),
  init: ({ config: all, encryptor, rows, partitionsOf }) => {
    const config = configFrom(all);
    const tokenCounter = createTokenCounter();
    const topology = enricherService.open(config, {
      retentionDays: config.RETENTION_DAYS,
      encryptor,
      otlp,
      pseudonymKeyOf: openPseudonymKeys({
        masterKey: config.PSEUDONYM_KEY ?? config.TELLTALE_MASTER_KEY,
        home: config.TELLTALE_HOME,
      }),
      ...subjectKeysOf(config),
      measurePartitions: partitionsOf(TOPICS.measures),
      tokenCounter,
      storedEvents: storedEventsIn(rows),
    });
    return { topology, release: () => tokenCounter.close() };
  },
};
