import { type TableName, type TopicSpec } from '@telltale/contracts';
import { type OutputRecord } from '../ports/broker';
import { type Row } from '../ports/row-store';
import { type BatchEffects, type Rejection } from '../processor/task-processor';

/** Collects the effects of a batch. */
export interface Effects {
  output(topic: TopicSpec, key: string, value: Buffer | string | null): void;
  /** Adds an output record with its own partition and headers. */
  write(record: OutputRecord): void;
  row(table: TableName, json: Row): void;
  state(key: string, value: Buffer | string | null): void;
  reject(rejection: Rejection): void;
  count(what: string, by?: number): void;
  /** Sets a gauge of the catalog that has the labels service and partition. */
  gauge(metric: string, value: number): void;
  /** `release`: called once the bytes of outputs and rows may be overwritten. */
  done(release?: () => void): BatchEffects;
}

export function createEffects(): Effects {
  const outputs: OutputRecord[] = [];
  const rows = new Map<string, Row[]>();
  const state = new Map<string, Buffer | string | null>();
  const rejections: Rejection[] = [];
  const counts: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  return {
    output: (topic, key, value) => outputs.push({ topic: topic.name, key, value }),
    write: (record) => outputs.push(record),
    row(table, json) {
      const list = rows.get(table);
      if (list) list.push(json);
      else rows.set(table, [json]);
    },
    state: (key, value) => state.set(key, value),
    reject: (rejection) => rejections.push(rejection),
    count: (what, by = 1) => {
      if (by > 0) counts[what] = (counts[what] ?? 0) + by;
    },
    gauge: (metric, value) => void (gauges[metric] = value),
    done: (release) => ({ outputs, rows, state, rejections, counts, gauges, ...(release && { release }) }),
  };
}
