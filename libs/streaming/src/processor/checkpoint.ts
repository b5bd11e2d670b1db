import { endOffsets, type OffsetRange } from './offset-range';

export const CHECKPOINT_KEY = '__position__';
/** The settings of the current intent, or else of the last one. */
export const SETTINGS_KEY = '__settings__';

/** The position of a task as stored in its state, written by the transactions that advance it. */
export interface Checkpoint {
  /** Batch time of the last committed batch. */
  readonly now: number;
  /** By topic: the offset before which every record has taken effect. */
  readonly ends: Readonly<Record<string, number>>;
  /** The intent that starts there; null: none. Missing in states written before intents were stored here. */
  readonly next?: { readonly now: number; readonly ends: Readonly<Record<string, number>> } | null;
}

export const checkpointOf = (now: number, ends: ReadonlyMap<string, number>, next: OffsetRange | null): Checkpoint => ({
  now,
  ends: Object.fromEntries(ends),
  next: next && { now: next.now, ends: Object.fromEntries(endOffsets(next)) },
});

export function readCheckpoint(state: ReadonlyMap<string, Buffer>): Checkpoint | null {
  const saved = state.get(CHECKPOINT_KEY);
  return saved ? (JSON.parse(saved.toString()) as Checkpoint) : null;
}

/** The batch of an intent that starts at `from`; it does not cover topics that were added later. */
export function rangeOf(next: NonNullable<Checkpoint['next']> | null, from: ReadonlyMap<string, number>): OffsetRange | null {
  if (!next) return null;
  const spans = Object.entries(next.ends).map(([topic, end]) => {
    const start = from.get(topic) ?? end;
    return [topic, { from: Math.min(start, end), end }] as const;
  });
  return { now: next.now, spans: new Map(spans) };
}
