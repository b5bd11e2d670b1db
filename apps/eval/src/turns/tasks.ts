import { partitionOf } from '@telltale/kernel';
import { applyState, type BatchEffects, type LogRecord, type OutputRecord, type Topology } from '@telltale/streaming';
import { type Random } from '@telltale/simulator';

/** How many partitions each topic has. */
export const PARTITIONS = 3;
/** One batch in so many is the last of a task's life: another one goes on from its state. */
const RESTORE_EVERY = 4;

/** All tasks of a service, each with its state beside it, lost and restored now and then. */
export interface Tasks {
  readonly restores: () => number;
  run(partition: number, records: readonly LogRecord[], now: number): Promise<BatchEffects>;
}

export function createTasks(topology: Topology, random: Random): Tasks {
  let restores = 0;
  const states = Array.from({ length: PARTITIONS }, () => new Map<string, Buffer>());
  const tasks = states.map((state, partition) => topology.createTask(partition, state));
  return {
    restores: () => restores,
    async run(partition, records, now) {
      const state = states[partition] ?? new Map<string, Buffer>();
      if (random.next() < 1 / RESTORE_EVERY) {
        restores++;
        tasks[partition] = topology.createTask(partition, new Map(state));
      }
      const effects = await tasks[partition]?.process(records, { source: `${topology.groupId}/${partition}`, partition, now });
      if (!effects) throw new Error(`there is no partition ${partition}`);
      applyState(state, effects.state);
      return effects;
    },
  };
}

const recordOf = ({ topic, key, value, headers }: OutputRecord, partition: number): LogRecord => ({
  topic,
  partition,
  offset: 0,
  key,
  value: value === null ? null : Buffer.from(value),
  headers: headers ?? {},
  timestampMs: 0,
});

/** What effects wrote to a topic, by the partition of its key. */
export function byPartition(
  outputs: readonly OutputRecord[],
  topic: string,
  keyOf = (output: OutputRecord) => output.key ?? '',
): LogRecord[][] {
  const partitions: LogRecord[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const output of outputs) {
    if (output.topic !== topic) continue;
    const partition = partitionOf(keyOf(output), PARTITIONS);
    partitions[partition]?.push(recordOf(output, partition));
  }
  return partitions;
}
