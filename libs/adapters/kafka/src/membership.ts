import { type GroupMembership, type TaskAssignment } from '@telltale/streaming';
import { isFenced, isTransient } from '@telltale/kernel';
import { type Batch, type Consumer } from 'kafkajs';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { taskAssigner } from './task-assigner';
import { createOwnedTask, type OwnedTask } from './task-assignment';
import { createTaskProducer } from './task-producer';
import { toLogRecord } from './records';
import { type StateReader } from './state-reader';
import { type TopicAdmin } from './topic-admin';

export interface JoinOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly onAssigned: (lease: TaskAssignment) => Promise<void>;
  readonly onRebalance?: () => void;
}

const CONSUMER = {
  rebalanceTimeout: 20_000,
  heartbeatInterval: 1_500,
  maxWaitTimeInMs: 100,
  maxBytesPerPartition: 4 * 1024 * 1024,
  maxBytes: 32 * 1024 * 1024,
};
/** How long the tasks of a member that died stay with it. Fencing keeps them right, so this need not be long. */
const SESSION_TIMEOUT_MS = 10_000;
const AGAIN_MS = 500;
/** kafkajs has it, its types do not: the offset that was asked for. */
type FetchedBatch = Batch & { readonly fetchedOffset: string };

interface Holding {
  readonly ended: AbortController;
  lease: OwnedTask | null;
  readonly topics: readonly string[];
  work: Promise<void>;
}

/** Joins a group and owns the tasks it is assigned. The consumer only fetches and keeps membership; it never commits. */
export async function joinGroup(
  context: KafkaContext,
  admin: TopicAdmin,
  state: StateReader,
  { groupId, topics, onAssigned, onRebalance }: JoinOptions,
): Promise<GroupMembership> {
  const { kafka, options } = context;
  const { clock, logger } = options;
  const holdings = new Map<number, Holding>();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let leaving = false;

  const consumer: Consumer = kafka.consumer({
    groupId,
    partitionAssigners: [taskAssigner],
    readUncommitted: false,
    allowAutoTopicCreation: false,
    ...CONSUMER,
    sessionTimeout: options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
    retry: { initialRetryTime: 100, retries: 10, restartOnFailure: () => Promise.resolve(!leaving) },
  });

  /** Fences and hands the task out; again when it was fenced by mistake while the group still says that it is ours. */
  async function hold(partition: number, holding: Holding): Promise<void> {
    while (!holding.ended.signal.aborted) {
      const producer = createTaskProducer(context, admin, groupId, partition, holding.topics);
      try {
        await producer.fence();
        if (holding.ended.signal.aborted) return;
        const lease = createOwnedTask({ groupId, partition, topics: holding.topics, consumer, producer, admin, state, clock });
        holding.lease = lease;
        if (!(await served(lease))) return;
        if (!producer.isFenced()) return;
      } catch (error) {
        const failure = classify(error, `own task ${partition} of ${groupId}`);
        if (!isFenced(failure) && !isTransient(failure)) return fail(failure);
        logger.warn('task_assign_failed', { group: groupId, partition, error: failure.message });
      } finally {
        holding.lease = null;
        await producer.close();
      }
      await clock.sleep(AGAIN_MS, holding.ended.signal);
    }
  }

  /** False when the owner's code has failed, which no retry helps. */
  async function served(lease: OwnedTask): Promise<boolean> {
    try {
      await onAssigned(lease);
      return true;
    } catch (error) {
      if (isFenced(error) || isTransient(error)) throw error;
      fail(error);
      return false;
    }
  }

  function drop(partition: number): void {
    const holding = holdings.get(partition);
    holdings.delete(partition);
    holding?.ended.abort();
    holding?.lease?.lose();
  }

  function assign(assignment: Readonly<Record<string, number[]>>): void {
    const tasks = new Map<number, string[]>();
    for (const topic of topics)
      for (const partition of assignment[topic] ?? []) tasks.set(partition, [...(tasks.get(partition) ?? []), topic]);
    for (const [partition, holding] of holdings) if (tasks.get(partition)?.join() !== holding.topics.join()) drop(partition);
    for (const [partition, mine] of tasks) {
      const kept = holdings.get(partition);
      if (kept?.lease) kept.lease.resync();
      else for (const topic of mine) consumer.pause([{ topic, partitions: [partition] }]);
      if (kept) continue;
      const holding: Holding = { ended: new AbortController(), lease: null, topics: mine, work: Promise.resolve() };
      holdings.set(partition, holding);
      holding.work = hold(partition, holding);
    }
    logger.info('group_joined', { group: groupId, tasks: [...tasks.keys()] });
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    onRebalance?.();
    assign(payload.memberAssignment);
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    logger.warn('consumer_crashed', { group: groupId, error: payload.error.name, restarts: payload.restart });
    if (!payload.restart && !leaving) fail(classify(payload.error, `group ${groupId}`));
  });

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: ({ batch, resolveOffset }) => {
        const lease = holdings.get(batch.partition)?.lease;
        if (!lease) consumer.pause([{ topic: batch.topic, partitions: [batch.partition] }]);
        else {
          const records = batch.messages.map((message) => toLogRecord(batch.topic, batch.partition, message));
          resolveOffset(batch.lastOffset());
          lease.offer(batch.topic, records, Number((batch as FetchedBatch).fetchedOffset));
        }
        return Promise.resolve();
      },
    });
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw classify(error, `join group ${groupId}`);
  }

  return {
    failed,
    async leave() {
      leaving = true;
      const working = [...holdings.values()].map(({ work }) => work);
      for (const partition of [...holdings.keys()]) drop(partition);
      await Promise.all(working);
      await consumer.disconnect().catch(() => undefined);
    },
  };
}
