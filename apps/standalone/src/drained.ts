import { TOPICS } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';

/** Groups in the order of the pipeline, so that one pass from left to right sees all that follows from what was sent. */
const GROUPS: readonly { readonly group: string; readonly topics: readonly string[] }[] = [
  { group: 'telltale.enricher', topics: [TOPICS.raw.name, TOPICS.otlpSpans.name, TOPICS.otlpLogs.name] },
  { group: 'telltale.scorer', topics: [TOPICS.measures.name] },
  { group: 'telltale.costs', topics: [TOPICS.events.name, TOPICS.corrections.name] },
  { group: 'telltale.incidents', topics: [TOPICS.anomalies.name, TOPICS.costs.name] },
];
const LOOK_AGAIN_MS = 50;

async function lagOf(broker: Broker, group: string, topics: readonly string[]): Promise<number> {
  const [offsets, infos] = await Promise.all([broker.groupOffsets(group, topics), broker.describe(topics)]);
  let lag = 0;
  for (const { name, partitions } of infos) {
    const committed = new Map((offsets.get(name) ?? []).map(({ partition, offset }) => [partition, offset]));
    for (const { partition, start, end } of partitions) lag += Math.max(0, end - (committed.get(partition) ?? start));
  }
  return lag;
}

/** Resolves when every group has read everything that is in the embedded log. */
export async function drained(broker: Broker, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const { group, topics } of GROUPS)
    while (!signal.aborted && (await lagOf(broker, group, topics)) > 0) await clock.sleep(LOOK_AGAIN_MS, signal);
}
