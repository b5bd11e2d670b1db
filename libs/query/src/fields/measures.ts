import { type FieldTable, IN_ALL, IN_EVENTS, IN_TURNS, IN_WIDE_EVENTS } from './tables';

export const AGGREGATIONS = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];
export const UNITS = ['rows', 'ms', 'tokens', 'nano_usd', 'score', 'share', 'values'] as const;

/** A number of rows that is aggregated. Rows without it (NULL) do not count; counting rows is the measure `rows`. */
export interface Measure {
  readonly name: string;
  readonly about: string;
  readonly unit: (typeof UNITS)[number];
  /** Aggregations that mean something. */
  readonly aggregations: readonly Aggregation[];
  /** Kinds of events that have it; absent: every kind. */
  readonly kinds?: readonly string[];
  /** Tables that have it. */
  readonly tables: readonly FieldTable[];
}

const SPREAD = ['avg', 'min', 'max', 'p50', 'p95', 'p99'] as const;
const ADDED = ['sum', ...SPREAD] as const;
const MODELS = ['llm', 'embedding'] as const;
const tokens = (name: string, about: string): Measure => ({ name, about, unit: 'tokens', aggregations: ADDED, kinds: MODELS, tables: IN_ALL }); // prettier-ignore
const ofTurns = (name: string, about: string, unit: Measure['unit'] = 'values', aggregations: Measure['aggregations'] = ADDED): Measure => ({ name, about, unit, aggregations, tables: IN_TURNS }); // prettier-ignore

/** Usage buckets are disjoint: their sums add up. */
export const MEASURES: readonly Measure[] = [
  { name: 'rows', about: 'Number of events or turns', unit: 'rows', aggregations: ['count'], tables: IN_ALL },
  { name: 'sampling_weight', about: 'How many each represents: its sum is their number', unit: 'rows', aggregations: ['sum'], tables: IN_ALL }, // prettier-ignore
  { name: 'duration_ms', about: 'How long it took', unit: 'ms', aggregations: ADDED, tables: IN_ALL },
  { name: 'time_to_first_token_ms', about: 'From the request to the first token', unit: 'ms', aggregations: SPREAD, kinds: ['llm'], tables: IN_ALL }, // prettier-ignore
  { name: 'cost_nano_usd', about: 'What it cost, as priced when it came; rows without a known price do not count', unit: 'nano_usd', aggregations: ADDED, kinds: [...MODELS, 'tool'], tables: IN_ALL }, // prettier-ignore
  tokens('usage_input_uncached', 'Input neither read from nor written to a cache'),
  tokens('usage_cache_read', 'Input read from a cache'),
  tokens('usage_cache_write', 'Input written to a cache'),
  tokens('usage_cache_write_1h', 'Input written to a cache for an hour'),
  tokens('usage_input_audio', 'Uncached audio in'),
  tokens('usage_input_image', 'Uncached images in'),
  tokens('usage_output', 'Output that is not reasoning'),
  tokens('usage_reasoning', 'Output spent on reasoning'),
  tokens('usage_output_audio', 'Audio out'),
  tokens('usage_output_image', 'Images out'),
  { name: 'request_max_tokens', about: 'Most output tokens that were asked for', unit: 'tokens', aggregations: SPREAD, kinds: ['llm'], tables: IN_EVENTS }, // prettier-ignore
  { name: 'score_value', about: 'The score as a number; compare those of one score_name', unit: 'score', aggregations: SPREAD, kinds: ['evaluator', 'feedback'], tables: IN_EVENTS }, // prettier-ignore
  { name: 'redactions', about: 'Values that were masked', unit: 'values', aggregations: ['sum', 'avg', 'max'], tables: IN_WIDE_EVENTS }, // prettier-ignore
  ofTurns('retries', 'Calls after a failed call of the same, and later attempts'),
  ofTurns('repeated_call_count', 'How often the most repeated call was made'),
  ofTurns('unpriced_calls', 'Calls that are paid for without a known cost'),
  ofTurns('max_context_tokens', 'Most input tokens of one call', 'tokens', SPREAD),
  ofTurns('cache_read_share', 'Part of the input tokens read from a cache, 0 to 1', 'share', SPREAD),
];
