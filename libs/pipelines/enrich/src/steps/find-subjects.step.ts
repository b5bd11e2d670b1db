import { type EventDraft } from '@telltale/domain-normalize';
import { createSubjects, type Pseudonyms, type Subjects } from '@telltale/domain-privacy';
import { adding } from '@telltale/streaming';
import { type TurnSubjects } from '../state/turn-subjects';
import { type Normalized, type SubjectsKnown } from '../types';

/** Ids of people in what a producer wrote: its user, and what stands under keys such as `customer_id`. */
function collectFrom({ event, content }: EventDraft, subjects: Subjects): void {
  if (event.user_id !== '') subjects.add(event.user_id);
  subjects.collect(content.attributes);
  subjects.collect(content.input);
  subjects.collect(content.output);
  subjects.collect(content.tool_arguments);
  subjects.collect(content.tool_result);
  subjects.collect(content.body);
  subjects.collect(event.name);
  subjects.collect(event.error_message);
  subjects.collect(event.error_stack);
  subjects.collect(event.decision_reason);
}

/**
 * Finds the people that a turn is about, so that an id which one of its events names is replaced in all of them that come with it, and in those
 * that come after it.
 */
export function createFindSubjectsStep(pseudonyms: Pseudonyms, turns: Pick<TurnSubjects, 'of' | 'add'>) {
  return function findSubjects<T extends Normalized>(items: readonly T[]): readonly (T & SubjectsKnown)[] {
    const bySlice = new Map<string, { readonly tenant: string; readonly turn: string; readonly subjects: Subjects }>();
    const found = items.map((item) => {
      const { tenant, trace_id, session_id, id } = item.draft.event;
      const turn = trace_id || session_id;
      const key = `${tenant}\0${turn || id}`;
      let known = bySlice.get(key);
      if (!known) {
        const pseudonymOf = (said: string): string => `u_${pseudonyms.of(tenant, said)}`;
        known = { tenant, turn, subjects: createSubjects(pseudonymOf, turn === '' ? [] : turns.of(tenant, turn)) };
        bySlice.set(key, known);
      }
      collectFrom(item.draft, known.subjects);
      return adding(item, { subjects: known.subjects });
    });
    for (const { tenant, turn, subjects } of bySlice.values()) if (turn !== '') turns.add(tenant, turn, subjects.known());
    return found;
  };
}
