import { type AnomalyRecord, TOPICS } from '@telltale/contracts';
import { createMeasuresOf, type Holding, releaseMeasures, type SeriesValue } from '@telltale/domain-metrics';
import { createDice, isoTime } from '@telltale/kernel';
import { type LogRecord } from '@telltale/streaming';
import { newTestTask, outputsOf, type TestBatch, type TestTask } from '@telltale/streaming/testing';
import { scorerConfig } from './config';
import { scorerService } from './service';

export const WINDOW = 10_000;
export const START = Date.parse('2026-03-02T00:00:00Z');

/** Calls of a model or of a tool by a service, or, without either, turns of it. */
export interface Load {
  readonly service: string;
  readonly tool?: string;
  readonly provider?: string;
  readonly model?: string;
  /** Mean number in a window. */
  readonly rate: number;
  readonly median: number;
}
export interface Trouble {
  readonly of: (load: Load) => boolean;
  readonly errorShare?: number;
  readonly slower?: number;
  readonly more?: number;
}

interface Item {
  readonly tenant: string;
  readonly sampling_weight: number;
  readonly load: Load;
  readonly value: number;
  readonly isError: boolean;
}

/** The series of a call or a turn, as `seriesOf` and `seriesOfTurn` have them. */
function seriesIn({ load: { service, tool, provider, model = '' }, value, isError }: Item, add: SeriesValue): void {
  const of = ['service_name', service];
  if (tool !== undefined) {
    add('operation.duration', [...of, 'kind', 'tool', 'name', tool], value, isError);
    add('tenant.operation.duration', ['kind', 'tool', 'name', tool], value, isError, [service]);
    return;
  }
  if (provider !== undefined) {
    add('operation.duration', [...of, 'kind', 'llm', 'name', `chat ${model}`], value, isError);
    add('provider.duration', ['provider', provider], value, isError, [service, `chat ${model}`]);
    return;
  }
  for (const [metric, measured, isBad] of [['turn.count', 1, isError], ['turn.cost', value, isError], ['turn.unhelped', isError ? 1 : 0, isError]] as const) {
    add(metric, of, measured, isBad);
    add(`tenant.${metric}`, [], measured, isBad, [service]);
  }
} // prettier-ignore

const NOTHING_HELD: Holding = { isDue: () => true, hold: () => undefined, release: () => undefined };

/** Measures of windows of these loads, by partition of the topic. Of `fault` on, they are in trouble. */
export function measuresOf(loads: readonly Load[], windows: number, partitions: number, fault: number, trouble: Trouble, seed = 7): Map<number, LogRecord[]>[] {
  const dice = createDice(seed);
  const measures = createMeasuresOf<Item>({ admits: () => true }, seriesIn);
  return Array.from({ length: windows }, (_, i) => {
    const start = START + i * WINDOW;
    for (const load of loads) {
      const hit = i >= fault && trouble.of(load) ? trouble : undefined;
      const count = dice.poisson(load.rate * (hit?.more ?? 1));
      for (let n = 0; n < count; n++) {
        const value = load.median * (hit?.slower ?? 1) * Math.exp(0.4 * dice.normal());
        measures.add({ tenant: 'acme', sampling_weight: 1, load, value, isError: dice.uniform() < (hit?.errorShare ?? 0.01) }, start);
      }
    }
    const from = { source: 'telltale.enricher/0', watermark: isoTime(start + WINDOW + 2_000), partitions };
    const byPartition = new Map<number, LogRecord[]>();
    // A task hears of time from each source, whatever it has of it.
    for (let partition = 0; partition < partitions; partition++)
      byPartition.set(partition, [recordIn(partition, JSON.stringify({ source: from.source, watermark: from.watermark, measures: [] }))]);
    for (const { partition, value } of releaseMeasures(measures, NOTHING_HELD, from)) byPartition.get(partition)?.push(recordIn(partition, value));
    return byPartition;
  });
} // prettier-ignore

const recordIn = (partition: number, value: string, topic: string = TOPICS.measures.name): LogRecord => ({
  topic,
  partition,
  offset: 0,
  key: null,
  value: Buffer.from(value),
  headers: {},
  timestampMs: START,
});

export interface Scored {
  /** In the order in which they were written. */
  readonly anomalies: readonly { readonly now: number; readonly record: AnomalyRecord }[];
  readonly tasks: readonly TestTask[];
  /** What each task was given. */
  readonly batches: readonly TestBatch[][];
}

/** Runs all tasks side by side; what one broadcasts comes to each with its next batch. */
export function score(windows: readonly ReadonlyMap<number, LogRecord[]>[], partitions: number): Scored {
  const topology = scorerService.open(scorerConfig.parse({}), { partitions });
  const tasks = Array.from({ length: partitions }, () => newTestTask(topology));
  const batches: TestBatch[][] = tasks.map(() => []);
  const waiting: LogRecord[][] = tasks.map(() => []);
  const anomalies: { now: number; record: AnomalyRecord }[] = [];
  for (const [i, byPartition] of windows.entries())
    for (const now of [START + (i + 1) * WINDOW + 2_500, START + (i + 1) * WINDOW + 5_000]) {
      const sent: LogRecord[][] = tasks.map(() => []);
      for (const [partition, task] of tasks.entries()) {
        const fresh = now % WINDOW === 2_500 ? (byPartition.get(partition) ?? []) : [];
        const batch = { now, records: [...(waiting[partition] ?? []), ...fresh] };
        batches[partition]?.push(batch);
        const effects = task.run(batch);
        for (const record of outputsOf<AnomalyRecord>(effects, TOPICS.anomalies.name)) anomalies.push({ now, record });
        for (const { topic, partition: to, value } of effects.outputs)
          if (topic === TOPICS.wideAnomalies.name && to !== undefined) sent[to]?.push(recordIn(to, String(value), topic));
      }
      for (const [partition, records] of sent.entries()) waiting[partition] = records;
    }
  return { anomalies, tasks, batches };
}

/** Each anomaly as it last stood. */
export const latest = ({ anomalies }: Scored): AnomalyRecord[] => [
  ...new Map(anomalies.map(({ record }) => [record.id, record])).values(),
];
