import { type OtlpSpan, type OtlpSpanEvent } from '@telltale/contracts';
import { hashId, success } from '@telltale/kernel';
import { type Arrival, type EventDraft, newDraft, type Normalized } from './draft';
import { kindOf } from './kind-of';
import { fillDraft, type GroupHead, readItem } from './otlp-reading';
import { EVALUATION, EXCEPTIONS, readSpanEvents } from './span-events';
import { readTime } from './read-time';
import { allVocabularies } from './conventions';
import { type CompiledVocabulary } from './vocabulary';

const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

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
  const recorded = span.events[index] as OtlpSpanEvent;
  const { reading, attributes } = readItem(vocabulary, head, recorded.attributes);
  const draft = newDraft(from.event.tenant, 'evaluator', 'otlp-traces', Math.floor(recorded.timeMs || from.at));
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

/** Ids, times and what the frame of a span says. */
function place(draft: EventDraft, span: OtlpSpan, others: readonly OtlpSpanEvent[]): void {
  const { event, content } = draft;
  event.id = hashId(32, event.tenant, span.traceId, span.spanId);
  event.name = (event.kind === 'tool' && event.tool_name) || span.name || event.kind;
  event.trace_id = span.traceId;
  event.span_id = span.spanId;
  event.parent_span_id = span.parentSpanId;
  event.duration_ms = span.endMs >= span.startMs ? Math.round((span.endMs - span.startMs) * 1e6) / 1e6 : null;
  if (others.length > 0) content.attributes['events'] = others;
  if (span.links.length > 0) content.attributes['links'] = span.links;
  if (span.traceState) content.attributes['trace_state'] = span.traceState;
  if (span.kind > 1) content.attributes['span.kind'] = SPAN_KINDS[span.kind] ?? String(span.kind);
}

/** An OTLP span of any vocabulary that has a table; the event of it, and one for each judgement inside. */
export function normalizeSpan(span: OtlpSpan, head: GroupHead, { tenant }: Arrival, vocabulary = allVocabularies): Normalized {
  const recorded = readSpanEvents(span.events);
  // What the span itself says is said once, at its end: it wins over its events.
  const { reading, kinds, attributes } = readItem(vocabulary, head, recorded.attributes, span.attributes);
  const kind = kindOf(reading, kinds, span.parentSpanId === '');
  const draft = newDraft(tenant, kind, 'otlp-traces', Math.floor(span.startMs));
  // Tools of those who name the span after them.
  if (kind === 'tool') reading.toolName ||= reading.entityName || toolNameIn(span.name);
  if (kind === 'agent') reading.agentName ||= reading.entityName;
  fillDraft(draft, reading, attributes);
  const { event } = draft;
  const firstTokenMs = recorded.firstTokenMs ?? (reading.firstTokenAt ? readTime(reading.firstTokenAt) : NaN);
  if (event.kind === 'llm' && Number.isFinite(firstTokenMs))
    event.time_to_first_token_ms ??= Math.max(0, firstTokenMs - span.startMs);

  const evaluations: EventDraft[] = [];
  let hasFailed = span.status.code === 2 || event.error_type !== '' || reading.level === 'ERROR';
  span.events.forEach((one, index) => {
    if (EXCEPTIONS.has(one.name)) {
      takeException(draft, one);
      hasFailed ||= span.status.code !== 1;
    } else if (one.name === EVALUATION) evaluations.push(evaluation(span, index, head, draft, vocabulary));
  });
  const others = recorded.others.filter(({ name }) => !EXCEPTIONS.has(name) && name !== EVALUATION);
  place(draft, span, others);
  event.error_message ||= span.status.message;
  event.status = hasFailed ? 'error' : span.status.code === 1 ? 'ok' : 'unset';
  return success([draft, ...evaluations]);
}

/** `execute_tool search`, `running tool: search`, `search.tool`: the tool's name in that of its span. */
export function toolNameIn(name: string): string {
  const found = /^(?:execute_tool|tools\/call|running tool:|tool:?|ai\.toolCall)\s+(\S.*)$/i.exec(name);
  return found?.[1] ?? name.replace(/\.tool$/, '');
}
