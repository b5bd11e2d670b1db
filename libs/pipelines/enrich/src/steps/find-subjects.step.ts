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

/** Where ids are kept from one batch to the next. */
interface Kept {
  readonly turns: Pick<TurnSubjects, 'of' | 'add'>;
  readonly sessions: Pick<TurnSubjects, 'of' | 'add'>;
}

/** The events of one turn in a slice. */
interface TurnInSlice {
  readonly tenant: string;
  readonly turn: string;
  /** That one of its events names; '' where none does. */
  session: string;
}

const sliceKeyOf = ({ tenant, trace_id, session_id, id }: EventDraft['event']): string =>
  `${tenant}\0${trace_id || session_id || id}`;

function turnsOf<T extends Normalized>(items: readonly T[]): Map<string, TurnInSlice> {
  const turns = new Map<string, TurnInSlice>();
  for (const { draft: { event } } of items) {
    const key = sliceKeyOf(event);
    const turn = turns.get(key);
    if (!turn) turns.set(key, { tenant: event.tenant, turn: event.trace_id || event.session_id, session: event.session_id });
    else if (turn.session === '') turn.session = event.session_id;
  }
  return turns;
} // prettier-ignore

/**
 * Finds the people that a turn is about, so that an id which one of its events names is replaced in all of them that come with it, in those
 * that come after it, and in those of later turns of its session, also before one of theirs names it.
 */
export function createFindSubjectsStep(pseudonyms: Pseudonyms, { turns, sessions }: Kept) {
  function subjectsOf({ tenant, turn, session }: TurnInSlice): Subjects {
    const known = [
      ...(turn === '' ? [] : turns.of(tenant, turn)),
      ...(session === '' || session === turn ? [] : sessions.of(tenant, session)),
    ];
    return createSubjects((said) => `u_${pseudonyms.of(tenant, said)}`, known);
  }

  return function findSubjects<T extends Normalized>(items: readonly T[]): readonly (T & SubjectsKnown)[] {
    const inSlice = turnsOf(items);
    const subjectsBy = new Map([...inSlice].map(([key, turn]) => [key, subjectsOf(turn)]));
    const found = items.flatMap((item) => {
      const subjects = subjectsBy.get(sliceKeyOf(item.draft.event));
      if (!subjects) return [];
      collectFrom(item.draft, subjects);
      return [adding(item, { subjects })];
    });
    for (const [key, { tenant, turn, session }] of inSlice) {
      const known = subjectsBy.get(key)?.known() ?? [];
      if (turn !== '') turns.add(tenant, turn, known);
      if (session === '' || session === turn) continue;
      // Events of this turn that come later may not name the session.
      turns.add(tenant, turn, sessions.of(tenant, session));
      sessions.add(tenant, session, known);
    }
    return found;
  };
}
