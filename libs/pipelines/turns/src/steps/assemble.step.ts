import { type BatchContext, type EventClock, ok, type Step } from '@telltale/streaming';
import { type OpenTurns } from '../state/open-turns';
import { type ReadEvent } from './read-event.step';

/** Adds the event to its turn. */
export const createAssembleStep = (
  turns: Pick<OpenTurns, 'add'>,
  clock: Pick<EventClock, 'add'>,
): Step<ReadEvent, object, BatchContext> =>
  function assemble(item) {
    turns.add(item.event);
    clock.add(Date.parse(item.event.ts));
    return ok(item);
  };
