import { type Clock } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { type Metrics } from '../ports/metrics';
import { type RowStore } from '../ports/row-store';
import { type Tracer } from '../ports/tracer';
import { isCodeReason } from '../pipeline/results';
import { createBatchTrace, type Interruption, type Phase } from './batch-trace';
import { type OffsetRange } from './offset-range';
import { type BatchContext, type BatchEffects } from './task-processor';

/** When Telltale received a record: at the gateway, or else its broker timestamp. Milliseconds since the epoch. */
function arrivalOf({ headers, timestampMs }: LogRecord): number {
  const received = Date.parse(headers['tt-received-at'] ?? '');
  return Number.isNaN(received) ? timestampMs : received;
}

/** By topic: the latency of the first and of the last record until `nowMs`. Expects records in offset order. */
export function latenciesOf(
  records: readonly LogRecord[],
  nowMs: number,
): { readonly topic: string; readonly seconds: number }[] {
  const bounds = new Map<string, { readonly first: LogRecord; last: LogRecord }>();
  for (const record of records) {
    const known = bounds.get(record.topic);
    if (known) known.last = record;
    else bounds.set(record.topic, { first: record, last: record });
  }
  return [...bounds].flatMap(([topic, { first, last }]) =>
    [first, last].map((record) => ({ topic, seconds: Math.max(0, nowMs - arrivalOf(record)) / 1000 })),
  );
}

interface Observed {
  readonly name: string;
  readonly groupId: string;
  readonly partition: number;
}
interface Instruments {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly tracer?: Tracer | null;
}

/** Reports the metrics of a task, and the traces of its batches; every call covers a whole batch. */
export function createTaskMetrics({ name, groupId, partition }: Observed, { clock, metrics, tracer }: Instruments) {
  const service = { service: name };
  const labels = { service: name, partition: String(partition) };
  const gauges = new Set<string>();
  const trace = tracer ? createBatchTrace({ service: name, groupId, partition }, clock, tracer) : null;
  const timing: Pick<BatchContext, 'timer'> = trace ? { timer: trace.timer } : {};
  const secondsSince = (from: number): number => (clock.monotonic() - from) / 1000;

  /** Adds the elapsed time to the phase, also when `work` fails. */
  async function timed<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const from = clock.monotonic();
    try {
      return await work();
    } finally {
      metrics.count('telltale_task_phase_seconds_total', { ...labels, phase }, secondsSince(from));
      trace?.phase(phase, from);
    }
  }
  async function observed<T>(histogram: string, of: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
    const from = clock.monotonic();
    const result = await work();
    metrics.observe(histogram, of, secondsSince(from));
    return result;
  }

  return {
    labels,
    timed,
    /** What the context of every batch has on top while traces are on. */
    timing,
    /** Call it when a batch begins whose intent is written; answers its records. */
    began<T extends readonly LogRecord[]>(range: OffsetRange, records: T): T {
      trace?.began(range, records);
      return records;
    },
    retried(operation: string): void {
      metrics.count('telltale_task_retries_total', { ...labels, operation });
      trace?.retried();
    },
    /** Call it when the task ends with an error. */
    interrupted: (how: Interruption, error: unknown): void => trace?.interrupted(how, error),
    restoring: <T>(work: () => Promise<T>): Promise<T> => observed('telltale_state_restore_seconds', service, work),
    committing: <T>(work: () => Promise<T>): Promise<T> =>
      timed('commit', () => observed('telltale_commit_duration_seconds', service, work)),
    /** Measures each insert on its own, without the pauses between retries. */
    measured: (store: Pick<RowStore, 'insert'>): Pick<RowStore, 'insert'> => ({
      async insert(batch) {
        const from = clock.monotonic();
        await observed('telltale_insert_duration_seconds', { table: batch.table }, () => store.insert(batch));
        trace?.inserted(batch.table, from);
      },
    }),

    /** Call it once the rows of `records`, in order, are stored. */
    stored(records: readonly LogRecord[], effects: BatchEffects): void {
      for (const [table, rows] of effects.rows) metrics.count('telltale_rows_inserted_total', { ...service, table }, rows.length);
      if (effects.rows.size === 0) return;
      for (const { topic, seconds } of latenciesOf(records, clock.now()))
        metrics.observe('telltale_end_to_end_latency_seconds', { ...service, topic }, seconds);
    },

    tooLarge: (outputs: number): void =>
      metrics.count('telltale_dead_letter_records_total', { ...service, reason: 'too_large' }, outputs),

    /** Call it once a batch is committed. Returns how many of its inputs failed in the service's own code. */
    committed(inputs: number, effects: BatchEffects): number {
      metrics.count('telltale_consumed_records_total', labels, inputs);
      metrics.count('telltale_committed_batches_total', labels);
      for (const [outcome, by] of Object.entries(effects.counts ?? {}))
        if (by > 0) metrics.count('telltale_processed_items_total', { ...service, outcome }, by);
      for (const [gauge, value] of Object.entries(effects.gauges ?? {})) {
        gauges.add(gauge);
        metrics.set(gauge, labels, value);
      }
      for (const { reason } of effects.rejections) metrics.count('telltale_dead_letter_records_total', { ...service, reason });
      trace?.committed(effects);
      return effects.rejections.filter(({ reason }) => isCodeReason(reason)).length;
    },

    /** Call it when the task ends: from then on another process reports what its gauges are. */
    ended: (): void => gauges.forEach((gauge) => metrics.set(gauge, labels, 0)),
  };
}
