import './compression-codecs';
import './kafkajs-aborted-transactions-patch';
import './kafkajs-undecodable-batch-patch';
import './kafkajs-produce-patch';
import { noFailpoint, type Logger, type Failpoint } from '@telltale/streaming';
import { PermanentError, type Clock } from '@telltale/kernel';
import { CompressionTypes, Kafka, logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { z } from 'zod';
import { createKafkaSocket } from './kafka-socket';

const sasl = z.object({
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
  username: z.string().min(1, 'give KAFKA_SASL_USERNAME'),
  password: z.string().min(1, 'give KAFKA_SASL_PASSWORD'),
});

const pem = z.instanceof(Buffer);

/** What a deployment may configure; `createKafkaBroker` rejects anything else. */
export const kafkaOptionsSchema = z.object({
  brokers: z
    .array(z.string().regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'give KAFKA_BROKERS as host:port,host:port'))
    .min(1, 'give KAFKA_BROKERS as host:port,host:port')
    .readonly(),
  clientId: z.string().min(1),
  ssl: z
    .union([z.boolean(), z.object({ ca: pem.optional(), cert: pem.optional(), key: pem.optional() }).readonly()])
    .optional()
    .describe('TLS to the brokers; PEM of what they are checked against, and what we show them'),
  sasl: sasl.readonly().optional(),
  partitions: z.number().int().min(1).describe('Partitions of topics that follow the configured count'),
  replicationFactor: z.number().int().min(1).describe('Replication factor of the topics it creates'),
  retentionMs: z
    .record(z.string(), z.number().int().positive())
    .readonly()
    .optional()
    .describe("Retention in ms by topic name, instead of the catalog's"),
  sessionTimeoutMs: z.number().int().min(6_000).optional().describe('How long a dead member keeps its tasks'),
  compression: z.enum(['none', 'gzip']).optional().describe('Compression of produced records'),
});

export interface KafkaBrokerOptions extends Readonly<z.infer<typeof kafkaOptionsSchema>> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoint?: Failpoint;
}

function check(options: KafkaBrokerOptions): void {
  const { success, error } = kafkaOptionsSchema.safeParse(options);
  if (success) return;
  const found = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new PermanentError('config', `Kafka options: ${found}`);
}

/** Shared by the parts of this adapter. */
export interface KafkaContext {
  readonly kafka: Kafka;
  readonly options: KafkaBrokerOptions & { readonly failpoint: Failpoint };
  readonly compression: CompressionTypes;
}

const tlsOf = (ssl: NonNullable<KafkaBrokerOptions['ssl']>): NonNullable<KafkaConfig['ssl']> =>
  ssl === true || ssl === false
    ? ssl
    : { ...(ssl.ca && { ca: ssl.ca }), ...(ssl.cert && { cert: ssl.cert }), ...(ssl.key && { key: ssl.key }) };

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** CONCURRENT_TRANSACTIONS right after a commit is normal; kafkajs sleeps this long before it retries (its default is 300 ms). */
const INITIAL_RETRY_MS = 15;

/**
 * A producer must never retry a request by itself: kafkajs then resends to brokers that have not responded yet, with new sequence numbers,
 * and skips partitions that have moved to a broker that has. It requires retries for an idempotent producer and compares the count as a
 * number: this value passes the check and is never reached.
 */
export const NEVER_REPEAT = { retries: Number.NaN };

export function createContext(options: KafkaBrokerOptions): KafkaContext {
  check(options);
  const { logger } = options;
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    socketFactory: createKafkaSocket,
    retry: { initialRetryTime: INITIAL_RETRY_MS, maxRetryTime: 1_000, retries: 8 },
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) => {
      // Relevant errors are thrown and classified; the client's own log lines are context.
      logger.debug('kafka_client', { level: entry.level, namespace: entry.namespace, message: entry.log.message });
    },
    ...(options.ssl ? { ssl: tlsOf(options.ssl) } : {}),
    ...(options.sasl ? { sasl: options.sasl as SASLOptions } : {}),
  };
  return {
    kafka: new Kafka(config),
    options: { ...options, failpoint: options.failpoint ?? noFailpoint },
    compression: options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
  };
}
