import { type CommittedOffset, type TaskOffsets, type OutputRecord, topicsOf } from '@telltale/streaming';
import { FencedError, isFenced } from '@telltale/kernel';
import { type Producer, type Transaction } from 'kafkajs';
import { chunkRecords } from './chunk';
import { classify, protocolType } from './kafka-errors';
import { type KafkaContext, NEVER_REPEAT } from './kafka-options';
import { type TopicAdmin } from './topic-admin';

const TRANSACTION_TIMEOUT_MS = 60_000;
const ACKS_ALL = -1;
const APPLIED_AFTER_MS = 250;
const CONCURRENT_WAIT_MS = 5;
const CONCURRENT_TRIES = 1_000;

/** Committed offsets of the task; topics without a commit are absent. */
type Positions = ReadonlyMap<string, CommittedOffset>;

const isSame = (a: Positions, b: Positions): boolean =>
  a.size === b.size &&
  [...a].every(([topic, { offset, metadata }]) => b.get(topic)?.offset === offset && b.get(topic)?.metadata === metadata);

/**
 * The offsets to commit. When they equal the current ones, appends a blank to the metadata, so that it is visible whether the commit took
 * effect.
 */
function advanced(from: Positions, offsets: TaskOffsets): Positions {
  const to = new Map([...from, ...offsets]);
  if (!isSame(from, to)) return to;
  for (const [topic, { offset, metadata }] of offsets) to.set(topic, { offset, metadata: `${metadata} ` });
  return to;
}

/** The caller's metadata, without our blanks. */
const plain = ({ offset, metadata }: CommittedOffset): CommittedOffset => ({ offset, metadata: metadata.trimEnd() });

/**
 * The transactional producer of one task. Opening it fences the previous owner and aborts that owner's open transaction.
 *
 * It is reopened after every failure, which would fence a rightful new owner too. So the committed offsets decide each time: if they are
 * unchanged, the task is still ours; if they are those of the failed transaction, it took effect; otherwise another owner has advanced, and
 * this one is fenced. This applies to failures of any class: kafkajs resets its sequence numbers, also for partitions that have stored the
 * records, and the broker would take the next ones for duplicates and drop them.
 */
export function createTaskProducer(
  context: KafkaContext,
  admin: TopicAdmin,
  groupId: string,
  partition: number,
  topics: readonly string[],
) {
  const { kafka, compression } = context;
  const doing = `transaction of ${groupId} task ${partition}`;
  let open: Producer | null = null;
  let begun: Transaction | null = null;
  let lastKnown: Positions | null = null;
  let pendingOffsets: Positions | null = null;
  let commitNotVisible = false;
  let fenced = false;
  let spread = partition;

  async function positions(): Promise<Positions> {
    const found = new Map<string, CommittedOffset>();
    for (const { topic, partitions } of await admin.committed(groupId, topics)) {
      const mine = partitions.find((each) => each.partition === partition);
      if (mine && Number(mine.offset) >= 0) found.set(topic, { offset: Number(mine.offset), metadata: mine.metadata ?? '' });
    }
    return found;
  }

  async function opened(): Promise<{ sender: Producer; at: Positions }> {
    if (fenced) throw new FencedError(`${doing}: another owner has taken over`);
    if (open && lastKnown) return { sender: open, at: lastKnown };
    const sender = kafka.producer({
      transactionalId: `${groupId}-${partition}`,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      allowAutoTopicCreation: false,
      retry: NEVER_REPEAT,
    });
    try {
      await sender.connect();
      // Connecting does not fence: the client requests its producer id, which does, when its first transaction begins.
      const first = await sender.transaction();
      // Brokers before 4.0 apply the offsets of an ended transaction slightly after they acknowledge it (KIP-447), and the client cannot
      // ask them to wait. At the first fencing the checkpoint in the task's state covers this; here only the offsets decide.
      if (lastKnown) await context.options.clock.sleep(APPLIED_AFTER_MS);
      const found = await positions();
      if (lastKnown && !isSame(found, lastKnown) && !(pendingOffsets && isSame(found, pendingOffsets))) {
        fenced = true;
        throw new FencedError(`${doing}: another owner has moved the positions`);
      }
      open = sender;
      begun = first;
      lastKnown = found;
      commitNotVisible = false;
      return { sender, at: found };
    } catch (error) {
      await sender.disconnect().catch(() => undefined);
      const failure = classify(error, `fence ${groupId} task ${partition}`);
      fenced = isFenced(failure);
      throw failure;
    }
  }

  async function discard(): Promise<void> {
    const closing = open;
    open = null;
    begun = null;
    await closing?.disconnect().catch(() => undefined);
  }

  /**
   * Right after a commit its markers are still being written, and the broker rejects the next request without effect: the only failure
   * after which a producer is kept.
   */
  async function retryConcurrent(send: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await send();
        return;
      } catch (error) {
        if (protocolType(error) !== 'CONCURRENT_TRANSACTIONS' || tries >= CONCURRENT_TRIES) throw error;
        await context.options.clock.sleep(CONCURRENT_WAIT_MS);
      }
    }
  }

  async function attempt(sender: Producer, rounds: Awaited<ReturnType<typeof chunkRecords>>, target: Positions): Promise<void> {
    const transaction = begun ?? (await sender.transaction());
    begun = null;
    // Offsets first: this request opens the transaction, so only it has to wait for the previous one, and no request with records is ever repeated.
    await retryConcurrent(() =>
      transaction.sendOffsets({
        consumerGroupId: groupId,
        topics: [...target].map(([topic, { offset, metadata }]) => ({
          topic,
          partitions: [{ partition, offset: String(offset), metadata }],
        })),
      }),
    );
    for (const topicMessages of rounds) await transaction.sendBatch({ acks: ACKS_ALL, compression, topicMessages });
    context.options.failpoint('mid_transaction');
    await transaction.commit();
  }

  return {
    fence: async (): Promise<void> => void (await opened()),
    isFenced: () => fenced,
    committed: async (): Promise<Positions> => new Map([...(await opened()).at].map(([topic, at]) => [topic, plain(at)])),
    /** Resolves when readers can see every commit made here: a commit is acknowledged slightly before. */
    async waitUntilVisible(): Promise<void> {
      if (commitNotVisible) await discard();
      await opened();
    },
    async transact(outputs: readonly OutputRecord[], offsets: TaskOffsets): Promise<void> {
      const rounds = await chunkRecords(outputs, admin, () => spread++);
      const { sender, at } = await opened();
      const repeats =
        pendingOffsets !== null && [...offsets].every(([topic, to]) => isSameOffset(pendingOffsets?.get(topic), to));
      const tookEffect = pendingOffsets !== null && isSame(at, pendingOffsets);
      pendingOffsets = null;
      if (repeats && tookEffect) return;
      const target = advanced(at, offsets);
      try {
        await attempt(sender, rounds, target);
        lastKnown = target;
        commitNotVisible = true;
      } catch (error) {
        const failure = classify(error, doing);
        pendingOffsets = target;
        fenced = isFenced(failure);
        await discard();
        throw admin.forgetLimitIfTooLarge(topicsOf(outputs), failure);
      }
    },
    close: discard,
  };
}
export type TaskProducer = ReturnType<typeof createTaskProducer>;

function isSameOffset(pending: CommittedOffset | undefined, offered: CommittedOffset): boolean {
  if (!pending) return false;
  const [a, b] = [plain(pending), plain(offered)];
  return a.offset === b.offset && a.metadata === b.metadata;
}
