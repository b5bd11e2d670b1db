import { type ClickHouseOptions, createChdbRowStore, createClickHouseRowStore } from '@telltale/adapter-clickhouse';
import { compactEmbeddedLog, createEmbeddedBroker } from '@telltale/adapter-embedded';
import { createKafkaBroker, type KafkaBrokerOptions } from '@telltale/adapter-kafka';
import { createRecordSigner, createSecretBox, createEncryptor, masterKeyFrom, openKeyFolder } from '@telltale/adapter-crypto';
import {
  type Broker,
  type Logger,
  type Metrics,
  type Failpoint,
  type RecordSigner,
  type RowStore,
  type SecretBox,
  type Encryptor,
} from '@telltale/streaming';
import { isPermanent, messageOf, PermanentError, type Clock } from '@telltale/kernel';
import { type CommonConfig } from '@telltale/platform-config';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { closeHome, makeHome } from './home';
import { lockHome } from './home-lock';
import { tlsFilesOf } from './tls-files';

export interface Backends {
  readonly kind: 'embedded' | 'cluster';
  readonly broker: Broker;
  readonly rows: RowStore;
  readonly encryptor: Encryptor;
  readonly signer: RecordSigner;
  readonly secrets: SecretBox;
  /** Releases the home to other processes; call it once everything in it is closed. */
  releaseHome(): void;
}

const PARTITIONS = { embedded: 1, cluster: 24 };

export const backendKind = (config: CommonConfig): Backends['kind'] =>
  config.TELLTALE_BACKEND === 'auto' ? (config.KAFKA_BROKERS ? 'cluster' : 'embedded') : config.TELLTALE_BACKEND;

/** Partitions of topics that follow the configured count. */
const partitionCountOf = (config: CommonConfig): number => config.TELLTALE_PARTITIONS || PARTITIONS[backendKind(config)];

interface Instruments {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly failpoint: Failpoint;
}

const embeddedLogPath = (config: CommonConfig): string => join(config.TELLTALE_HOME, 'log');

/** How the configured Kafka is reached. */
export function kafkaOptionsOf(
  config: CommonConfig,
  { clock, logger, failpoint }: Omit<Instruments, 'metrics'>,
): KafkaBrokerOptions {
  const mechanism = config.KAFKA_SASL_MECHANISM;
  return {
    brokers: (config.KAFKA_BROKERS ?? '').split(',').map((broker) => broker.trim()),
    clientId: 'telltale',
    ssl: config.KAFKA_SSL === 'true' && (tlsFilesOf(config, 'KAFKA_SSL') ?? true),
    ...(mechanism
      ? { sasl: { mechanism, username: config.KAFKA_SASL_USERNAME ?? '', password: config.KAFKA_SASL_PASSWORD ?? '' } }
      : {}),
    partitions: partitionCountOf(config),
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
    clock,
    logger,
    failpoint,
  };
}

export function openBroker(config: CommonConfig, instruments: Instruments): Broker {
  if (backendKind(config) === 'cluster') return createKafkaBroker(kafkaOptionsOf(config, instruments));
  const { clock, failpoint, metrics } = instruments;
  return createEmbeddedBroker({
    path: embeddedLogPath(config),
    clock,
    partitions: partitionCountOf(config),
    failpoint,
    maxBytes: config.EMBEDDED_LOG_MAX_BYTES,
    metrics,
  });
}

/** An address with the user that variables of their own name; those in the address win. */
function addressWith(address: string, username: string | undefined, password: string | undefined): string {
  const url = new URL(address);
  if (url.username === '' && username !== undefined) {
    url.username = encodeURIComponent(username);
    url.password = encodeURIComponent(password ?? '');
  }
  return url.href;
}

/** How the configured ClickHouse server is reached. */
export function clickHouseOptionsOf(config: CommonConfig, url: string): ClickHouseOptions {
  const { CLICKHOUSE_QUERY_URL: queryUrl, CLICKHOUSE_CLUSTER: cluster } = config;
  const tls = tlsFilesOf(config, 'CLICKHOUSE');
  return {
    url: addressWith(url, config.CLICKHOUSE_USERNAME, config.CLICKHOUSE_PASSWORD),
    queryMemoryBytes: config.QUERY_MAX_MEMORY_BYTES,
    requestTimeoutMs: config.CLICKHOUSE_REQUEST_TIMEOUT_MS,
    ...(queryUrl && { queryUrl: addressWith(queryUrl, config.CLICKHOUSE_QUERY_USERNAME, config.CLICKHOUSE_QUERY_PASSWORD) }),
    ...(cluster && { cluster }),
    ...(tls && { tls }),
  };
}

