import { type EventKind, type OtlpSpan, type OtlpSpanEvent } from '@telltale/contracts';
import { hashId, success } from '@telltale/kernel';
import { type Arrival, type EventDraft, newDraft, type Normalised } from './draft';
import { genAiVocabulary } from './genai-vocabulary';
import { chosenTools, fillDraft, type GroupHead, readItem } from './otlp-reading';
import { type CompiledVocabulary, type Reading } from './vocabulary';

const EXCEPTIONS: ReadonlySet<string> = new Set([
  'exception',
  'gen_ai.client.operation.exception',
  'gen_ai.execute_tool.exception',
]);
const EVALUATION = 'gen_ai.evaluation.result';

/** By operation, then MCP method, then tool, then place in the trace. An operation nobody knows is data, not an error. */
export function kindOf(reading: Reading, isRoot: boolean, vocabulary: CompiledVocabulary): EventKind {
  const known = vocabulary.kinds.get(reading.operation);
  if (known) return known;
  if (reading.mcpMethod) return 'mcp';
  if (reading.toolName || reading.toolCallId) return 'tool';
  if (reading.outputTokens !== null && (reading.requestModel || reading.responseModel)) return 'llm';
  return isRoot && !reading.operation ? 'turn' : 'chain';
}

function takeException(draft: EventDraft, { attributes }: OtlpSpanEvent): void {
  const said = (name: string): string => (typeof attributes[name] === 'string' ? attributes[name] : '');
  draft.event.error_type ||= said('exception.type');
  draft.event.error_message = said('exception.message') || draft.event.error_message;
  draft.event.error_stack = said('exception.stacktrace') || draft.event.error_stack;
}

/** The judgement inside a span is an event of its own, about that span. */
function evaluation(
  span: OtlpSpan,
  index: number,
  head: GroupHead,
  from: EventDraft,
  vocabulary: CompiledVocabulary,
): EventDraft {
  const told = span.events[index] as OtlpSpanEvent;
  const { reading, attributes } = readItem(vocabulary, head, told.attributes);
  const draft = newDraft(from.event.tenant, 'evaluator', 'otlp-traces', Math.floor(told.timeMs || from.at));
  fillDraft(draft, reading, attributes);
  const { event } = draft;
  event.id = hashId(32, event.tenant, span.traceId, span.spanId, 'evaluation', index);
  event.name = reading.scoreName || 'evaluation';
  event.session_id ||= from.event.session_id;
  event.trace_id = span.traceId;
  event.parent_span_id = span.spanId;
  event.status = event.error_type ? 'error' : 'ok';
  return draft;
}

/** An OTLP span of any vocabulary that has a table; the event of it, and one for each judgement inside. */
export function normaliseSpan(span: OtlpSpan, head: GroupHead, { tenant }: Arrival, vocabulary = genAiVocabulary): Normalised {
  const { reading, attributes } = readItem(vocabulary, head, span.attributes);
  const kind = kindOf(reading, span.parentSpanId === '', vocabulary);
  const draft = newDraft(tenant, kind, 'otlp-traces', Math.floor(span.startMs));
  fillDraft(draft, reading, attributes);
  const { event } = draft;
  event.id = hashId(32, tenant, span.traceId, span.spanId);
  event.name = (kind === 'tool' && reading.toolName) || span.name || kind;
  event.trace_id = span.traceId;
  event.span_id = span.spanId;
  event.parent_span_id = span.parentSpanId;
  event.duration_ms = span.endMs >= span.startMs ? Math.round((span.endMs - span.startMs) * 1e6) / 1e6 : null;
  if (kind === 'llm') event.decision_chosen = chosenTools(reading.output);

  const evaluations: EventDraft[] = [];
  const others: OtlpSpanEvent[] = [];
  let hasFailed = span.status.code === 2 || event.error_type !== '';
  span.events.forEach((told, index) => {
    if (EXCEPTIONS.has(told.name)) {
      takeException(draft, told);
      hasFailed ||= span.status.code !== 1;
    } else if (told.name === EVALUATION) evaluations.push(evaluation(span, index, head, draft, vocabulary));
    else others.push(told);
  });
  event.error_message ||= span.status.message;
  event.status = hasFailed ? 'error' : span.status.code === 1 ? 'ok' : 'unset';
  if (others.length > 0) attributes['events'] = others;
  if (span.links.length > 0) attributes['links'] = span.links;
  if (span.traceState) attributes['trace_state'] = span.traceState;
  if (span.kind > 1) attributes['span.kind'] = SPAN_KINDS[span.kind] ?? String(span.kind);
  return success([draft, ...evaluations]);
}

const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
