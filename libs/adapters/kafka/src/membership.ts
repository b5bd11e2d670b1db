import { type GroupMembership, type TaskAssignment } from '@telltale/streaming';
import { isFenced, isTransient } from '@telltale/kernel';
import { type Batch, type Consumer } from 'kafkajs';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { createTaskAssigner } from './task-assigner';
import { createOwnedTask, type OwnedTask } from './task-assignment';
import { createTaskProducer } from './task-producer';
import { toLogRecord } from './records';
import { type StateReader } from './state-reader';
import { type TopicAdmin } from './topic-admin';

export interface JoinOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly onAssigned: (assignment: TaskAssignment) => Promise<void>;
  readonly onRebalance?: () => void;
}

const CONSUMER = {
  rebalanceTimeout: 20_000,
  heartbeatInterval: 1_500,
  maxWaitTimeInMs: 100,
  maxBytesPerPartition: 4 * 1024 * 1024,
  maxBytes: 32 * 1024 * 1024,
};
/** How long a dead member keeps its tasks. Fencing protects correctness, so this need not be long. */
const SESSION_TIMEOUT_MS = 10_000;
const RETRY_MS = 500;
/** Between attempts to join; doubles with each one. On a new cluster the first ones fail, until the coordinator has loaded the group. */
const FIRST_REJOIN_MS = 100;
const LONGEST_REJOIN_MS = 1_000;
/** The requested offset, which kafkajs has but does not declare. */
type FetchedBatch = Batch & { readonly fetchedOffset: string };

interface AssignedTask {
  readonly ended: AbortController;
  task: OwnedTask | null;
  readonly topics: readonly string[];
  work: Promise<void>;
}

