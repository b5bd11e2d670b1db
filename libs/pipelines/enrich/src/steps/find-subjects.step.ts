import { createSubjects, type Pseudonyms, type Subjects } from '@telltale/domain-privacy';
import { type EventDraft } from '@telltale/domain-normalize';
import { adding } from '@telltale/streaming';
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
  subjects.collect(event.error_message);
  subjects.collect(event.decision_reason);
}

/**
 * Finds the people that a turn is about, so that an id which one of its events names is replaced in all of them. A turn is what is here of it:
 * its events in one slice of a batch, as they come when one export carries them.
 */
export function createFindSubjectsStep(pseudonyms: Pseudonyms) {
  return function findSubjects<T extends Normalized>(items: readonly T[]): readonly (T & SubjectsKnown)[] {
    const byTurn = new Map<string, Subjects>();
    return items.map((item) => {
      const { tenant, trace_id, session_id, id } = item.draft.event;
      const turn = `${tenant}\0${trace_id || session_id || id}`;
      let subjects = byTurn.get(turn);
      if (!subjects) {
        subjects = createSubjects((said) => `u_${pseudonyms.of(tenant, said)}`);
        byTurn.set(turn, subjects);
      }
      collectFrom(item.draft, subjects);
      return adding(item, { subjects });
    });
  };
}
