import { z } from 'zod';

export const EVENT_KINDS = [
  'turn', 'llm', 'tool', 'retrieval', 'embedding', 'rerank', 'agent', 'chain', 'guardrail', 'evaluator', 'mcp', 'log', 'session', 'feedback',
] as const; // prettier-ignore
export const eventKind = z.enum(EVENT_KINDS);
export type EventKind = z.infer<typeof eventKind>;

export const EVENT_STATUSES = ['ok', 'error', 'unset'] as const;

export const TURN_OUTCOMES = ['answered', 'error', 'abandoned', 'transferred', 'refused', 'unknown'] as const;
export type TurnOutcomeName = (typeof TURN_OUTCOMES)[number];

export const VERBOSITY_LEVELS = ['metadata', 'normal', 'full', 'debug'] as const;

const isoTime = z.iso.datetime().describe('ISO 8601, UTC');
const count = z.number().int().nonnegative();
const text = z.string();
const stringMap = z.record(z.string(), z.string());

/**
 * The one wide record of a finished operation, turn, or log line. What stands on `telltale.events.v1` and the row of table
 * `events` are the same JSON. Ids map to OpenTelemetry: turn = trace_id, operation = span_id, session = gen_ai.conversation.id.
 */
export const eventRecord = z.object({
  tenant: text,
  id: text.describe('Deterministic: the same operation sent twice has the same id'),
  kind: eventKind,
  name: text,
  ts: isoTime.describe('When it started'),
  received_at: isoTime.describe('When the log took it in'),
  expires_on: z.iso.date().describe('Day the row is dropped; the partition'),
  duration_ms: z.number().nonnegative().nullable(),
  status: z.enum(EVENT_STATUSES),
  error_type: text,
  error_message: text,
  error_stack: text,
  error_fingerprint: text.describe('Same fault, same value, across ids, numbers and paths'),
  session_id: text,
  trace_id: text.describe('The turn'),
  span_id: text.describe('The operation'),
  parent_span_id: text,
  service_name: text,
  service_version: text,
  deployment_environment: text,
  release: text,
  region: text.describe('cloud.region'),
  instance: text.describe('service.instance.id'),
  user_id: text.describe('Pseudonym, never the producer\'s value'), // prettier-ignore
  agent_name: text,
  provider: text.describe('gen_ai.provider.name'),
  request_model: text,
  response_model: text,
  request_max_tokens: count.nullable().describe('Most output tokens that were asked for (gen_ai.request.max_tokens)'),
  attempt: count.nullable().describe('1: the first try of the call; null when the producer does not say'),
  usage_input_uncached: count.nullable().describe('Input tokens neither read from nor written to a cache'),
  usage_cache_read: count.nullable(),
  usage_cache_write: count.nullable(),
  usage_output: count.nullable().describe('Output tokens that are not reasoning'),
  usage_reasoning: count.nullable(),
  usage_cache_write_1h: count.nullable().describe('Written to a cache for an hour; not in usage_cache_write'),
  usage_input_audio: count.nullable().describe('Uncached audio; not in usage_input_uncached'),
  usage_input_image: count.nullable().describe('Uncached images; not in usage_input_uncached'),
  usage_output_audio: count.nullable().describe('Not in usage_output'),
  usage_output_image: count.nullable().describe('Not in usage_output'),
  usage_estimated: z.boolean().describe('The provider reported no usage; it was counted from the content'),
  service_tier: text.describe('batch, flex, priority, or empty for the standard price'),
  cost_nano_usd: z.number().int().nullable().describe('Nano-dollars (1e-9 USD); null when the price is unknown'),
  price_version: text.describe('Price table or setting the cost comes from; of a tool also where its cost is unknown'),
  tool_name: text,
  tool_call_id: text,
  requested_tool_call_ids: z.array(text).describe('Ids of the tool calls this llm operation asked for'),
  requested_by_span_id: text.describe('The llm operation (span_id) that asked for this tool call; empty while unknown'),
  tool_arguments: text.describe('JSON'),
  tool_result: text,
  decision_options: z.array(text),
  decision_chosen: text,
  decision_reason: text,
  input: text.describe('Messages or value in, JSON unless plain text'),
  output: text.describe('Messages or value out, JSON unless plain text'),
  finish_reasons: z.array(text),
  time_to_first_token_ms: z.number().nonnegative().nullable(),
  prompt_name: text,
  prompt_version: text,
  feature_flags: stringMap,
  score_name: text,
  score_value: z.number().nullable(),
  score_label: text,
  severity: text.describe('trace, debug, info, warn, error or fatal; logs only'),
  body: text.describe('The log line; logs only'),
  log_template: text.describe('The log line without its variable parts; logs only'),
  log_template_id: text.describe('Stays when the template widens; logs only'),
  prompt_hash: text.describe('Same model and same input, same value; calls of models only'),
  prompt_simhash: text.describe('64 bits as hex that differ in few bits for nearly the same input; calls of models only'),
  prompt_block_hashes: z
    .array(text)
    .describe(
      'Keyed chain over blocks of the prompt of about 256 tokens: prompts with the same beginning share the first ones; calls of models only',
    ),
  conversation_hashes: z
    .array(text)
    .default([])
    .describe(
      'Keyed hashes of its first request, of the exchanges before its last request (empty: none) and of these with the answer; calls of models in no named session only',
    ),
  tool_call_hash: text.describe('Same tool and same arguments, same value; calls of tools only'),
  attributes: stringMap.describe('All else the producer said'),
  sampling_weight: z.number().nonnegative().describe('How many events this one stands for; 0: others stand for it'),
  verbosity_level: z.enum(VERBOSITY_LEVELS).describe('The level in force that produced it'),
  directive_ids: z.array(text).describe('Directives in force when it was produced'),
  from_ring: z.boolean().describe('It was held back, and sent after something went wrong'),
  ingest_format: z.enum(['native', 'otlp-traces', 'otlp-logs', 'openai-chat']).describe('What the producer sent it as'),
  backfill: z.boolean().describe('Its own time lay far before its arrival: scored, but raises no live alert'),
  redactions: count.describe('How many values were masked in it'),
});
export type EventRecord = z.infer<typeof eventRecord>;

