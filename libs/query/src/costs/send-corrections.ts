import { type CorrectionRecord, TOPICS } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { type Clock, partitionOf, TransientError } from '@telltale/kernel';
import { costsService } from '@telltale/services';

const TOPIC = TOPICS.corrections.name;
/** Beyond this many that costs has not taken yet, the next page waits. */
const MAX_UNDER_WAY = 10_000;
const WAIT_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** What is needed of the log. */
export type CorrectionBroker = Pick<Broker, 'describe' | 'groupOffsets' | 'produce'>;

/** Hands corrections of one tenant to the costs service, no faster than it takes them. */
export interface CorrectionSender {
  /** Resolves when there is room for a page. TransientError('overloaded') when costs takes none for half a minute. */
  room(): Promise<void>;
  send(corrections: readonly CorrectionRecord[]): Promise<void>;
  /** Waits for costs to take what was sent, half a minute at most; answers how many it has not. */
  settled(): Promise<number>;
}

export function createCorrectionSender(
  { broker, clock, stopping }: { readonly broker: CorrectionBroker; readonly clock: Clock; readonly stopping: AbortSignal },
  tenant: string,
): CorrectionSender {
  let sent = 0;

  /** End of the tenant's partition, and how far costs has come there. */
  async function positions(): Promise<{ readonly partition: number; readonly end: number; readonly taken: number }> {
    const [[info], groups] = await Promise.all([broker.describe([TOPIC]), broker.groupOffsets(costsService.groupId, [TOPIC])]);
    const partition = partitionOf(tenant, info?.partitions.length ?? 0);
    const found = info?.partitions.find((one) => one.partition === partition);
    if (!found) throw new TransientError('unavailable', `${TOPIC} does not exist yet`);
    const committed = groups.get(TOPIC)?.find((one) => one.partition === partition);
    return { partition, end: found.end, taken: committed?.offset ?? found.start };
  }

  /** Waits until costs has come to what `goalOf` makes of the end, in vain after half a minute; answers what is missing. */
  async function missing(goalOf: (end: number) => number): Promise<number> {
    const until = clock.monotonic() + WAIT_MS;
    const first = await positions();
    const goal = goalOf(first.end);
    for (let { taken } = first; ; { taken } = await positions()) {
      if (taken >= goal || clock.monotonic() >= until || stopping.aborted) return Math.max(0, goal - taken);
      await clock.sleep(LOOK_AGAIN_MS, stopping);
    }
  }

  return {
    async room() {
      if ((await missing((end) => end - MAX_UNDER_WAY)) > 0)
        throw new TransientError(
          'overloaded',
          'the costs service takes no corrections: is it running? What was sent stays; ask again',
        );
    },
    async send(corrections) {
      if (corrections.length === 0) return;
      const { partition } = await positions();
      await broker.produce(corrections.map((one) => ({ topic: TOPIC, partition, key: tenant, value: JSON.stringify(one) })));
      sent += corrections.length;
    },
    settled: async () => (sent === 0 ? 0 : Math.min(sent, await missing((end) => end))),
  };
}
