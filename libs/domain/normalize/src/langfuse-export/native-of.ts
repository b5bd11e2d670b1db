import { type EventRecord, INPUT_BUCKETS, type NativeEvent, OUTPUT_BUCKETS, tokensIn } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type EventDraft } from '../draft';

type Usage = NonNullable<NativeEvent['usage']>;

const USAGE_PARTS = {
  cache_read_tokens: 'usage_cache_read',
  cache_write_tokens: 'usage_cache_write',
  cache_write_1h_tokens: 'usage_cache_write_1h',
  reasoning_tokens: 'usage_reasoning',
  input_audio_tokens: 'usage_input_audio',
  input_image_tokens: 'usage_input_image',
  output_audio_tokens: 'usage_output_audio',
  output_image_tokens: 'usage_output_image',
} as const satisfies { [Name in keyof Usage]: keyof EventRecord };

/** Buckets that share no token, as the totals and parts of the contract. */
function usageOf(event: EventRecord): Usage | undefined {
  const usage: Record<string, number> = {};
  const put = (name: string, count: number | null): void => {
    if (count !== null) usage[name] = count;
  };
  if (event.usage_input_uncached !== null) put('input_tokens', tokensIn(event, INPUT_BUCKETS));
  if (event.usage_output !== null) put('output_tokens', tokensIn(event, OUTPUT_BUCKETS));
  for (const [name, bucket] of Object.entries(USAGE_PARTS)) put(name, event[bucket]);
  return Object.keys(usage).length > 0 ? usage : undefined;
}

const isSaid = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0) &&
  !(typeof value === 'object' && Object.keys(value).length === 0);
/** Without what says nothing; undefined when nothing is left. */
function said(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const left = Object.entries(values).filter(([, value]) => isSaid(value));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

const SAME = [
  'id', 'name', 'session_id', 'trace_id', 'span_id', 'parent_span_id', 'service_version', 'deployment_environment', 'release', 'region', 'instance',
  'user_id', 'agent_name', 'provider', 'request_model', 'response_model', 'prompt_name', 'prompt_version', 'severity', 'duration_ms', 'time_to_first_token_ms',
  'request_max_tokens', 'attempt', 'finish_reasons', 'requested_tool_call_ids',
] as const satisfies readonly (keyof EventRecord & keyof NativeEvent)[]; // prettier-ignore

/** A draft as the event that a producer would send: what it does not say is left out. */
export function nativeOf({ event, content, at }: EventDraft): NativeEvent {
  return {
    kind: event.kind,
    ts: isoTime(at),
    service_name: event.service_name,
    status: event.status,
    ...said({
      ...Object.fromEntries(SAME.map((field) => [field, event[field]])),
      error: said({ type: event.error_type, message: event.error_message, stack: event.error_stack }),
      usage: usageOf(event),
      tool: event.tool_name && {
        name: event.tool_name,
        ...said({ call_id: event.tool_call_id, arguments: content.tool_arguments, result: content.tool_result }),
      },
      decision: said({ options: event.decision_options, chosen: event.decision_chosen, why: event.decision_reason }),
      score: event.score_name && {
        name: event.score_name,
        ...said({ value: event.score_value, label: event.score_label }),
      },
      input: content.input,
      output: content.output,
      body: content.body,
      attributes: said(content.attributes),
    }),
  };
}
