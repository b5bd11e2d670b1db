/** How far event time has come, over all sources that say something. */
export interface WatermarkState {
  readonly watermark: number;
  /** First range time after all sources had been idle: the others get a moment to speak up before windows close. */
  readonly idleUntil: number;
  /** Per source: its watermark, and the range time at which it last spoke. */
  readonly sources: Readonly<Record<string, readonly [watermark: number, seenAt: number]>>;
}

export interface Watermark {
  /** Where it stood after the last `advance`. */
  current(): number;
  observe(source: string, watermark: number, now: number): void;
  /** Where it stands at `now`; moves nothing. */
  at(now: number): number;
  /** Moves to where it stands at `now`; true when it moved. */
  advance(now: number): boolean;
  state(): WatermarkState;
}

/** Far more than there are tasks; beyond it the source that was silent the longest is forgotten. */
export const MAX_SOURCES = 1_000;

export function createWatermark(
  options: { readonly idleMs: number; readonly settleMs: number },
  restored?: WatermarkState,
): Watermark {
  let watermark = restored?.watermark ?? 0;
  let idleUntil = restored?.idleUntil ?? 0;
  const sources = new Map(Object.entries(restored?.sources ?? {}));

  /** What was seen at a time that is still to come was seen by a clock that has been set right since. */
  const isLive = (seenAt: number, now: number): boolean => seenAt <= now && now - seenAt < options.idleMs;
  function at(now: number): number {
    // Never ahead of the time of the range: windows of now would be late until that time has come.
    const reached = Math.min(watermark, now);
    if (sources.size === 0) return reached;
    let least = Infinity;
    for (const [own, seenAt] of sources.values()) if (isLive(seenAt, now)) least = Math.min(least, own);
    // Nobody speaks: time itself moves the watermark.
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
    observe(source, own, now) {
      if (!anyLive(now)) idleUntil = now;
      // A clock that runs ahead must not close windows early.
      sources.set(source, [Math.min(Math.max(sources.get(source)?.[0] ?? 0, own), now), now]);
      if (sources.size > MAX_SOURCES) forgetOne();
    },
    at,
    advance(now) {
      const next = at(now);
      const moved = next !== watermark;
      watermark = next;
      return moved;
    },
    state: () => ({ watermark, idleUntil, sources: Object.fromEntries(sources) }),
  };
}
