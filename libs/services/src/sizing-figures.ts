/** A number that a size rests on, and where it comes from. */
export interface SizingFigure {
  readonly value: number;
  readonly unit: string;
  /** `docs/BENCHMARKS.md: <row>`, or that it is assumed, and why. */
  readonly source: string;
}

const measured = (row: string, value: number, unit: string): SizingFigure => ({ value, unit, source: `docs/BENCHMARKS.md: ${row}` }); // prettier-ignore
const assumed = (value: number, unit: string, why: string): SizingFigure => ({ value, unit, source: `assumed: ${why}` });

/** What `sizeFor` computes with. A test compares those that are measured with docs/BENCHMARKS.md. */
export const SIZING_FIGURES = {
  gateway_rate: measured('gateway_spans_per_second', 172_000, 'events/s a core'),
  enricher_rate: measured('enricher_events_per_second_per_core', 13_700, 'events/s a core'),
  steps_rate: measured('steps_events_per_second', 22_300, 'events/s a core, enrichment in memory'),
  turns_rate: measured('turns_events_per_second_per_core', 18_000, 'events/s a core, in memory'),
  costs_rate: measured('costs_events_per_second_per_core', 78_500, 'events/s a core, in memory'),
  scorer_rate: measured('scorer_windows_per_second', 20_600, 'windows/s a core, in memory'),
  raw_bytes: measured('raw_bytes_per_event', 1_473, 'bytes an event'),
  events_bytes: measured('events_topic_bytes_per_event', 2_808, 'bytes an event'),
  turns_bytes: measured('turns_topic_bytes_per_event', 154, 'bytes an event, 8 events a turn'),
  measures_bytes: measured('measure_bytes_per_value_at_1000_values', 160, 'bytes a value, less the more there are'),
  values: assumed(2.7, 'values an event', 'a call of a model has four, of a tool one or two'),
  enricher_memory: measured('enricher_peak_mb', 630, 'MB, 2 tasks'),
  process_memory: measured('standalone_rss_mb', 340, 'MB of a process at rest'),
  task_memory: assumed(60, 'MB a task', 'the enricher took 340 MB more with 8 tasks than with 2, before its tasks shared memory'),
  series_memory: assumed(2, 'KB a series', 'bytes_per_series is 1,024; the objects around it about as much'),
  use: assumed(0.5, 'of a core', 'half is left for peaks, restores and pods that are away'),
  series: assumed(1, 'active series for each event/s', 'it depends on how many services, tools and models there are; give --series'),
  stored_bytes: assumed(500, 'bytes an event on ClickHouse', 'a third of its JSON; table_bytes_per_event is 158, of text that repeats itself'), // prettier-ignore
  window_bytes: assumed(100, 'bytes a scored window on ClickHouse', 'not measured'),
  kafka_replicas: assumed(3, 'replicas of a topic', 'KAFKA_REPLICATION_FACTOR=3, without compression'),
  clickhouse_replicas: assumed(2, 'replicas of a table', 'one may be away'),
  cell_rate: assumed(100_000, 'events/s a cell', 'what one shard of ClickHouse takes is not measured; a cell has one'),
} as const satisfies Record<string, SizingFigure>; // prettier-ignore

export type SizingFigureName = keyof typeof SIZING_FIGURES;
