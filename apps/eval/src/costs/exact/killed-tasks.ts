import { applyState, type BatchEffects, type LogRecord, type RowStore, type Topology } from '@telltale/streaming';
import { type Random } from '@telltale/simulator';
import { PARTITIONS } from '../../turns/tasks';

/** Where a process ends: before the rows of a batch are stored, or once they are and nothing else is. */
const KILLS = ['before_insert', 'after_insert'] as const;
const KILL_SHARE = 0.15;

/** The tasks of one service that are killed now and then; rows go to tables under the token of their batch. */
export interface KilledTasks {
  readonly kills: () => Readonly<Record<(typeof KILLS)[number], number>>;
  run(partition: number, records: readonly LogRecord[], now: number): Promise<BatchEffects>;
}

export function createKilledTasks(topology: Topology, random: Random, store: Pick<RowStore, 'insert'>, tables: readonly string[]): KilledTasks {
  const kills = { before_insert: 0, after_insert: 0 };
  const states = Array.from({ length: PARTITIONS }, () => new Map<string, Buffer>());
  const tasks = states.map((state, partition) => topology.createTask(partition, state));
  let batches = 0;

  async function insert({ rows }: BatchEffects, token: string): Promise<void> {
    for (const table of tables) {
      const of = rows.get(table) ?? [];
      if (of.length > 0) await store.insert({ table, rows: of, token: `${token} ${table}`, comment: 'evaluation of spend' });
    }
  }

  return {
    kills: () => kills,
    async run(partition, records, now) {
      const state = states[partition];
      if (!state) throw new Error(`there is no partition ${partition}`);
      const context = { source: `${topology.groupId}/${partition}`, partition, now };
      const token = `${topology.groupId} ${partition} ${batches++}`;
      while (random.chance(KILL_SHARE)) {
        const kill = random.pick(KILLS);
        const lost = await tasks[partition]?.process(records, context);
        if (kill === 'after_insert' && lost) await insert(lost, token);
        kills[kill]++;
        tasks[partition] = topology.createTask(partition, new Map(state));
      }
      const effects = await tasks[partition]?.process(records, context);
      if (!effects) throw new Error(`there is no task ${partition}`);
      await insert(effects, token);
      applyState(state, effects.state);
      return effects;
    },
  };
} // prettier-ignore
