import { type OtlpAttributes, type OtlpGroup, type OtlpValue, VERBOSITY_LEVELS } from '@telltale/contracts';
import { isDeeperThan } from '@telltale/kernel';
import { type EventDraft, safeKey } from './draft';
import { disjointUsage } from './usage';
import { type CompiledVocabulary, type Reading } from './vocabulary';

export type GroupHead = Pick<OtlpGroup<unknown>, 'resource' | 'scope'>;

const RESOURCE = 0;
const MAX_DEPTH = 64;

/** Reads an item's attributes over those of its resource; what says none of our fields is kept as it is, a resource's under `resource.`. */
export function readItem(
  vocabulary: CompiledVocabulary,
  head: GroupHead,
  own: OtlpAttributes,
): { reading: Reading; attributes: Record<string, unknown> } {
  const attributes: Record<string, unknown> = {};
  const reading = vocabulary.read([head.resource, own], (name, value, set) => {
    attributes[set === RESOURCE ? `resource.${name}` : safeKey(name)] = value;
  });
  if (head.scope.name) attributes['otel.scope.name'] = head.scope.name;
  if (head.scope.version) attributes['otel.scope.version'] = head.scope.version;
  return { reading, attributes };
}

/** Messages come structured, or as JSON text. */
function messagesOf(value: OtlpValue): OtlpValue[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string' || isDeeperThan(value, MAX_DEPTH)) return null;
  try {
    const parsed = JSON.parse(value) as OtlpValue;
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** System instructions are the first message in. */
function inputOf({ input, systemInstructions }: Reading, attributes: Record<string, unknown>): OtlpValue {
  if (systemInstructions === null) return input ?? '';
  const parts = messagesOf(systemInstructions) ?? [{ type: 'text', content: systemInstructions }];
  const messages = input === null ? [] : messagesOf(input);
  if (messages) return [{ role: 'system', parts }, ...messages];
  attributes['gen_ai.system_instructions'] = systemInstructions;
  return input;
}

const positive = (value: number | null): number => (value !== null && value > 0 ? value : 1);

/** Puts a reading into a draft. Kind, times, ids and status are the item's own affair. */
export function fillDraft({ event, content }: EventDraft, reading: Reading, attributes: Record<string, unknown>): void {
  event.service_name = reading.serviceName || 'unknown_service';
  event.service_version = reading.serviceVersion;
  event.deployment_environment = reading.environment;
  event.session_id = reading.sessionId;
  event.user_id = reading.userId;
  event.agent_name = reading.agentName;
  event.provider = reading.provider;
  event.request_model = reading.requestModel;
  event.response_model = reading.responseModel;
  Object.assign(
    event,
    disjointUsage({
      input: reading.inputTokens,
      cacheRead: reading.cacheReadTokens,
      cacheWrite: reading.cacheWriteTokens,
      output: reading.outputTokens,
      reasoning: reading.reasoningTokens,
    }),
  );
  event.tool_name = reading.toolName;
  event.tool_call_id = reading.toolCallId;
  event.finish_reasons = reading.finishReasons;
  event.time_to_first_token_ms = reading.timeToFirstTokenMs;
  event.prompt_name = reading.promptName;
  event.prompt_version = reading.promptVersion;
  event.error_type = reading.errorType;
  event.error_message = reading.errorMessage;
  event.error_stack = reading.errorStack;
  event.score_name = reading.scoreName;
  event.score_value = reading.scoreValue;
  event.score_label = reading.scoreLabel;
  event.sampling_weight = positive(reading.samplingWeight);
  event.verbosity_level = VERBOSITY_LEVELS.find((level) => level === reading.verbosityLevel) ?? 'normal';
  if (reading.operation) attributes['gen_ai.operation.name'] = reading.operation;
  if (reading.mcpMethod) attributes['mcp.method.name'] = reading.mcpMethod;
  content.input = inputOf(reading, attributes);
  content.output = reading.output ?? '';
  content.tool_arguments = reading.toolArguments ?? '';
  content.tool_result = reading.toolResult ?? '';
  content.attributes = attributes;
}

/** The tools an answer asks for: what the model chose. */
export function chosenTools(output: OtlpValue): string {
  const messages = typeof output === 'string' && !output.includes('tool_call') ? null : messagesOf(output);
  const names: string[] = [];
  for (const message of messages ?? []) {
    const parts = typeof message === 'object' && message !== null && !Array.isArray(message) ? message['parts'] : null;
    if (!Array.isArray(parts)) continue;
    for (const part of parts)
      if (
        typeof part === 'object' &&
        part !== null &&
        !Array.isArray(part) &&
        part['type'] === 'tool_call' &&
        typeof part['name'] === 'string'
      )
        names.push(part['name']);
  }
  return names.join(', ');
}
