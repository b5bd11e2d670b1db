import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';

/** How far event time has come. */
export interface Watermark extends BatchState {
  observe(eventTime: number): void;
  /** Latest event time, never ahead of the batch. */
  current(): number;
}

const section = createStateSection('watermark', createStateCodec<number>(1));

/** State: `watermark` → ms since the epoch. */
export function createWatermark(restored: ReadonlyMap<string, Buffer>): Watermark {
  let stored = section.restore(restored)[0]?.[1] ?? 0;
  let latest = stored;
  let now = 0;
  // A producer's clock that runs ahead must not end windows early.
  const current = (): number => Math.min(latest, now);
  return {
    startBatch(time) {
      now = time;
      latest = stored;
    },
    observe(eventTime) {
      if (eventTime > latest) latest = eventTime;
    },
    current,
    flush(effects) {
      if (current() === stored) return;
      stored = current();
      section.put(effects, '', stored);
    },
    due: () => false,
  };
}
