import { type LaneOffsets, type OutputRecord } from '@telltale/engine';
import { FencedError, isPermanent, isTransient } from '@telltale/kernel';
import { type Producer } from 'kafkajs';
import { chunkRecords } from './chunk';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { type TopicAdmin } from './topic-admin';

const TRANSACTION_TIMEOUT_MS = 60_000;
const ACKS_ALL = -1;

/**
 * The transactional producer of one lane. Opening it fences the former owner and ends that owner's open transaction. After a
 * failure whose outcome is unknown it is opened anew and the committed offsets tell whether the transaction took effect.
 */
export function createLaneProducer(context: KafkaContext, admin: TopicAdmin, groupId: string, lane: number) {
  const { kafka, compression } = context;
  const doing = `transaction of ${groupId} lane ${lane}`;
  let open: Producer | null = null;
  let unsure = false;
  let fenced = false;
  let spread = lane;

  async function producer(): Promise<Producer> {
    if (fenced) throw new FencedError(`${doing}: another owner has taken over`);
    if (open) return open;
    const opened = kafka.producer({
      transactionalId: `${groupId}-${lane}`,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      allowAutoTopicCreation: false,
    });
    try {
      await opened.connect();
    } catch (error) {
      await opened.disconnect().catch(() => undefined);
      throw classify(error, `fence ${groupId} lane ${lane}`);
    }
    return (open = opened);
  }

  async function discard(): Promise<void> {
    const closing = open;
    open = null;
    await closing?.disconnect().catch(() => undefined);
  }

  async function tookEffect(offsets: LaneOffsets): Promise<boolean> {
    for (const { topic, partitions } of await admin.committed(groupId, [...offsets.keys()])) {
      const wanted = offsets.get(topic);
      const is = partitions.find(({ partition }) => partition === lane);
      if (!is || Number(is.offset) !== wanted?.offset || (is.metadata ?? '') !== wanted.metadata) return false;
    }
    return true;
  }

  return {
    fence: async (): Promise<void> => void (await producer()),
    async transact(outputs: readonly OutputRecord[], offsets: LaneOffsets): Promise<void> {
      const rounds = await chunkRecords(outputs, admin.partitionsOf, () => spread++);
      const sender = await producer();
      if (unsure) {
        if (await tookEffect(offsets)) {
          unsure = false;
          return;
        }
        unsure = false;
      }
      const transaction = await sender.transaction().catch(async (error: unknown) => {
        await discard();
        throw classify(error, doing);
      });
      try {
        for (const topicMessages of rounds) await transaction.sendBatch({ acks: ACKS_ALL, compression, topicMessages });
        context.options.probe('mid_transaction');
        await transaction.sendOffsets({
          consumerGroupId: groupId,
          topics: [...offsets].map(([topic, { offset, metadata }]) => ({
            topic,
            partitions: [{ partition: lane, offset: String(offset), metadata }],
          })),
        });
        await transaction.commit();
      } catch (error) {
        const failure = classify(error, doing);
        if (isPermanent(failure)) await transaction.abort().catch(discard);
        else {
          unsure = isTransient(failure);
          fenced = !unsure;
          await discard();
        }
        throw failure;
      }
    },
    close: discard,
  };
}
export type LaneProducer = ReturnType<typeof createLaneProducer>;
