import { type TurnEvent } from '@telltale/domain-turn';
import { ok, type StepResult } from '@telltale/streaming';
import { type OpenTurns } from '../state/open-turns';
import { type Watermark } from '../state/watermark';

/** Adds the event to its turn. */
export const createAssembleStep = (turns: Pick<OpenTurns, 'add'>, watermark: Pick<Watermark, 'observe'>) =>
  function assemble(event: TurnEvent): StepResult<TurnEvent> {
    turns.add(event);
    watermark.observe(Date.parse(event.ts));
    return ok(event);
  };
