import { type LogRecord, type OutputRecord } from '../ports/broker';
import { type BatchContext, type BatchEffects, type Rejection } from '../processor/task-processor';
import { type PackedValues, packValues, unpackValues } from './packed-values';

/** An end of a channel between two threads. Messages arrive in the order in which they were sent. */
export interface TaskPort {
  /** Hands the memory in `transfer` over, and copies all else. */
  send(message: unknown, transfer: readonly ArrayBuffer[]): void;
  receive(listener: (message: unknown) => void): void;
}

/** What a task is of: its service, and its partition. A process has one task of each at a time. */
export interface TaskName {
  readonly service: string;
  readonly partition: number;
}

export interface PackedRecords {
  readonly heads: readonly Omit<LogRecord, 'value'>[];
  readonly values: PackedValues;
}

/** Effects without functions and without the records that rejections are of: these are named by their place in the batch. */
export interface PackedEffects {
  /** Without their values. */
  readonly outputs: readonly OutputRecord[];
  readonly outputValues: PackedValues;
  readonly rows: readonly (readonly [table: string, rows: PackedValues])[];
  readonly stateKeys: readonly string[];
  readonly state: PackedValues;
  readonly rejections: readonly (Omit<Rejection, 'record' | 'part'> & { readonly record: number; readonly part?: PackedPart })[];
  readonly counts: BatchEffects['counts'];
  readonly gauges: BatchEffects['gauges'];
}
interface PackedPart {
  readonly value: PackedValues;
  readonly headers: Readonly<Record<string, string>>;
}

export type TaskRequest = { readonly call: number; readonly task: TaskName } & (
  | {
      readonly kind: 'create';
      readonly keys: readonly string[];
      readonly restored: PackedValues;
      readonly settings: string | undefined;
    }
  | {
      readonly kind: 'process';
      readonly records: PackedRecords;
      readonly batch: Omit<BatchContext, 'timer'>;
      /** Whether its steps are measured. */
      readonly timed: boolean;
    }
  | { readonly kind: 'due'; readonly now: number }
);

export type TaskAnswer = { readonly call: number } & (
  | { readonly kind: 'done' }
  | {
      readonly kind: 'effects';
      readonly effects: PackedEffects;
      readonly steps: readonly (readonly [step: string, ms: number])[];
    }
  | { readonly kind: 'due'; readonly due: boolean }
  /** `error`: its stack, for the log. */
  | { readonly kind: 'failed'; readonly error: string }
);

export const packRecords = (records: readonly LogRecord[]): PackedRecords => ({
  heads: records.map(({ topic, partition, offset, key, headers, timestampMs }) => ({ topic, partition, offset, key, headers, timestampMs })), // prettier-ignore
  values: packValues(records.map(({ value }) => value)),
});

export function unpackRecords({ heads, values }: PackedRecords): LogRecord[] {
  const bytes = unpackValues(values);
  return heads.map((head, i) => ({ ...head, value: bytes[i] as Buffer | null }));
}

export function packEffects(effects: BatchEffects, records: readonly LogRecord[]): PackedEffects {
  if (effects.release) throw new TypeError('a task with memory of its own to release cannot run in another thread');
  return {
    outputs: effects.outputs.map((output) => ({ ...output, value: null })),
    outputValues: packValues(effects.outputs.map(({ value }) => value)),
    rows: [...effects.rows].map(([table, rows]) => [table, packValues(rows)] as const),
    stateKeys: [...effects.state.keys()],
    state: packValues([...effects.state.values()]),
    rejections: effects.rejections.map(({ record, part, ...rejection }) => {
      const at = records.indexOf(record);
      if (at < 0) throw new TypeError(`${rejection.step} rejects a record that is not one of the batch`);
      return {
        ...rejection,
        record: at,
        ...(part && { part: { value: packValues([part.value]), headers: part.headers } }),
      };
    }),
    counts: effects.counts,
    gauges: effects.gauges,
  };
}

export function unpackEffects(packed: PackedEffects, records: readonly LogRecord[]): BatchEffects {
  const values = unpackValues(packed.outputValues);
  const state = unpackValues(packed.state);
  return {
    outputs: packed.outputs.map((output, i) => ({ ...output, value: values[i] ?? null })),
    rows: new Map(packed.rows.map(([table, rows]) => [table, unpackValues(rows) as (Buffer | string)[]])),
    state: new Map(packed.stateKeys.map((key, i) => [key, state[i] ?? null])),
    rejections: packed.rejections.map(({ record, part, ...rejection }) => ({
      ...rejection,
      record: records[record] as LogRecord,
      ...(part && { part: { value: unpackValues(part.value)[0] as Buffer | string, headers: part.headers } }),
    })),
    ...(packed.counts && { counts: packed.counts }),
    ...(packed.gauges && { gauges: packed.gauges }),
  };
}

/** The memory that effects are in, to be handed over. */
export const memoryOf = ({ outputValues, rows, state }: PackedEffects): ArrayBuffer[] => [
  outputValues.bytes,
  state.bytes,
  ...rows.map(([, { bytes }]) => bytes),
];
