import { hashId } from '@telltale/kernel';
import { type EventDraft, newDraft } from '../draft';
import { type TurnFacts } from './turn-facts';

/** Id of a turn's event: that of its root span where that is the turn itself, else one of its own; another for each revision. */
export function turnEventId(tenant: string, traceId: string, facts: TurnFacts, revision: number): string {
  const first = facts.root?.isTurn ? hashId(32, tenant, traceId, facts.root.spanId) : hashId(32, tenant, traceId, 'turn');
  return revision === 0 ? first : hashId(32, first, 'revision', revision);
}

/**
 * The event of a turn that no event of its producer is, or that amends the one before. Its frame is its root's; what the root does not
 * say is said by what is inside it. Content is redacted already.
 */
export function turnEventOf(tenant: string, traceId: string, facts: TurnFacts, revision: number): EventDraft {
  const { root } = facts;
  const at = root?.at ?? facts.from;
  const draft = newDraft(tenant, 'turn', 'otlp-traces', at);
  const { event } = draft;
  event.id = turnEventId(tenant, traceId, facts, revision);
  event.revision = revision;
  event.name = facts.name?.value ?? 'turn';
  event.trace_id = traceId;
  event.span_id = root?.isTurn ? root.spanId : hashId(16, traceId, 'turn');
  event.duration_ms = root ? root.durationMs : Math.max(0, facts.to - facts.from);
  event.status = root?.status ?? 'unset';
  event.error_type = root?.errorType ?? '';
  event.error_message = root?.errorMessage ?? '';
  event.session_id = facts.session?.value ?? '';
  event.user_id = facts.user?.value ?? '';
  event.agent_name = facts.agent?.value ?? '';
  event.service_name = facts.service?.value ?? 'unknown_service';
  event.service_version = facts.version?.value ?? '';
  event.deployment_environment = facts.environment?.value ?? '';
  event.input = root?.input || facts.asked?.value || '';
  event.output = root?.output || facts.answered?.value || '';
  event.attributes = { ...root?.attributes, ...(root?.isTurn ? {} : { 'telltale.turn': root ? 'derived' : 'without root' }) };
  return draft;
}
