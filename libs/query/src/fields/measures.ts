export const AGGREGATIONS = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** A number of rows that is aggregated. Rows without it (NULL) do not count; counting rows is the measure `events`. */
export interface Measure {
  readonly name: string;
  readonly about: string;
  readonly unit: 'events' | 'ms' | 'tokens' | 'nano_usd' | 'score' | 'values';
  /** Aggregations that mean something. */
  readonly aggregations: readonly Aggregation[];
  /** Kinds of events that have it; absent: every kind. */
  readonly kinds?: readonly string[];
  /** It is in events_core, too, which is faster to read. */
  readonly in_core: boolean;
}

const SPREAD = ['avg', 'min', 'max', 'p50', 'p95', 'p99'] as const;
const ADDED = ['sum', ...SPREAD] as const;
const MODELS = ['llm', 'embedding'] as const;
const tokens = (name: string, about: string, in_core = false): Measure => ({
  name,
  about,
  unit: 'tokens',
  aggregations: ADDED,
  kinds: MODELS,
  in_core,
});

/** Usage buckets are disjoint: their sums add up. */
export const MEASURES: readonly Measure[] = [
  { name: 'events', about: 'Number of events', unit: 'events', aggregations: ['count'], in_core: true },
  { name: 'sampling_weight', about: 'How many events each represents: its sum is their number', unit: 'events', aggregations: ['sum'], in_core: true }, // prettier-ignore
  { name: 'duration_ms', about: 'How long it took', unit: 'ms', aggregations: ADDED, in_core: true },
  { name: 'time_to_first_token_ms', about: 'From the request to the first token', unit: 'ms', aggregations: SPREAD, kinds: ['llm'], in_core: true }, // prettier-ignore
  { name: 'cost_nano_usd', about: 'What it cost, as priced when it came; rows without a known price do not count', unit: 'nano_usd', aggregations: ADDED, kinds: MODELS, in_core: true }, // prettier-ignore
  tokens('usage_input_uncached', 'Input neither read from nor written to a cache', true),
  tokens('usage_cache_read', 'Input read from a cache', true),
  tokens('usage_cache_write', 'Input written to a cache', true),
  tokens('usage_cache_write_1h', 'Input written to a cache for an hour'),
  tokens('usage_input_audio', 'Uncached audio in'),
  tokens('usage_input_image', 'Uncached images in'),
  tokens('usage_output', 'Output that is not reasoning', true),
  tokens('usage_reasoning', 'Output spent on reasoning', true),
  tokens('usage_output_audio', 'Audio out'),
  tokens('usage_output_image', 'Images out'),
  { name: 'score_value', about: 'The score as a number; compare those of one score_name', unit: 'score', aggregations: SPREAD, kinds: ['evaluator', 'feedback'], in_core: true }, // prettier-ignore
  { name: 'redactions', about: 'Values that were masked', unit: 'values', aggregations: ['sum', 'avg', 'max'], in_core: false },
];
