import { type CommittedOffset } from '../ports/broker';

/** Which records of a topic are done, where they are not done in order. */
export interface OffsetTracker {
  /** A record is being worked on; false: it was done before. */
  begin(offset: number): boolean;
  finish(offset: number): void;
  /** Everything below `offset` is done; the metadata names what is done above it. */
  committed(): CommittedOffset;
  /** Records from the first that is not done on. */
  readonly span: () => number;
}

function readDone(metadata: string): readonly number[] {
  try {
    const { done } = JSON.parse(metadata) as { done?: unknown };
    return Array.isArray(done) ? done.filter((one): one is number => Number.isSafeInteger(one)) : [];
  } catch {
    return [];
  }
}

export function createOffsetTracker({ offset: start, metadata }: CommittedOffset): OffsetTracker {
  const open = new Set<number>();
  /** Offsets that are done, above the first that is not. */
  const done = new Set(readDone(metadata).map((above) => start + above));
  let next = start;
  let low = start;

  function advance(): void {
    const first = Math.min(next, ...open);
    for (const offset of done) if (offset < first) done.delete(offset);
    low = first;
  }

  return {
    begin(offset) {
      next = Math.max(next, offset + 1);
      if (done.has(offset) || offset < low) {
        advance();
        return false;
      }
      open.add(offset);
      return true;
    },
    finish(offset) {
      if (!open.delete(offset)) return;
      done.add(offset);
      advance();
    },
    committed: () => ({
      offset: low,
      metadata: done.size === 0 ? '' : JSON.stringify({ done: [...done].map((offset) => offset - low).sort((a, b) => a - b) }),
    }),
    span: () => next - low,
  };
}
