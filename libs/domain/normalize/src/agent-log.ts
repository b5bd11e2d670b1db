import { type OtlpAttributes, type OtlpLogRecord } from '@telltale/contracts';
import { DAY_MS, hashId } from '@telltale/kernel';
import { type AgentRecord, type CodingAgent, vocabulariesOf } from './conventions/coding-agents';
import { type Arrival, type EventDraft, newDraft } from './draft';
import { fillDraft, type GroupHead, readItem } from './otlp-reading';
import { type Reading } from './reading';
import { READERS } from './readers';

/** Longer than any call: what says more says nothing. */
const MAX_DURATION_MS = DAY_MS;
/** What agents write in place of a prompt that is not to be sent. */
const HIDDEN_PROMPTS: ReadonlySet<unknown> = new Set(['<REDACTED>', '[REDACTED]']);
/** Gemini CLI says of Vertex AI that it authenticates with it. */
const VERTEX = 'vertex-ai';

/** Null where it is not said. */
function successOf({ success }: Reading): boolean | null {
  const said = success.toLowerCase();
  return said === 'true' ? true : said === 'false' ? false : null;
}

const textOf = (attributes: OtlpAttributes, name: string): string => String(READERS.text(attributes[name] ?? null) ?? '');

/** Where in a turn a record of an agent is: in the trace it names, else in that of its prompt. */
interface PlaceInTurn {
  readonly traceId: string;
  /** The span that it is in. */
  readonly parentSpanId: string;
}
function placeInTurn(
  { name, promptId, sessionId }: CodingAgent,
  { traceId, spanId, attributes }: OtlpLogRecord,
  tenant: string,
): PlaceInTurn {
  if (traceId !== '') return { traceId, parentSpanId: spanId };
  const prompt = promptId === '' ? '' : textOf(attributes, promptId);
  if (prompt === '') return { traceId: '', parentSpanId: '' };
  return placeOfPrompt(hashId(32, tenant, name, textOf(attributes, sessionId), prompt));
}
/** The place in a turn that is made of a prompt: right beneath it. */
export const placeOfPrompt = (traceId: string): PlaceInTurn => ({ traceId, parentSpanId: hashId(16, traceId) });

/** Puts the event of a record into the turn that it names, or says in which session its prompt is to be looked for. */
export function setPlace(draft: EventDraft, agent: CodingAgent, record: OtlpLogRecord): PlaceInTurn {
  const { event } = draft;
  const place = placeInTurn(agent, record, event.tenant);
  event.trace_id = place.traceId;
  const session = textOf(record.attributes, agent.sessionId);
  if (place.traceId === '' && session !== '') draft.promptless = { session: `${agent.name}/${session}` };
  return place;
}

function nameOf({ event }: EventDraft): string {
  if (event.kind === 'llm') return event.request_model ? `chat ${event.request_model}` : 'chat';
  return event.kind === 'tool' ? event.tool_name || 'tool' : 'turn';
}

function statusOf({ event }: EventDraft, hasFailed: boolean, success: boolean | null): 'ok' | 'error' | 'unset' {
  if (event.kind === 'turn') return 'unset';
  if (hasFailed || success === false || event.error_message !== '') return 'error';
  return success || event.kind === 'llm' ? 'ok' : 'unset';
}

/**
 * The prompt, call of a model or call of a tool that a log record of a coding agent reports. The record is written when it ends: it began its
 * duration earlier. `id` is that of the record.
 */
export function agentDraft(
  agent: CodingAgent,
  { kind, failed }: AgentRecord,
  record: OtlpLogRecord,
  head: GroupHead,
  { tenant, receivedAt }: Arrival,
  id: string,
): EventDraft {
  const said = record.attributes;
  const { reading, attributes } = readItem(vocabulariesOf(agent).records, head, said);
  const duration = reading.durationMs !== null && reading.durationMs <= MAX_DURATION_MS ? reading.durationMs : null;
  if (duration !== reading.durationMs) attributes['duration_ms'] = reading.durationMs;
  const draft = newDraft(
    tenant,
    kind,
    'otlp-logs',
    Math.floor((record.timeMs || record.observedMs || receivedAt) - (duration ?? 0)),
  );
  if (reading.eventName) attributes['event.name'] = reading.eventName;
  if (HIDDEN_PROMPTS.has(reading.input)) {
    reading.input = null;
    attributes['telltale.content'] = 'hidden by the producer';
  }
  reading.agentName ||= agent.name;
  if (kind === 'llm') reading.provider ||= textOf(said, 'auth_type') === VERTEX ? 'gcp.vertex_ai' : agent.provider;
  fillDraft(draft, reading, attributes);
  const { event } = draft;
  event.id = id;
  event.duration_ms = duration;
  event.status = statusOf(draft, failed === true, successOf(reading));
  if (failed) event.error_type ||= textOf(said, 'status_code') || textOf(said, 'http.response.status_code');
  const place = setPlace(draft, agent, record);
  if (kind === 'turn') {
    // A prompt that names neither a trace nor itself is one by its record.
    const made = place.traceId === '' ? placeOfPrompt(hashId(32, tenant, agent.name, id)) : place;
    event.trace_id = made.traceId;
    event.span_id = record.traceId === '' ? made.parentSpanId : hashId(16, id);
    event.parent_span_id = record.traceId === '' ? '' : made.parentSpanId;
  } else {
    event.span_id = hashId(16, id);
    event.parent_span_id = place.parentSpanId;
  }
  event.name = nameOf(draft);
  return draft;
}
