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

/** What the broker holds for the task; topics never committed are not in it. */
type Positions = ReadonlyMap<string, CommittedOffset>;

const isSame = (a: Positions, b: Positions): boolean =>
  a.size === b.size &&
  [...a].every(([topic, { offset, metadata }]) => b.get(topic)?.offset === offset && b.get(topic)?.metadata === metadata);

/** Positions after `offsets`. A repeated position gets a blank, so that it can be reported whether the repeat took effect. */
function advanced(from: Positions, offsets: TaskOffsets): Positions {
  const to = new Map([...from, ...offsets]);
  if (!isSame(from, to)) return to;
  for (const [topic, { offset, metadata }] of offsets) to.set(topic, { offset, metadata: `${metadata} ` });
  return to;
}

/** The caller's own words, without our blanks. */
const plain = ({ offset, metadata }: CommittedOffset): CommittedOffset => ({ offset, metadata: metadata.trimEnd() });

/**
 * The transactional producer of one task. Opening it fences the former owner and ends that owner's open transaction. It is
 * opened again after every failure, which would fence a rightful new owner too; so each time the committed positions decide:
 * where they were left, the task is still ours; where the failed transaction meant to bring them, it took effect; anywhere
 * else, somebody has moved on and this owner is done. After any failure, whatever its class: kafkajs takes its sequence numbers back, also
 * those of partitions that have the records, and the broker would hold the next ones for a repeat, and drop them.
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
  let known: Positions | null = null;
  let intended: Positions | null = null;
  let unseen = false;
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
    if (open && known) return { sender: open, at: known };
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
      // Connecting does not fence: the client asks for its producer id, which does, when its first transaction begins.
      const first = await sender.transaction();
      // Brokers before 4.0 apply the offsets of an ended transaction a moment after they have said so (KIP-447), and the client cannot ask
      // them to wait for it. At a first fence the task's state tells what was missed; here the positions alone decide.
      if (known) await context.options.clock.sleep(APPLIED_AFTER_MS);
      const found = await positions();
      if (known && !isSame(found, known) && !(intended && isSame(found, intended))) {
        fenced = true;
        throw new FencedError(`${doing}: another owner has moved the positions`);
      }
      open = sender;
      begun = first;
      known = found;
      unseen = false;
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

  /** Right after a commit its markers are still being written. The broker has refused, and done nothing: the one failure after which a producer stays. */
  async function afterFormer(send: () => Promise<unknown>): Promise<void> {
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
    // Offsets first: they open the transaction, so that nothing which was sent with records has to wait for the former one, and be repeated.
    await afterFormer(() =>
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
    /** Resolves when readers can see everything that was committed here: a commit is answered before they do. */
    async settle(): Promise<void> {
      if (unseen) await discard();
      await opened();
    },
    async transact(outputs: readonly OutputRecord[], offsets: TaskOffsets): Promise<void> {
      const rounds = await chunkRecords(outputs, admin, () => spread++);
      const { sender, at } = await opened();
      const repeats = intended !== null && [...offsets].every(([topic, to]) => sameWords(intended?.get(topic), to));
      const tookEffect = intended !== null && isSame(at, intended);
      intended = null;
      if (repeats && tookEffect) return;
      const target = advanced(at, offsets);
      try {
        await attempt(sender, rounds, target);
        known = target;
        unseen = true;
      } catch (error) {
        const failure = classify(error, doing);
        intended = target;
        fenced = isFenced(failure);
        await discard();
        throw admin.refusedBy(topicsOf(outputs), failure);
      }
    },
    close: discard,
  };
}
export type TaskProducer = ReturnType<typeof createTaskProducer>;

function sameWords(intended: CommittedOffset | undefined, offered: CommittedOffset): boolean {
  if (!intended) return false;
  const [a, b] = [plain(intended), plain(offered)];
  return a.offset === b.offset && a.metadata === b.metadata;
}