export function openRows(config: CommonConfig): RowStore {
  const { CLICKHOUSE_URL: url, QUERY_MAX_MEMORY_BYTES: queryMemoryBytes } = config;
  if (!url) return createChdbRowStore({ path: join(config.TELLTALE_HOME, 'tables'), queryMemoryBytes });
  return createClickHouseRowStore(clickHouseOptionsOf(config, url));
}

/** Throws PermanentError('config') where Kafka or ClickHouse cannot be reached with these variables. */
export function checkStores(config: CommonConfig): void {
  tlsFilesOf(config, 'CLICKHOUSE');
  if (backendKind(config) === 'embedded') return;
  if (tlsFilesOf(config, 'KAFKA_SSL') && config.KAFKA_SSL === 'false')
    throw new PermanentError(
      'config',
      'KAFKA_SSL_CA_FILE or KAFKA_SSL_CERT_FILE is set and KAFKA_SSL is false: set KAFKA_SSL=true, or leave the files out',
    );
  if (!config.KAFKA_BROKERS)
    throw new PermanentError('config', 'KAFKA_BROKERS is not set: give host:port, or TELLTALE_BACKEND=embedded');
}

/** Throws PermanentError('config') when variables that a cluster needs are missing. */
export function checkBackends(config: CommonConfig): void {
  checkStores(config);
  if (backendKind(config) === 'cluster' && !config.TELLTALE_MASTER_KEY)
    throw new PermanentError(
      'config',
      'TELLTALE_MASTER_KEY is not set: every process of a cluster needs the same one (32 bytes as base64, e.g. `openssl rand -base64 32`)',
    );
}

/** Returns free space of the embedded log to the disk. The log works without it, so a failure is only logged. */
async function compactLog(config: CommonConfig, logger: Logger): Promise<void> {
  if (backendKind(config) !== 'embedded') return;
  try {
    const compaction = await compactEmbeddedLog(embeddedLogPath(config));
    if (compaction) logger.info('log_compacted', { ...compaction });
  } catch (error) {
    // An unusable folder is reported when the log is opened.
    if (!isPermanent(error)) logger.warn('log_compaction_failed', { error: messageOf(error) });
  }
}

function openIn(config: CommonConfig, kind: Backends['kind'], instruments: Instruments): Omit<Backends, 'releaseHome'> {
  const keys = config.TELLTALE_MASTER_KEY
    ? { masterKey: masterKeyFrom(config.TELLTALE_MASTER_KEY, 'TELLTALE_MASTER_KEY') }
    : { keys: openKeyFolder(join(config.TELLTALE_HOME, 'keys'), existsSync(join(config.TELLTALE_HOME, 'log', 'data.mdb'))) };
  const otherMasterKeys = (config.TELLTALE_OTHER_MASTER_KEYS ?? '')
    .split(',')
    .filter((key) => key.trim() !== '')
    .map((key) => masterKeyFrom(key, 'TELLTALE_OTHER_MASTER_KEYS'));
  const encryptor = createEncryptor({ ...keys, otherMasterKeys, clock: instruments.clock });
  const masterKey = 'keys' in keys ? keys.keys.masterKey : keys.masterKey;
  const signer = createRecordSigner(masterKey, otherMasterKeys);
  const secrets = createSecretBox(masterKey, otherMasterKeys);
  return { kind, broker: openBroker(config, instruments), rows: openRows(config), encryptor, signer, secrets };
}

/**
 * Creates the adapters that the configuration selects; all other code is the same for both kinds. Only one process may use a home with
 * data.
 */
export async function openBackends(config: CommonConfig, instruments: Instruments): Promise<Backends> {
  const kind = backendKind(config);
  checkBackends(config);
  const home = config.TELLTALE_HOME;
  makeHome(home);
  const holdsData = kind === 'embedded' || !config.CLICKHOUSE_URL;
  const releaseHome = holdsData ? lockHome(home) : (): void => undefined;
  try {
    const open = closeHome(home);
    if (open.length)
      instruments.logger.warn('home_open_to_others', {
        paths: open,
        fix: `make this user their owner, or: chmod -R go= ${home}`,
      });
    await compactLog(config, instruments.logger);
    return { ...openIn(config, kind, instruments), releaseHome };
  } catch (error) {
    releaseHome();
    throw error;
  }
}
