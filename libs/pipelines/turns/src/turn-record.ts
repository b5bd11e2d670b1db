import { type TurnRecord } from '@telltale/contracts';
import { cuesOf, languageOf, outcomeOf, promptHash, simhash } from '@telltale/domain-conversation-analytics';
import { withoutPlaceholders } from '@telltale/domain-privacy';
import { turnOf } from '@telltale/domain-turn';
import { turnWasteOf } from './turn-waste';
import { type OpenTurn } from './state/open-turn';
import { type TenantIntents } from './state/tenant-intents';

/** The record of a turn as it is known now. All of it comes from redacted content. */
export function turnRecordOf(turn: OpenTurn, intents: Pick<TenantIntents, 'of'>): TurnRecord {
  const { tenant, turnId, traceId, firstMinute, expiresOn, events } = turn;
  const asked = events.request?.value ?? '';
  const request = withoutPlaceholders(asked);
  const { label, because } = asked === '' ? { label: '', because: [] } : intents.of(tenant, request);
  const { outcome, evidence } = outcomeOf(turn.outcome);
  const record = turnOf(events, {
    tenant,
    turnId,
    traceId,
    firstMinute,
    expiresOn,
    outcome,
    outcomeEventId: evidence.id,
    outcomeReason: evidence.why,
    intent: label,
    intentMatchedTerms: because,
    language: asked === '' ? '' : languageOf(request),
    cues: cuesOf(request, events.answer?.value ?? ''),
    requestHash: promptHash('', asked),
    requestSimhash: simhash(asked),
  });
  return { ...record, waste: turnWasteOf(events, outcome) };
}

/**
 * Turns of a session meet in one task; where none is named those of a user do, and where no user is either those of conversations that began
 * with the same request, so that sessions can be derived.
 */
export const turnKeyOf = (turn: TurnRecord): string =>
  turn.session_id || turn.user_id || turn.conversation_hashes[0] || turn.trace_id || turn.turn_id;
