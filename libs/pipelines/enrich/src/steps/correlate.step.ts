import { isoTime } from '@telltale/kernel';
import { type TurnAssembler } from '../state/turn-assembler';
import { type Fingerprinted, type Normalized, type Priced, type Redacted } from '../types';

/** A turn that no event of a producer is. It is no call and no log line. */
export type DerivedTurn = Redacted & Priced & Fingerprinted & Pick<Normalized, 'draft'>;

/** Gives each operation what its turn knows, once the turn has heard all of the batch. */
export function createCorrelateStep(turns: Pick<TurnAssembler, 'add' | 'correlate'>) {
  return function correlate<T extends Normalized & Redacted>(items: readonly T[]): readonly T[] {
    for (const { draft } of items) turns.add(draft);
    for (const { draft } of items) turns.correlate(draft);
    return items;
  };
}

/** Turns that no event of their producer is, to be written now. */
export const derivedTurns = (turns: Pick<TurnAssembler, 'drain'>): DerivedTurn[] =>
  turns.drain().map((draft) => {
    draft.event.ts = isoTime(draft.at);
    return { draft, event: draft.event, priceGap: '', templateId: '' };
  });
