import { type EventDraft, placeOfPrompt } from '@telltale/domain-normalize';
import { type SessionPrompts } from '../state/session-prompts';
import { type Normalized, type UsageKnown } from '../types';

/** When the record of an event was written: at its end. */
const endOf = ({ at, event }: EventDraft): number => at + (event.duration_ms ?? 0);

/**
 * Puts the work of coding agents that name no prompt into the turn of the last prompt of their session. What comes before its prompt, or to
 * another task, is in no turn.
 */
export function createJoinPromptsStep(prompts: Pick<SessionPrompts, 'add' | 'traceAt'>) {
  return function joinPrompts<T extends Normalized & UsageKnown>(items: readonly T[]): readonly T[] {
    for (const { draft } of items)
      if (draft.promptless && draft.event.kind === 'turn')
        prompts.add(draft.event.tenant, draft.promptless.session, { at: draft.at, traceId: draft.event.trace_id });
    for (const { draft } of items) {
      if (!draft.promptless || draft.event.kind === 'turn') continue;
      const { event } = draft;
      const traceId = prompts.traceAt(event.tenant, draft.promptless.session, endOf(draft));
      if (traceId === '') continue;
      event.trace_id = traceId;
      if (event.kind !== 'log') event.parent_span_id = placeOfPrompt(traceId).parentSpanId;
    }
    return items;
  };
}
