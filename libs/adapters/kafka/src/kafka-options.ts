import { noProbe, type Log, type Probe } from '@telltale/engine';
import { type Clock } from '@telltale/kernel';
import { CompressionTypes, Kafka, logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';

export type KafkaSasl = {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
};

export interface KafkaLogOptions {
  /** `host:port`. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: boolean;
  readonly sasl?: KafkaSasl;
  /** Partitions of topics that follow the configured count. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Retention in ms by topic name, instead of the catalogue's. */
  readonly retentionMs?: Readonly<Record<string, number>>;
  readonly compression?: 'none' | 'gzip';
  readonly clock: Clock;
  readonly log: Log;
  readonly probe?: Probe;
}

/** What the parts of this adapter share. */
export interface KafkaContext {
  readonly kafka: Kafka;
  readonly options: KafkaLogOptions & { readonly probe: Probe };
  readonly compression: CompressionTypes;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** CONCURRENT_TRANSACTIONS right after a commit is routine; kafkajs sleeps this long before it tries again (its default is 300 ms). */
const INITIAL_RETRY_MS = 15;

export function createContext(options: KafkaLogOptions): KafkaContext {
  const { log } = options;
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: INITIAL_RETRY_MS, maxRetryTime: 1_000, retries: 8 },
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) => {
      // What matters is thrown and classified; the client's own lines are context for it.
      log.debug('kafka_client', { level: entry.level, namespace: entry.namespace, message: entry.log.message });
    },
    ...(options.ssl ? { ssl: true } : {}),
    ...(options.sasl ? { sasl: options.sasl as SASLOptions } : {}),
  };
  return {
    kafka: new Kafka(config),
    options: { ...options, probe: options.probe ?? noProbe },
    compression: options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
  };
}
