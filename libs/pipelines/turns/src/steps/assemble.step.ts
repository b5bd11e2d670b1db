import { type BatchContext, ok, type Step } from '@telltale/streaming';
import { type OpenTurns } from '../state/open-turns';
import { type ReadEvent } from './read-event.step';

/** Adds the event to its turn. */
export const createAssembleStep = (turns: Pick<OpenTurns, 'add'>): Step<ReadEvent, object, BatchContext> =>
  function assemble(item) {
    turns.add(item.event);
    return ok(item);
  };
