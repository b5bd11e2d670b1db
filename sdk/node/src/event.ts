import { type Severity } from './severity';

export type EventKind =
  | 'turn'
  | 'llm'
  | 'tool'
  | 'retrieval'
  | 'embedding'
  | 'rerank'
  | 'agent'
  | 'chain'
  | 'guardrail'
  | 'evaluator'
  | 'mcp'
  | 'log'
  | 'session'
  | 'feedback';

export interface Usage {
  /** All input, cached included. */
  readonly input_tokens?: number;
  readonly cache_read_tokens?: number;
  readonly cache_write_tokens?: number;
  /** All output, reasoning included. */
  readonly output_tokens?: number;
  readonly reasoning_tokens?: number;
  readonly cache_write_1h_tokens?: number;
  readonly input_audio_tokens?: number;
  readonly input_image_tokens?: number;
  readonly output_audio_tokens?: number;
  readonly output_image_tokens?: number;
}

/** What the call of a model may say of itself beside its name and time. */
export interface CallFields {
  provider?: string;
  request_model?: string;
  response_model?: string;
  request_max_tokens?: number;
  attempt?: number;
  usage?: Usage;
  finish_reasons?: readonly string[];
  requested_tool_call_ids?: readonly string[];
  requested_by_span_id?: string;
  time_to_first_token_ms?: number;
  prompt_name?: string;
  prompt_version?: string;
  agent_name?: string;
  service_tier?: string;
  feature_flags?: Readonly<Record<string, string | number | boolean>>;
}

/** An event as POST /v1/events takes it. */
export interface NativeEvent extends CallFields {
  id: string;
  kind: EventKind;
  ts: string;
  service_name: string;
  name?: string;
  duration_ms?: number;
  status?: 'ok' | 'error' | 'unset';
  error?: { type?: string; message?: string; stack?: string };
  session_id?: string;
  trace_id?: string;
  span_id?: string;
  parent_span_id?: string;
  service_version?: string;
  deployment_environment?: string;
  release?: string;
  region?: string;
  instance?: string;
  user_id?: string;
  tool?: { name: string; call_id?: string; arguments?: unknown; result?: unknown };
  decision?: { options?: readonly string[]; chosen?: string; why?: string };
  input?: unknown;
  output?: unknown;
  score?: { name: string; value?: number; label?: string };
  severity?: Severity;
  body?: string;
  attributes?: Record<string, unknown>;
  directive_ids?: readonly string[];
  from_ring?: boolean;
  sampling_weight?: number;
  verbosity_level?: 'metadata' | 'normal' | 'full' | 'debug';
}
