import { type LogRecord } from '@telltale/streaming';
import { type KafkaMessage, type Kafka } from 'kafkajs';
import { createRequire } from 'node:module';
import { classify, protocolType } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { toLogRecord } from './records';

/** By topic and partition: the next offset to read. */
export type Positions = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What a fetch brought of one partition; without records where only markers of transactions, or nothing, was there. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The next offset to read. */
  readonly next: number;
}

export interface FetchClient {
  /** Reads once from these positions, committed records only; waits up to `waitMs` where there are none. Throws what `classify` says. */
  fetch(positions: Positions, waitMs: number): Promise<Fetched[]>;
  close(): Promise<void>;
}

interface FetchBroker {
  fetch(request: unknown): Promise<{ readonly responses: readonly { readonly topicName: string; readonly partitions: readonly PartitionData[] }[] }>; // prettier-ignore
}
interface PartitionData {
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
}
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(node: { readonly nodeId: string }): Promise<FetchBroker>;
}
interface Batch {
  readonly messages: readonly KafkaMessage[];
  isEmptyIncludingFiltered(): boolean;
  lastOffset(): string;
}
type BatchClass = new (topic: string, fetchedOffset: string, data: PartitionData) => Batch;
type CreateCluster = (options: Readonly<Record<string, unknown>>) => Cluster;

const READ_COMMITTED = 1;
const METADATA_MAX_AGE_MS = 300_000;
const PARTITION_BYTES = 4 * 1024 * 1024;
const REQUEST_BYTES = 16 * 1024 * 1024;
/** The broker answers at once, whatever we were ready to wait for. */
const MOVED: ReadonlySet<string> = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
]);

const Batch = createRequire(__filename)('kafkajs/src/consumer/batch') as BatchClass;

/**
 * kafkajs reads by groups alone, and a group costs a coordinator, rights of its own and, on a broker with default settings, three seconds at its
 * first join. What its consumers are made of can be asked for records as well.
 */
function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  const create = symbol && (kafka as unknown as Record<symbol, CreateCluster>)[symbol];
  if (!create) throw new Error('this version of kafkajs is made of other parts');
  return create({ metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false, maxInFlightRequests: null, isolationLevel: READ_COMMITTED }); // prettier-ignore
}

/** Reads partitions without a group. One request at a time. */
export function createFetchClient({ kafka }: Pick<KafkaContext, 'kafka'>): FetchClient {
  const cluster = clusterOf(kafka);
  let connected: Promise<void> | null = null;

  /** What each broker leads of these. */
  function requestsFor(positions: Positions): Map<string, { topic: string; partitions: unknown[] }[]> {
    const requests = new Map<string, { topic: string; partitions: unknown[] }[]>();
    for (const [topic, offsets] of positions)
      for (const [nodeId, partitions] of Object.entries(cluster.findLeaderForPartitions(topic, [...offsets.keys()]))) {
        const asked = partitions.map((partition) => ({ partition, fetchOffset: String(offsets.get(partition)), maxBytes: PARTITION_BYTES }));
        requests.set(nodeId, [...(requests.get(nodeId) ?? []), { topic, partitions: asked }]);
      }
    return requests;
  } // prettier-ignore

  function fetchedOf(topic: string, data: PartitionData, from: number): Fetched {
    const batch = new Batch(topic, String(from), data);
    const records = batch.messages.map((message) => toLogRecord(topic, data.partition, message));
    // Of nothing at all, the last offset would be the end of the log, which may be behind an open transaction.
    const next = batch.isEmptyIncludingFiltered() ? from : Number(batch.lastOffset()) + 1;
    return { topic, partition: data.partition, records, next };
  }

  async function fetchOnce(positions: Positions, waitMs: number): Promise<Fetched[]> {
    await (connected ??= cluster.connect());
    await cluster.addMultipleTargetTopics([...positions.keys()]);
    await cluster.refreshMetadataIfNecessary();
    const asked = [...requestsFor(positions)].map(async ([nodeId, topics]) => {
      const broker = await cluster.findBroker({ nodeId });
      return broker.fetch({ isolationLevel: READ_COMMITTED, maxWaitTime: waitMs, minBytes: 1, maxBytes: REQUEST_BYTES, topics });
    });
    return (await Promise.all(asked)).flatMap(({ responses }) =>
      responses.flatMap(({ topicName, partitions }) =>
        partitions.map((data) => fetchedOf(topicName, data, positions.get(topicName)?.get(data.partition) ?? 0)),
      ),
    );
  }

  return {
    async fetch(positions, waitMs) {
      try {
        return await fetchOnce(positions, waitMs);
      } catch (error) {
        if (MOVED.has(protocolType(error) ?? '')) await cluster.refreshMetadata().catch(() => undefined);
        throw classify(error, `read ${[...positions.keys()].join(', ')}`);
      }
    },
    close: () => cluster.disconnect().catch(() => undefined),
  };
}
