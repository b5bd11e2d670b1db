import { endOffsets, type OffsetRange } from './offset-range';

export const CHECKPOINT_KEY = '__position__';
/** The settings of the range that is announced, or of the last one that was. */
export const SETTINGS_KEY = '__settings__';

/** Where a task stands, as its state has it: committed in the transactions that move it. */
export interface Checkpoint {
  /** Time of the last range that took effect. */
  readonly now: number;
  /** Offset per topic before which everything has taken effect. */
  readonly ends: Readonly<Record<string, number>>;
  /** The range that is announced from there; null when none is. Absent in states of before it was kept. */
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

/** The announced range over what lies before it; topics that came later are not in it. */
export function rangeOf(next: NonNullable<Checkpoint['next']> | null, from: ReadonlyMap<string, number>): OffsetRange | null {
  if (!next) return null;
  const spans = Object.entries(next.ends).map(([topic, end]) => {
    const start = from.get(topic) ?? end;
    return [topic, { from: Math.min(start, end), end }] as const;
  });
  return { now: next.now, spans: new Map(spans) };
}
