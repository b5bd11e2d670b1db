import { z } from 'zod';
import { tracesConfig } from './traces';
import { watchItselfConfig } from './watch-itself';

const int = (fallback: number, about: string, least = 0, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(least).max(most).default(fallback).describe(about);

const KEY_BYTES = 32;
const isKey = (text: string): boolean =>
  /^[A-Za-z0-9+/_-]+={0,2}$/.test(text.trim()) && Buffer.from(text.trim(), 'base64').length === KEY_BYTES;
const MOST_KEYS = 8;
const isKeyList = (text: string): boolean => text.split(',').length <= MOST_KEYS && text.split(',').every(isKey);
const isBrokerList = (text: string): boolean => text.split(',').every((broker) => /^\s*[^\s:/]+:\d{1,5}\s*$/.test(broker));
const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Variables of every process. */
export const commonConfig = z.object({
  TELLTALE_HOME: z.string().default('.telltale').describe('Folder of the embedded data, keys and the pid file'),
  TELLTALE_BACKEND: z
    .enum(['auto', 'embedded', 'cluster'])
    .default('auto')
    .describe('auto: cluster when KAFKA_BROKERS is set, else embedded'),
  TELLTALE_PARTITIONS: int(0, 'Partitions of topics created from here; 0: 1 embedded, 24 on Kafka', 0, 512),
  TOPIC_RETENTION_MS: z
    .string()
    .optional()
    .describe('Retention of topics created from here, instead of docs/TOPICS.md: topic=ms,topic=ms'),
  EMBEDDED_LOG_MAX_BYTES: int(
    2_147_483_648,
    'Most bytes of the embedded log, all topics together. Above it the oldest records of the largest topics are removed before their retention is over; never what a group has not read or the newest of a key. Full of those, the gateway answers 503',
    67_108_864,
  ),
  TELLTALE_MASTER_KEY: z
    .string()
    .refine(
      isKey,
      'is not 32 bytes as base64: set the key that stored data was written with; only where nothing is stored yet, make one with: openssl rand -base64 32',
    )
    .optional()
    .describe(
      '32 bytes as base64 (openssl rand -base64 32) that bodies are encrypted with; on a cluster required, the same for every process; a key file when embedded',
    ),
  TELLTALE_OTHER_MASTER_KEYS: z
    .string()
    .refine(isKeyList, 'is not a list of keys; give each as 32 bytes in base64, with commas between them, at most 8')
    .optional()
    .describe(
      'Master keys that are only read with, with commas: during a rotation the next one, then the one before (docs/OPERATIONS.md)',
    ),
  TELLTALE_SETTINGS_FILE: z
    .string()
    .optional()
    .describe(
      'YAML file of settings: tenants, API keys, prices and more (docs/SETTINGS.md). Entries that changed since they were last read are written to telltale.settings.v1 at start',
    ),
  KAFKA_BROKERS: z
    .string()
    .refine(isBrokerList, 'is not a list of brokers; give host:port,host:port')
    .optional()
    .describe('host:port,host:port'),
  KAFKA_SSL: z.enum(['true', 'false']).default('false').describe('TLS to the brokers'),
  KAFKA_SSL_CA_FILE: z
    .string()
    .optional()
    .describe('PEM file of the authorities that the certificates of the brokers are checked against; absent: those of Node'),
  KAFKA_SSL_CERT_FILE: z.string().optional().describe('PEM file of our certificate, where the brokers ask for one (mTLS)'),
  KAFKA_SSL_KEY_FILE: z.string().optional().describe('PEM file of the key of that certificate'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('SASL mechanism'),
  KAFKA_SASL_USERNAME: z.string().optional().describe('SASL user'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('SASL password'),
  KAFKA_REPLICATION_FACTOR: int(1, 'Replicas of topics created from here'),
  TOPICS: z
    .enum(['apply', 'wait', 'off'])
    .default('apply')
    .describe(
      'apply: create the topics of Kafka that are missing; wait: start when another process has created them (telltale topics apply); off: take them as they are',
    ),
  CLICKHOUSE_URL: z
    .string()
    .refine(isHttpUrl, 'is not an address; give http(s)://user:password@host:8123')
    .optional()
    .describe('http(s)://user:password@host:8123; absent: the engine in this process'),
  CLICKHOUSE_USERNAME: z.string().optional().describe('User of CLICKHOUSE_URL, where the address names none'),
  CLICKHOUSE_PASSWORD: z.string().optional().describe('Password of that user'),
  CLICKHOUSE_QUERY_URL: z
    .string()
    .refine(isHttpUrl, 'is not an address; give http(s)://user:password@host:8123')
    .optional()
    .describe(
      'http(s)://user:password@host:8123 of the read-only user that people’s queries run as (deploy/clickhouse/access); absent: CLICKHOUSE_URL',
    ),
  CLICKHOUSE_QUERY_USERNAME: z.string().optional().describe('User of CLICKHOUSE_QUERY_URL, where the address names none'),
  CLICKHOUSE_QUERY_PASSWORD: z.string().optional().describe('Password of that user'),
  CLICKHOUSE_CA_FILE: z
    .string()
    .optional()
    .describe(
      'PEM file of the authorities that the certificate of an https ClickHouse is checked against; absent: those of Node',
    ),
  CLICKHOUSE_CERT_FILE: z.string().optional().describe('PEM file of our certificate, where ClickHouse asks for one (mTLS)'),
  CLICKHOUSE_KEY_FILE: z.string().optional().describe('PEM file of the key of that certificate'),
  CLICKHOUSE_REQUEST_TIMEOUT_MS: int(
    60_000,
    'A request that ClickHouse has not answered by then failed, and is tried again',
    1_000,
  ),
  QUERY_MAX_MEMORY_BYTES: int(536_870_912, 'Most memory one query may take; at most two run at a time', 67_108_864),
  CLICKHOUSE_CLUSTER: z.string().optional().describe('Cluster of one shard: tables are replicated and created ON CLUSTER'),
  CLICKHOUSE_SYSTEM_LOG_DAYS: int(
    7,
    'Days that a ClickHouse server keeps its own logs (system.query_log and others) that have no limit; 0: they are left alone',
  ),
  MIGRATIONS: z
    .enum(['apply', 'wait', 'off'])
    .default('apply')
    .describe(
      'apply: apply the migrations of ClickHouse that are missing, one process at a time; wait: start when another process has applied them; off: take the tables as they are',
    ),
  HTTP_HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 in a container'),
  HTTP_PORT: int(
    4318,
    'HTTP port; 0: the system chooses. A process that runs one service has a default of its own: docs/CONFIG.md',
    0,
    65_535,
  ),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe level written to stderr'),
  BATCH_MAX_RECORDS: int(5_000, 'Most records in one range', 1),
  BATCH_MAX_BYTES: int(8_388_608, 'About the most bytes in one range'),
  BATCH_LINGER_MS: int(
    200,
    'Batches that are not full start at the soonest this long after the one before; never sooner than 40 ms for each partition of the topic with the most, so that all tasks together make at most 25 inserts a second into a table (24 partitions: 960 ms)',
  ),
  PUNCTUATE_INTERVAL_MS: int(1_000, 'How often an idle task looks whether time alone has an effect'),
  RETENTION_DAYS: int(
    30,
    'Days that events are kept after their arrival, rounded up to 1, 7, 30, 90 or 400; a tenant may have its own (docs/SETTINGS.md)',
    1,
    400,
  ),
  SHUTDOWN_DEADLINE_MS: int(
    15_000,
    'Ranges that have not ended by then are abandoned at shutdown; they are repeated at the next start',
  ),
  ...tracesConfig.shape,
  ...watchItselfConfig.shape,
});
export type CommonConfig = z.infer<typeof commonConfig>;
