import { type OtlpAttributes, type OtlpGroup, VERBOSITY_LEVELS } from '@telltale/contracts';
import { contentOf } from './content-of';
import { type EventDraft, safeKey } from './draft';
import { providerOf } from './providers';
import { type Reading } from './reading';
import { keepBill } from './router-bill';
import { disjointUsage } from './usage';
import { completeFromAnswer } from './usage-in-answer';
import { countsOf, keepCounts, SPENDS } from './usage-of';
import { type CompiledVocabulary, type Understood } from './vocabulary';

export type GroupHead = Pick<OtlpGroup<unknown>, 'resource' | 'scope'>;

const RESOURCE = 0;

export interface ReadItem extends Understood {
  readonly attributes: Record<string, unknown>;
}

/** Reads an item's attributes over those of its resource; what says none of our fields is kept as it is, a resource's under `resource.`. */
export function readItem(vocabulary: CompiledVocabulary, head: GroupHead, ...own: readonly OtlpAttributes[]): ReadItem {
  const attributes: Record<string, unknown> = {};
  const understood = vocabulary.read([head.resource, ...own], (name, value, set) => {
    attributes[set === RESOURCE ? `resource.${name}` : safeKey(name)] = value;
  });
  if (head.scope.name) attributes['otel.scope.name'] = head.scope.name;
  if (head.scope.version) attributes['otel.scope.version'] = head.scope.version;
  if (understood.isHidden) attributes['telltale.content'] = 'hidden by the producer';
  return { ...understood, attributes };
}

const positive = (value: number | null): number => (value !== null && value > 0 ? value : 1);

const attemptOf = ({ attempt, resends }: Reading): number | null => attempt ?? (resends === null ? null : resends + 1);

function fillIdentity({ event }: EventDraft, reading: Reading, attributes: Record<string, unknown>): void {
  event.service_name = reading.serviceName || 'unknown_service';
  event.service_version = reading.serviceVersion;
  event.deployment_environment = reading.environment;
  event.release = reading.release;
  event.region = reading.region;
  event.instance = reading.instance;
  event.session_id = reading.sessionId;
  event.user_id = reading.userId;
  event.agent_name = reading.agentName;
  event.provider = providerOf(reading.provider);
  if (event.provider !== reading.provider) attributes['gen_ai.system'] = reading.provider;
  event.request_model = reading.requestModel;
  event.response_model = reading.responseModel;
}

/** Puts a reading into a draft whose kind is known. Times, ids and status are the item's own affair. */
export function fillDraft(draft: EventDraft, reading: Reading, attributes: Record<string, unknown>): void {
  const { event, content } = draft;
  fillIdentity(draft, reading, attributes);
  if (SPENDS.has(event.kind)) completeFromAnswer(reading, attributes);
  if (SPENDS.has(event.kind)) Object.assign(event, disjointUsage(countsOf(reading)));
  if (SPENDS.has(event.kind)) keepBill(reading.output, attributes);
  keepCounts(reading, event.kind, attributes);
  event.tool_name = reading.toolName;
  event.tool_call_id = reading.toolCallId;
  event.request_max_tokens = reading.requestMaxTokens;
  event.attempt = attemptOf(reading);
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
  event.directive_ids = reading.directiveIds;
  event.from_ring = reading.fromRing === 'true';
  event.verbosity_level = VERBOSITY_LEVELS.find((level) => level === reading.verbosityLevel) ?? 'normal';
  if (reading.entityName && event.kind !== 'tool' && event.kind !== 'agent')
    attributes['traceloop.entity.name'] = reading.entityName;
  if (reading.isStreamed) attributes['gen_ai.request.stream'] = reading.isStreamed;
  if (reading.level && reading.level !== 'DEFAULT') attributes['level'] = reading.level;

  const said = contentOf(reading, event.kind);
  content.input = said.input;
  content.output = said.output;
  content.tool_arguments = said.toolArguments;
  content.tool_result = said.toolResult;
  event.tool_call_id ||= said.toolCallId;
  content.attributes = attributes;
  if (reading.toolDefinitions !== null) draft.tools = reading.toolDefinitions;
  event.decision_options = said.toolNames;
  event.decision_chosen = said.asked.map(({ name }) => name).join(', ');
  event.requested_tool_call_ids = said.asked.flatMap(({ id }) => (id ? [id] : []));
}
