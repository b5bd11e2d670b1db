import { type Clock } from '@telltale/kernel';
import { type Broker, groupLag, type ServiceDefinition } from '@telltale/streaming';

const POLL_INTERVAL_MS = 50;

/**
 * Resolves when the group of each of these services has processed all records in the log. `services`: in data-flow order, so that one pass
 * covers everything that follows from the sent records.
 */
export async function waitUntilCaughtUp(
  broker: Broker,
  services: readonly Pick<ServiceDefinition, 'groupId' | 'inputs'>[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (const { groupId, inputs } of services) {
    const topics = inputs.map(({ name }) => name);
    const isBehind = async (): Promise<boolean> => [...(await groupLag(broker, groupId, topics)).values()].some((lag) => lag > 0);
    while (topics.length > 0 && !signal.aborted && (await isBehind())) await clock.sleep(POLL_INTERVAL_MS, signal);
  }
}