/** Joins a group and runs the tasks it is assigned. The consumer only fetches and keeps the membership; it never commits. */
export async function joinGroup(
  context: KafkaContext,
  admin: TopicAdmin,
  state: StateReader,
  { groupId, topics, onAssigned, onRebalance }: JoinOptions,
): Promise<GroupMembership> {
  const { kafka, options } = context;
  const { clock, logger } = options;
  const assignedTasks = new Map<number, AssignedTask>();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const leaving = new AbortController();
  let attempts = 0;
  let joining: Promise<void> = Promise.resolve();
  /** The group's, as of the last heartbeat, and one more for each time that we joined since. */
  let generation = 0;

  const consumer: Consumer = kafka.consumer({
    groupId,
    partitionAssigners: [createTaskAssigner(() => ({ generation, tasks: [...assignedTasks.keys()] }))],
    readUncommitted: false,
    allowAutoTopicCreation: false,
    ...CONSUMER,
    sessionTimeout: options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
    retry: { initialRetryTime: 100, retries: 10, restartOnFailure: () => Promise.resolve(false) },
  });

  /** Fences the task and passes it to `onAssigned`; again when it was fenced by mistake while the group still assigns it to this member. */
  async function runAssigned(partition: number, assigned: AssignedTask): Promise<void> {
    while (!assigned.ended.signal.aborted) {
      const producer = createTaskProducer(context, admin, groupId, partition, assigned.topics);
      try {
        await producer.fence();
        if (assigned.ended.signal.aborted) return;
        const task = createOwnedTask({ groupId, partition, topics: assigned.topics, consumer, producer, admin, state, clock });
        assigned.task = task;
        if (!(await ranToEnd(task))) return;
        if (!producer.isFenced()) return;
      } catch (error) {
        const failure = classify(error, `own task ${partition} of ${groupId}`);
        if (!isFenced(failure) && !isTransient(failure)) return fail(failure);
        logger.warn('task_assign_failed', { group: groupId, partition, error: failure.message });
      } finally {
        assigned.task = null;
        await producer.close();
      }
      await clock.sleep(RETRY_MS, assigned.ended.signal);
    }
  }

  /** Returns false when the task's code has failed, which no retry helps. */
  async function ranToEnd(task: OwnedTask): Promise<boolean> {
    try {
      await onAssigned(task);
      return true;
    } catch (error) {
      if (isFenced(error) || isTransient(error)) throw error;
      fail(error);
      return false;
    }
  }

  function drop(partition: number): void {
    const assigned = assignedTasks.get(partition);
    assignedTasks.delete(partition);
    assigned?.ended.abort();
    assigned?.task?.lose();
  }

  function assign(assignment: Readonly<Record<string, number[]>>): void {
    // The group may rebalance once more while the tasks of a leaving member end; nobody would end what began then.
    if (leaving.signal.aborted) return;
    const tasks = new Map<number, string[]>();
    for (const topic of topics)
      for (const partition of assignment[topic] ?? []) tasks.set(partition, [...(tasks.get(partition) ?? []), topic]);
    for (const [partition, assigned] of assignedTasks)
      if (tasks.get(partition)?.join() !== assigned.topics.join()) drop(partition);
    for (const [partition, mine] of tasks) {
      const kept = assignedTasks.get(partition);
      if (kept?.task) kept.task.resync();
      else for (const topic of mine) consumer.pause([{ topic, partitions: [partition] }]);
      if (kept) continue;
      const assigned: AssignedTask = { ended: new AbortController(), task: null, topics: mine, work: Promise.resolve() };
      assignedTasks.set(partition, assigned);
      assigned.work = runAssigned(partition, assigned);
    }
    logger.info('group_joined', { group: groupId, tasks: [...tasks.keys()] });
  }

  /** Joins, and reads until it fails, which the CRASH event says. */
  async function attempt(): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: ({ batch, resolveOffset }) => {
        const task = assignedTasks.get(batch.partition)?.task;
        if (!task) consumer.pause([{ topic: batch.topic, partitions: [batch.partition] }]);
        else {
          const records = batch.messages.map((message) => toLogRecord(batch.topic, batch.partition, message));
          resolveOffset(batch.lastOffset());
          task.offer(batch.topic, records, Number((batch as FetchedBatch).fetchedOffset));
        }
        return Promise.resolve();
      },
    });
  }

  /** In place of kafkajs, which restarts after some failures that pass and not after others, e.g. a connection lost while it looks for the coordinator. */
  async function rejoin(error: unknown): Promise<void> {
    if (leaving.signal.aborted) return;
    const failure = classify(error, `group ${groupId}`);
    logger.warn('consumer_crashed', { group: groupId, error: failure.message, restarts: isTransient(failure) });
    if (!isTransient(failure)) return fail(failure);
    await clock.sleep(Math.min(LONGEST_REJOIN_MS, FIRST_REJOIN_MS * 2 ** attempts++), leaving.signal);
    if (!leaving.signal.aborted) (joining = attempt()).catch(rejoinAfter);
  }

  const rejoinAfter = (error: unknown): void => void rejoin(error).catch(fail);

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    generation++;
    attempts = 0;
    onRebalance?.();
    assign(payload.memberAssignment);
  });
  consumer.on(consumer.events.HEARTBEAT, ({ payload }) => (generation = payload.groupGenerationId));
  consumer.on(consumer.events.CRASH, ({ payload }) => rejoinAfter(payload.error));

  await (joining = attempt()).catch(async (error: unknown) => {
    const failure = classify(error, `join group ${groupId}`);
    if (isTransient(failure)) return rejoinAfter(failure);
    await consumer.disconnect().catch(() => undefined);
    throw failure;
  });

  return {
    failed,
    async leave() {
      leaving.abort();
      const working = [...assignedTasks.values()].map(({ work }) => work);
      for (const partition of [...assignedTasks.keys()]) drop(partition);
      await Promise.all(working);
      const disconnect = (): Promise<void> => consumer.disconnect().catch(() => undefined);
      await disconnect();
      // An attempt to join that was under way opens connections again; it may take as long as no broker answers.
      void joining.then(disconnect, disconnect);
    },
  };
}