const loose = z.unknown();
const epochOrIso = z
  .union([z.number(), z.string()])
  .describe('ISO 8601, or Unix time in s, ms, us or ns (distinguished by size)');

/** An event as a producer sends it (POST /v1/events, `telltale.raw.v1` with `tt-format: native`). Unknown fields become attributes. */
export const nativeEvent = z.looseObject({
  kind: eventKind,
  ts: epochOrIso,
  service_name: z.string().min(1),
  id: z.string().optional(),
  name: z.string().optional(),
  duration_ms: z.number().nonnegative().optional(),
  status: z.enum(EVENT_STATUSES).optional(),
  error: z.object({ type: z.string().optional(), message: z.string().optional(), stack: z.string().optional() }).optional(),
  session_id: z.string().optional(),
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
  parent_span_id: z.string().optional(),
  service_version: z.string().optional(),
  deployment_environment: z.string().optional(),
  release: z.string().optional(),
  region: z.string().optional(),
  instance: z.string().optional(),
  user_id: z.string().optional(),
  agent_name: z.string().optional(),
  provider: z.string().optional(),
  request_model: z.string().optional(),
  response_model: z.string().optional(),
  request_max_tokens: count.optional(),
  attempt: z.number().int().positive().optional().describe('1: the first try'),
  usage: z
    .object({
      input_tokens: count.optional().describe('All input, cached included'),
      cache_read_tokens: count.optional(),
      cache_write_tokens: count.optional(),
      output_tokens: count.optional().describe('All output, reasoning included'),
      reasoning_tokens: count.optional(),
      cache_write_1h_tokens: count.optional().describe('Not in cache_write_tokens'),
      input_audio_tokens: count.optional().describe('Of input_tokens'),
      input_image_tokens: count.optional().describe('Of input_tokens'),
      output_audio_tokens: count.optional().describe('Of output_tokens'),
      output_image_tokens: count.optional().describe('Of output_tokens'),
    })
    .optional(),
  tool: z
    .object({ name: z.string(), call_id: z.string().optional(), arguments: loose.optional(), result: loose.optional() })
    .optional(),
  decision: z
    .object({ options: z.array(z.string()).optional(), chosen: z.string().optional(), why: z.string().optional() })
    .optional(),
  input: loose.optional(),
  output: loose.optional(),
  finish_reasons: z.array(z.string()).optional(),
  requested_tool_call_ids: z.array(z.string()).optional().describe('llm: ids of the tool calls it asked for'),
  requested_by_span_id: z.string().optional().describe('tool: span_id of the llm operation that asked for it'),
  time_to_first_token_ms: z.number().nonnegative().optional(),
  prompt_name: z.string().optional(),
  prompt_version: z.string().optional(),
  feature_flags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  score: z.object({ name: z.string(), value: z.number().optional(), label: z.string().optional() }).optional(),
  severity: z.string().optional(),
  body: z.string().optional(),
  attributes: z.record(z.string(), loose).optional(),
  directive_ids: z.array(z.string()).optional().describe('Directives in force when it was produced'),
  from_ring: z.boolean().optional().describe('It was held back, and sent after something went wrong'),
  sampling_weight: z.number().nonnegative().optional(),
  verbosity_level: z.enum(VERBOSITY_LEVELS).optional(),
});
export type NativeEvent = z.infer<typeof nativeEvent>;

/** One conversation in OpenAI chat form (POST /v1/conversations, `tt-format: openai-chat`). */
export const openAiConversation = z.looseObject({
  id: z.string().optional().describe('Session id; made from the content when absent'),
  service_name: z.string().optional(),
  model: z.string().optional(),
  provider: z.string().optional(),
  user_id: z.string().optional(),
  ts: epochOrIso.optional().describe('Start of the conversation; the time of arrival when absent'),
  reward: z.number().optional().describe('Becomes an evaluator event with score_name reward; below 1 is labeled fail'),
  messages: z.array(z.looseObject({ role: z.string() })).optional(),
  traj: z
    .array(z.looseObject({ role: z.string() }))
    .optional()
    .describe('Another name of messages (tau-bench)'),
});

/** Names of attributes that only the enricher writes: what was sent, where a column holds `__overflow__`, and all that a map had no room for, as JSON. */
export const OVERFLOW_PREFIX = 'overflow.';
const OVERFLOW_ATTRIBUTES = `${OVERFLOW_PREFIX}attributes`;

/** The attributes of an event as they were sent, with those beyond the bound of names in their place. */
export function attributesOf({ attributes }: Pick<EventRecord, 'attributes'>): Readonly<Record<string, string>> {
  const overflow = attributes[OVERFLOW_ATTRIBUTES];
  if (overflow === undefined) return attributes;
  return { ...attributes, ...stringMap.parse(JSON.parse(overflow)) };
}

/** Prompt template and version as one name, `<name>@<version>`; empty where the producer names no template. */
export const promptVersionOf = ({
  prompt_name: name,
  prompt_version: version,
}: Pick<EventRecord, 'prompt_name' | 'prompt_version'>): string => (name && version ? `${name}@${version}` : name);
