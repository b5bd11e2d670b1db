import { type EventKind, type EventRecord } from '@telltale/contracts';
import { type Result } from '@telltale/kernel';

/** What an event says in values that are not text yet: they become text when they are redacted, which is easier on values. */
export interface DraftContent {
  input: unknown;
  output: unknown;
  tool_arguments: unknown;
  tool_result: unknown;
  body: unknown;
  attributes: Record<string, unknown>;
  feature_flags: Record<string, unknown>;
}

/** What a model was given of a conversation: all its messages before the one at `until`. */
export interface Heard {
  readonly messages: readonly unknown[];
  readonly until: number;
}

/** An event on its way: everything the producer said, by our names. What later steps add is still empty in `event`. */
export interface EventDraft {
  readonly event: EventRecord;
  readonly content: DraftContent;
  /** When it started, ms since the epoch. */
  at: number;
  /** Where `content.input` holds only what was new to the model. */
  heard?: Heard;
  /** From a producer that names no prompt in what it reports: its session, in which the last prompt is the turn. */
  promptless?: { readonly session: string };
  /** Definitions of the tools a model could choose; of these only names are kept. */
  tools?: unknown;
}

/** Why an item cannot become an event; the error names the field and the fix and holds no content. */
export interface ValidationError {
  readonly reason: 'invalid_field' | 'bad_timestamp';
  readonly error: string;
}
export type Normalized = Result<EventDraft[], ValidationError>;

/** All that normalizing needs to know about where an item came from. */
export interface Arrival {
  readonly tenant: string;
  readonly receivedAt: number;
}

/** Every event is made here, so that all have the same shape, in the order of the contract. */
export function newDraft(tenant: string, kind: EventKind, ingestFormat: EventRecord['ingest_format'], at: number): EventDraft {
  return {
    event: {
      tenant,
      id: '',
      kind,
      name: '',
      ts: '',
      received_at: '',
      expires_on: '',
      duration_ms: null,
      status: 'unset',
      error_type: '',
      error_message: '',
      error_stack: '',
      error_fingerprint: '',
      session_id: '',
      trace_id: '',
      span_id: '',
      parent_span_id: '',
      service_name: '',
      service_version: '',
      deployment_environment: '',
      release: '',
      region: '',
      instance: '',
      user_id: '',
      agent_name: '',
      provider: '',
      request_model: '',
      response_model: '',
      request_max_tokens: null,
      attempt: null,
      usage_input_uncached: null,
      usage_cache_read: null,
      usage_cache_write: null,
      usage_output: null,
      usage_reasoning: null,
      usage_cache_write_1h: null,
      usage_input_audio: null,
      usage_input_image: null,
      usage_output_audio: null,
      usage_output_image: null,
      usage_estimated: false,
      service_tier: '',
      cost_nano_usd: null,
      price_version: '',
      tool_name: '',
      tool_call_id: '',
      requested_tool_call_ids: [],
      requested_by_span_id: '',
      tool_arguments: '',
      tool_result: '',
      decision_options: [],
      decision_chosen: '',
      decision_reason: '',
      input: '',
      output: '',
      finish_reasons: [],
      time_to_first_token_ms: null,
      prompt_name: '',
      prompt_version: '',
      feature_flags: {},
      score_name: '',
      score_value: null,
      score_label: '',
      severity: '',
      body: '',
      log_template: '',
      log_template_id: '',
      prompt_hash: '',
      prompt_simhash: '',
      prompt_block_hashes: [],
      conversation_hashes: [],
      tool_call_hash: '',
      attributes: {},
      sampling_weight: 1,
      verbosity_level: 'normal',
      directive_ids: [],
      from_ring: false,
      ingest_format: ingestFormat,
      backfill: false,
      redactions: 0,
    },
    content: { input: '', output: '', tool_arguments: '', tool_result: '', body: '', attributes: {}, feature_flags: {} },
    at,
  };
}

/** `__proto__` as a key would set a prototype instead of a value. */
export const safeKey = (key: string): string => (key === '__proto__' ? '_proto_' : key);
