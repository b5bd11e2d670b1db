import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';

export interface WatermarkState {
  readonly watermark: number;
  /** First batch time after all sources had been idle: the others get a moment to speak up before windows close. */
  readonly idleUntil: number;
  /** Per source: its watermark, and the batch time at which it was last heard. */
  readonly sources: Readonly<Record<string, readonly [watermark: number, seenAt: number]>>;
}

/** How far event time has come, over all sources that are live. */
export interface Watermark extends BatchState {
  /** Where it stood after the last `advance`. */
  current(): number;
  /** The watermark of a source, ms since the epoch; null for a source that holds back no series. */
  add(source: string, watermark: number | null): void;
  /** Where it stands at `now`; moves nothing. */
  at(now: number): number;
  /** Moves to where it stands at the batch time. */
  advance(): void;
}

const SECTION = createStateSection('watermark', createStateCodec<WatermarkState>(1));

/** Far more than there are tasks; beyond it the source that was silent the longest is forgotten. */
export const MAX_SOURCES = 1_000;

export function createWatermark(
  options: { readonly idleMs: number; readonly settleMs: number },
  restored: ReadonlyMap<string, Buffer>,
): Watermark {
  const stored = SECTION.restore(restored)[0]?.[1];
  let watermark = stored?.watermark ?? 0;
  let idleUntil = stored?.idleUntil ?? 0;
  const sources = new Map(Object.entries(stored?.sources ?? {}));
  let now = 0;
  const state = (): WatermarkState => ({ watermark, idleUntil, sources: Object.fromEntries(sources) });
  let written = JSON.stringify(state());

  /** What was seen at a time that is still to come was seen by a clock that has been set right since. */
  const isLive = (seenAt: number, now: number): boolean => seenAt <= now && now - seenAt < options.idleMs;
  function at(now: number): number {
    // Never ahead of the time of the range: windows of now would be late until that time has come.
    const reached = Math.min(watermark, now);
    if (sources.size === 0) return reached;
    let least = Infinity;
    for (const [own, seenAt] of sources.values()) if (isLive(seenAt, now)) least = Math.min(least, own);
    // No source is live: time itself moves the watermark.
    if (least === Infinity) return now;
    return now - idleUntil < options.settleMs ? reached : Math.max(reached, least);
  }

  const anyLive = (now: number): boolean => {
    for (const [, seenAt] of sources.values()) if (isLive(seenAt, now)) return true;
    return false;
  };

  function forgetOne(): void {
    const [longest] = [...sources].sort(([a, [, x]], [b, [, y]]) => x - y || (a < b ? -1 : 1));
    if (longest) sources.delete(longest[0]);
  }

  return {
    current: () => watermark,
    startBatch(time) {
      now = time;
    },
    add(source, own) {
      if (own !== null && !anyLive(now)) idleUntil = now;
      sources.set(
        source,
        own === null
          ? // As if it had been idle ever since: where no other source is live, time itself moves the watermark.
            [now, now - options.idleMs]
          : // A clock that runs ahead must not close windows early.
            [Math.min(Math.max(sources.get(source)?.[0] ?? 0, own), now), now],
      );
      if (sources.size > MAX_SOURCES) forgetOne();
    },
    at,
    advance() {
      watermark = at(now);
    },
    flush(effects) {
      const text = JSON.stringify(state());
      if (text === written) return;
      written = text;
      SECTION.put(effects, '', state());
    },
    // The pipeline asks `at` what would be due.
    due: () => false,
  };
}
