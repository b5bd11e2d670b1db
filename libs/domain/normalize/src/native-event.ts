import { failure, hashId, isRecord, success } from '@telltale/kernel';
import { type Arrival, newDraft, type EventDraft, type Normalized, safeKey } from './draft';
import { findMessages } from './messages/find-messages';
import { requestedToolCalls } from './messages/message';
import { NATIVE_FIELDS } from './native-fields';
import { keepBill } from './router-bill';
import { severityOf } from './severity';
import { SPENDS } from './usage-of';

/** What every event says of itself. */
export const REQUIRED_FIELDS = ['kind', 'ts', 'service_name'] as const;

const NAME_OF: Partial<Record<string, (draft: EventDraft) => string>> = {
  tool: ({ event }) => event.tool_name,
  llm: ({ event }) => (event.request_model ? `chat ${event.request_model}` : ''),
  evaluator: ({ event }) => event.score_name,
  feedback: ({ event }) => event.score_name,
};

/** The same operation sent again gets the same id: the producer's, else that of its span, else its content's. */
function nativeId({ event }: EventDraft, item: unknown): string {
  if (event.id) return event.id;
  if (event.trace_id && event.span_id) return hashId(32, event.tenant, event.trace_id, event.span_id, event.kind);
  return hashId(32, event.tenant, JSON.stringify(item));
}

/** Which tools a model asked for, where its answer shows it and the producer does not say it. */
function takeRequests({ event, content }: EventDraft): void {
  const { output } = content;
  if (event.kind !== 'llm' || event.decision_chosen !== '' || (typeof output === 'string' && !/^\s*[[{]/.test(output))) return;
  const said = (findMessages(output, 'assistant') ?? []).filter(({ role }) => role === 'assistant');
  const asked = requestedToolCalls(said);
  event.decision_chosen = asked.map(({ name }) => name).join(', ');
  if (event.requested_tool_call_ids.length === 0) event.requested_tool_call_ids = asked.flatMap(({ id }) => (id ? [id] : []));
}

/** An event as a producer sends it (contract `nativeEvent`). Fields it does not know become attributes. */
export function normalizeNative(item: unknown, { tenant }: Arrival): Normalized {
  if (!isRecord(item))
    return failure({ reason: 'invalid_field', error: 'the event must be a JSON object: send an array of them, or one a line' });
  for (const field of REQUIRED_FIELDS)
    if (item[field] === undefined)
      return failure({ reason: 'invalid_field', error: `${field} is missing: every event needs ${REQUIRED_FIELDS.join(', ')}` });
  const draft = newDraft(tenant, 'log', 'native', NaN);
  const { event } = draft;
  for (const key of Object.keys(item)) {
    const value = item[key];
    const take = NATIVE_FIELDS.get(key);
    if (take) {
      if (value === undefined) continue;
      const wrong = take(draft, value);
      if (wrong !== null)
        return failure({
          reason: 'invalid_field',
          error: `${key}${wrong.startsWith('.') ? '' : ' '}${wrong}${value === null ? ', not null: leave it out' : ''}`,
        });
    } else draft.content.attributes[safeKey(key)] ??= value;
  }
  if (SPENDS.has(event.kind)) keepBill(draft.content.output, draft.content.attributes);
  if (Number.isNaN(draft.at))
    return failure({
      reason: 'bad_timestamp',
      error: 'ts is no time: send ISO 8601 such as 2026-01-31T12:00:00Z, or Unix time in s, ms, us or ns',
    });
  if (event.kind === 'log' || event.severity) {
    const said = event.severity;
    event.severity = severityOf(said, 0);
    if (said && said !== event.severity) draft.content.attributes['severity_text'] ??= said;
  }
  if (!event.name) event.name = NAME_OF[event.kind]?.(draft) || event.kind;
  if (event.status === 'unset' && (event.error_type || event.error_message)) event.status = 'error';
  takeRequests(draft);
  event.id = nativeId(draft, item);
  return success([draft]);
}
