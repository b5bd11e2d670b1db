import { ALL_TOPICS, type TopicSpec } from '@telltale/contracts';
import { type TopicInfo } from '@telltale/streaming';
import { isTransient, PermanentError, TransientError } from '@telltale/kernel';
import { type Admin } from 'kafkajs';
import { classify, protocolType } from './kafka-errors';
import { type KafkaBrokerOptions, type KafkaContext } from './kafka-options';
import { createTopicLimits, DEFAULT_LIMIT_BYTES } from './topic-limits';

/** With at least three replicas, an acknowledged record is stored on two brokers. */
const SAFE_REPLICAS = 3;
const LOOK_AGAIN_MS = 100;
const LOOKS = 50;
/** The leader or coordinator is being elected, or its broker has just gone. */
const NOT_YET: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);

/**
 * For each topic that is new to a client, kafkajs loads the metadata of all that it was asked about again. Of two at once, the answer that comes
 * last may leave out the topic of the other question, which then fails on what it does not find; asked again, the same client has both.
 */
const isLeftOut = (error: unknown): boolean => error instanceof TypeError;

interface Client {
  readonly admin: Promise<Admin>;
  /** Requests in flight. */
  users: number;
  retired: boolean;
}

/** Reads and creates topics and reads offsets, over one admin connection that is opened when first needed. */
export function createTopicAdmin({ kafka, options }: KafkaContext) {
  let current: Client | null = null;
  let isClosed = false;
  const partitionCounts = new Map<string, number>();

  async function connect(): Promise<Admin> {
    const opened = kafka.admin();
    await opened.connect();
    return opened;
  }
  async function closeIfIdle({ admin, users, retired }: Client): Promise<void> {
    if (retired && users === 0) await admin.then((a) => a.disconnect()).catch(() => undefined);
  }
  function retire(client: Client): void {
    client.retired = true;
    if (current === client) current = null;
  }

  /** A client that has lost a leader keeps asking it until its metadata expires; a new client asks the right broker. */
  async function ask<T>(doing: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let look = 1; ; look++) {
      // Nobody would close a client that is opened now, and it would keep the process alive.
      if (isClosed) throw new TransientError('unavailable', `${doing}: the connection is closed`);
      const client = (current ??= { admin: connect(), users: 0, retired: false });
      client.users++;
      try {
        return await question(await client.admin);
      } catch (error) {
        const failure = classify(error, doing);
        const isLast = look >= LOOKS;
        if (isTransient(failure) && (isLast || !isLeftOut(error))) retire(client);
        if (isLast || !(isLeftOut(error) || NOT_YET.has(protocolType(error) ?? ''))) throw failure;
      } finally {
        client.users--;
        await closeIfIdle(client);
      }
      await options.clock.sleep(LOOK_AGAIN_MS);
    }
  }

  async function partitionsOf(topic: string): Promise<number> {
    const known = partitionCounts.get(topic);
    if (known !== undefined) return known;
    const count = await ask(`metadata of ${topic}`, async (a) => {
      try {
        return (await a.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length ?? 0;
      } catch (error) {
        if (protocolType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return 0;
        throw error;
      }
    });
    if (count === 0) throw new PermanentError('not_found', `topic ${topic} does not exist: create it first`);
    partitionCounts.set(topic, count);
    return count;
  }

  /** Start and end as readers of committed records see them. */
  async function offsetsOf(topic: string): Promise<TopicInfo['partitions']> {
    await partitionsOf(topic);
    const offsets = await ask(`offsets of ${topic}`, (a) => a.fetchTopicOffsets(topic));
    return offsets
      .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
      .sort((a, b) => a.partition - b.partition);
  }

  return {
    ask,
    partitionsOf,
    offsetsOf,
    ...createTopicLimits(ask, options),
    /** Offset and metadata by topic and partition; offset -1 without a commit. */
    committed: (groupId: string, topics: readonly string[]) =>
      ask(`offsets of group ${groupId}`, (a) => a.fetchOffsets({ groupId, topics: [...topics] })),
    async existing(): Promise<ReadonlySet<string>> {
      return new Set(await ask('list topics', (a) => a.listTopics()));
    },
    async ensureTopics(specs: readonly TopicSpec[] = ALL_TOPICS): Promise<void> {
      const there = new Set(await ask('list topics', (a) => a.listTopics()));
      const missing = specs.filter(({ name }) => !there.has(name));
      if (missing.length === 0) return;
      await ask('create topics', async (a) => {
        try {
          await a.createTopics({
            waitForLeaders: true,
            topics: missing.map((spec) => ({
              topic: spec.name,
              numPartitions: spec.partitions === 'configured' ? options.partitions : spec.partitions,
              replicationFactor: options.replicationFactor,
              configEntries: configOf(spec, options),
            })),
          });
        } catch (error) {
          // Another process created them first.
          if (protocolType(error) !== 'TOPIC_ALREADY_EXISTS' && !isAlreadyThere(error)) throw error;
        }
      });
      for (const { name } of missing) await offsetsOf(name);
    },
    async ping(): Promise<void> {
      await ask('describe cluster', (a) => a.describeCluster());
    },
    /** Questions under way are answered; later ones reject. */
    async close(): Promise<void> {
      isClosed = true;
      const client = current;
      if (!client) return;
      retire(client);
      await closeIfIdle(client);
    },
  };
}
export type TopicAdmin = ReturnType<typeof createTopicAdmin>;

export function configOf(
  spec: TopicSpec,
  { replicationFactor, retentionMs }: Pick<KafkaBrokerOptions, 'replicationFactor' | 'retentionMs'>,
) {
  const { cleanupPolicy, compaction } = spec;
  const config: Record<string, string | number> = { 'cleanup.policy': cleanupPolicy, 'max.message.bytes': DEFAULT_LIMIT_BYTES };
  if (replicationFactor >= SAFE_REPLICAS) config['min.insync.replicas'] = 2;
  if (cleanupPolicy === 'delete') config['retention.ms'] = retentionMs?.[spec.name] ?? spec.retentionMs;
  else if (compaction)
    Object.assign(config, {
      'segment.bytes': compaction.segmentBytes,
      'min.cleanable.dirty.ratio': compaction.minDirtyRatio,
      'min.compaction.lag.ms': compaction.minLagMs,
      'max.compaction.lag.ms': compaction.maxLagMs,
      'delete.retention.ms': compaction.tombstoneMs,
    });
  return Object.entries(config).map(([name, value]) => ({ name, value: String(value) }));
}

/** kafkajs collects the errors of createTopics in one aggregate error. */
const isAlreadyThere = (error: unknown): boolean =>
  error instanceof Error &&
  'errors' in error &&
  Array.isArray(error.errors) &&
  error.errors.every((inner: unknown) => protocolType(inner) === 'TOPIC_ALREADY_EXISTS');
