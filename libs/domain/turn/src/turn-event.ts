import { eventRecord } from '@telltale/contracts';
import { type z } from 'zod';

/** Attributes of this prefix are dimensions, whoever the tenant is. */
export const DIMENSION_PREFIX = 'telltale.dimension.';

/** What of an event its turn depends on. */
export const turnEvent = eventRecord.pick({
  tenant: true, id: true, kind: true, name: true, ts: true, received_at: true, expires_on: true, duration_ms: true, status: true,
  error_type: true, error_message: true, error_fingerprint: true, session_id: true, trace_id: true, span_id: true, parent_span_id: true,
  service_name: true, service_version: true, deployment_environment: true, release: true, region: true, user_id: true, agent_name: true,
  provider: true, request_model: true, response_model: true, attempt: true,
  usage_input_uncached: true, usage_cache_read: true, usage_cache_write: true, usage_output: true, usage_reasoning: true,
  usage_cache_write_1h: true, usage_input_audio: true, usage_input_image: true, usage_output_audio: true, usage_output_image: true,
  usage_estimated: true, cost_nano_usd: true, price_version: true, tool_name: true, requested_tool_call_ids: true, decision_chosen: true, input: true,
  output: true, finish_reasons: true, time_to_first_token_ms: true, prompt_name: true, prompt_version: true, feature_flags: true,
  severity: true, log_template_id: true, tool_arguments: true, tool_result: true, prompt_block_hashes: true, prompt_hash: true, conversation_hashes: true,
  tool_call_hash: true, attributes: true, sampling_weight: true,
  directive_ids: true, ingest_format: true, backfill: true,
}); // prettier-ignore
export type TurnEvent = z.infer<typeof turnEvent>;
