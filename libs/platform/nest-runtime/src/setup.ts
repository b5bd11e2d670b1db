import { inspectServer, type ServerFacts } from '@telltale/adapter-clickhouse';
import { type ClusterInspector, createClusterInspector, createTopicManager, type TopicDifference } from '@telltale/adapter-kafka';
import { PermanentError } from '@telltale/kernel';
import { commonConfig, type CommonConfig, type Env, loadConfig } from '@telltale/platform-config';
import { createLog, createMetrics, systemClock } from '@telltale/platform-telemetry';
import { noFailpoint, type SystemLogs } from '@telltale/streaming';
import { backendKind, checkStores, clickHouseOptionsOf, kafkaOptionsOf, openBroker, openRows } from './backends';
import { prepareQueryAccess, type QueryAccess } from './query-access';
import { limitTables, patiently, prepareSettings, prepareTables, prepareTopics } from './prepare-stores';
import { topicsWith } from './topic-retention';

const INSPECT_TIMEOUT_MS = 5_000;

/**
 * What is done once before services of a cluster start, each by itself, by a program that needs nothing else: topics, migrations, settings; and looks at both stores that change
 * nothing. Each may be repeated. What changes something waits for a Kafka or ClickHouse that is not there yet, until `signal` aborts. All throw PermanentError('config') where variables are missing or wrong.
 */
export function createSetup(env: Env, signal: AbortSignal) {
  const config: CommonConfig = loadConfig(commonConfig, env);
  checkStores(config);
  const instruments = {
    clock: systemClock,
    logger: createLog('telltale.setup', config.LOG_LEVEL),
    metrics: createMetrics(),
    failpoint: noFailpoint,
  };
  const preparing = { ...instruments, signal };

  function requireKafka(what: string): void {
    if (backendKind(config) === 'embedded')
      throw new PermanentError('config', `KAFKA_BROKERS is not set: ${what}; give host:port,host:port`);
  }

  async function manageTopics<T>(use: (topics: ReturnType<typeof createTopicManager>) => Promise<T>): Promise<T> {
    requireKafka('topics are those of a Kafka (the embedded log makes its own)');
    const manager = createTopicManager(kafkaOptionsOf(config, instruments));
    try {
      return await use(manager);
    } finally {
      await manager.close();
    }
  }
  const topics = topicsWith(config.TOPIC_RETENTION_MS);

  return {
    config,
    /** Kafka as the configured user sees it. */
    async inspectKafka<T>(look: (cluster: ClusterInspector) => Promise<T>): Promise<T> {
      requireKafka('there is none to look at');
      const cluster = createClusterInspector(kafkaOptionsOf(config, instruments));
      try {
        return await look(cluster);
      } finally {
        await cluster.close();
      }
    },

    /** The ClickHouse server as the configured user sees it; null with the engine in this process. */
    async inspectClickHouse(): Promise<ServerFacts | null> {
      if (!config.CLICKHOUSE_URL) return null;
      const options = { ...clickHouseOptionsOf(config, config.CLICKHOUSE_URL), requestTimeoutMs: INSPECT_TIMEOUT_MS };
      return inspectServer(options, { migrates: config.MIGRATIONS === 'apply', clock: systemClock });
    },

    /** Logs of a ClickHouse server's own that grow without end. */
    async unlimitedSystemLogs(): Promise<SystemLogs['unlimited']> {
      const rows = openRows({ ...config, CLICKHOUSE_REQUEST_TIMEOUT_MS: INSPECT_TIMEOUT_MS });
      try {
        return (await rows.limitSystemLogs(0)).unlimited;
      } finally {
        await rows.close();
      }
    },

    /** Where topics differ from the catalog. */
    topicDifferences: (): Promise<TopicDifference[]> => manageTopics((manager) => manager.differences(topics)),

    /** Makes topics and their settings as the catalog says; what could not be changed. */
    async applyTopics(): Promise<TopicDifference[]> {
      requireKafka('topics are those of a Kafka (the embedded log makes its own)');
      const broker = openBroker(config, instruments);
      try {
        await prepareTopics({ ...preparing, broker, config: { ...config, TOPICS: 'apply' } });
      } finally {
        await broker.close();
      }
      return manageTopics((manager) => manager.apply(topics));
    },

    /** Applies the migrations that are missing, and makes the read-only user for people's queries. */
    async migrate(): Promise<{ readonly applied: readonly string[]; readonly queryAccess: QueryAccess | null }> {
      if (!config.CLICKHOUSE_URL)
        throw new PermanentError('config', 'CLICKHOUSE_URL is not set: migrations are those of a server (the embedded engine makes its own tables); give http(s)://host:8123'); // prettier-ignore
      const rows = openRows(config);
      try {
        const preparation = { ...preparing, rows, config: { ...config, MIGRATIONS: 'apply' as const } };
        const applied = await prepareTables(preparation);
        await limitTables(preparation, config.TELLTALE_PARTITIONS || 24, []);
        // Null where the wait for the server was given up.
        const queryAccess = await patiently(() => prepareQueryAccess(config), preparation);
        return { applied, queryAccess };
      } finally {
        await rows.close();
      }
    },

    /** Writes the settings of a file that changed since they were last taken to their topic; how many settings are in force. */
    async applySettings(file: string): Promise<number> {
      requireKafka('with an embedded Telltale, settings are applied through it; start it with: telltale up');
      const broker = openBroker(config, instruments);
      try {
        const settings = await prepareSettings({ ...preparing, broker, config: { ...config, TELLTALE_SETTINGS_FILE: file } });
        return settings.size;
      } finally {
        await broker.close();
      }
    },
  };
}
