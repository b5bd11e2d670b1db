import { type SettingRecord, TOPICS, type TopicSpec } from '@telltale/contracts';
import { type Clock, TransientError } from '@telltale/kernel';
import { type CommonConfig } from '@telltale/platform-config';
import { seedSettings } from '@telltale/settings';
import { type Broker, insertLoad, lingerFor, type Logger, retryTransient, type RowStore } from '@telltale/streaming';
import { backendKind } from './backends';
import { onlyDeclared } from './declared-topics';
import { topicsWith } from './topic-retention';

interface Preparation {
  readonly config: CommonConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}
type OfBroker = Preparation & { readonly broker: Broker };
type OfTables = Preparation & { readonly rows: RowStore };

/** Days that tenants ask to be kept. One that is set later makes another partition of each insert, which `watchDedupWindows` sees. */
const retentionsIn = (settings: Iterable<SettingRecord>): number[] =>
  [...settings].flatMap((one) => (one.type === 'tenant' && one.value?.retention_days) || []);

/** Waits out a store that is not there yet. */
export const patiently = <T>(step: () => Promise<T>, { clock, logger, signal }: Preparation): Promise<T | null> =>
  retryTransient(step, {
    clock,
    caller: 'start',
    signal,
    onRetry: (error) => logger.warn('waiting_for_backend', { error, runbook: 'docs/runbooks/backend-unreachable.md' }),
  });

async function requireTopics(broker: Broker, topics: readonly TopicSpec[]): Promise<void> {
  const there = new Set((await broker.describe(topics.map(({ name }) => name))).map(({ name }) => name));
  const missing = topics.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  const named = missing.length > 1 ? `${missing[0]} and ${missing.length - 1} more topics` : `topic ${missing[0]}`;
  throw new TransientError('unavailable', `${named} not there yet: make them with telltale topics apply, or set TOPICS=apply`);
}

/** Topics as the configuration wants them; by name how many partitions each has. */
export async function prepareTopics(preparation: OfBroker): Promise<ReadonlyMap<string, number>> {
  const { config, broker } = preparation;
  const topics = topicsWith(config.TOPIC_RETENTION_MS);
  // The embedded log has nobody else who would make them.
  const mode = backendKind(config) === 'embedded' ? 'apply' : config.TOPICS;
  if (mode === 'apply') await patiently(() => broker.ensureTopics(topics), preparation);
  if (mode === 'wait') await patiently(() => requireTopics(broker, topics), preparation);
  const described = await patiently(() => broker.describe(topics.map(({ name }) => name)), preparation);
  return new Map((described ?? []).map(({ name, partitions }) => [name, partitions.length]));
}

/** Migrations by `MIGRATIONS`; those that were applied here. */
export async function prepareTables(preparation: OfTables): Promise<readonly string[]> {
  const { config, rows, logger } = preparation;
  const applied = (await patiently(() => rows.migrate(config.MIGRATIONS), preparation)) ?? [];
  if (applied.length > 0) logger.info('migrations_applied', { applied });
  return applied;
}

/** The settings topic brought up to the settings file. The settings in force, by key. */
export async function prepareSettings(preparation: OfBroker): Promise<ReadonlyMap<string, SettingRecord>> {
  const { config, broker, clock } = preparation;
  const starting = onlyDeclared(broker, { name: 'start', reads: [TOPICS.settings], outputs: [TOPICS.settings] });
  const settings = await patiently(() => seedSettings(starting, config.TELLTALE_SETTINGS_FILE, clock.now()), preparation);
  return settings ?? new Map();
}

/** Windows of deduplication as long as a takeover may take, and an end to what ClickHouse logs of itself. */
export async function limitTables(preparation: OfTables, tasks: number, settings: Iterable<SettingRecord>): Promise<void> {
  const { config, rows, logger } = preparation;
  const load = insertLoad({
    tasks,
    lingerMs: lingerFor(tasks, config.BATCH_LINGER_MS),
    maxRecords: config.BATCH_MAX_RECORDS,
    retentions: [config.RETENTION_DAYS, ...retentionsIn(settings)],
  });
  const sized = await patiently(() => rows.sizeDedupWindows(load, config.MIGRATIONS === 'apply'), preparation);
  if (sized?.length) logger.info('dedup_windows_sized', { ...load, tables: sized });
  if (config.MIGRATIONS !== 'apply' || config.CLICKHOUSE_SYSTEM_LOG_DAYS === 0) return;
  const systemLogs = await patiently(() => rows.limitSystemLogs(config.CLICKHOUSE_SYSTEM_LOG_DAYS), preparation);
  if (systemLogs?.limited.length) logger.info('system_logs_limited', { tables: systemLogs.limited });
  if (systemLogs?.unlimited.length)
    logger.warn('system_logs_unlimited', { ...systemLogs, fix: 'deploy/clickhouse/config.d/telltale-system-logs.xml' });
}

/** Topics, tables and settings, before any service starts: how many partitions each topic has, and how many tasks a service has at most. */
export async function prepareStores(preparation: OfBroker & OfTables) {
  const partitionCounts = await prepareTopics(preparation);
  await prepareTables(preparation);
  const settings = await prepareSettings(preparation);
  const tasks = Math.max(...partitionCounts.values(), 1);
  await limitTables(preparation, tasks, settings.values());
  return { partitionCounts, tasks };
}
