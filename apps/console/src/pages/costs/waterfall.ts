/** One bar of a waterfall: from where to where it reaches, and what it adds. */
export interface WaterfallBar {
  readonly name: string;
  readonly kind: 'total' | 'part';
  readonly from: number;
  readonly to: number;
  /** Of a total the total, of a part what it changed. */
  readonly amount: number;
}

/**
 * What was, each part that changed it, and what is: each bar begins where the one before it ended. The greatest part comes first; parts that
 * changed nothing are left out. What parts do not add up to would stand as a part of its own.
 */
export function waterfallOf(before: number, after: number, parts: readonly (readonly [name: string, amount: number])[]): WaterfallBar[] {
  const changed = parts.filter(([, amount]) => amount !== 0).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const unexplained = after - before - changed.reduce((sum, [, amount]) => sum + amount, 0);
  let at = before;
  const bars = [...changed, ...(unexplained === 0 ? [] : [['not explained', unexplained] as const])].map(([name, amount]): WaterfallBar => {
    const from = at;
    at += amount;
    return { name, kind: 'part', from, to: at, amount };
  });
  const total = (name: string, amount: number): WaterfallBar => ({ name, kind: 'total', from: 0, to: amount, amount });
  return [total('Before', before), ...bars, total('After', after)];
} // prettier-ignore

/** A bar as shares of the width that all of them need: where it begins, and how wide it is. */
export function placesOf(bars: readonly WaterfallBar[]): { readonly left: number; readonly width: number }[] {
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const span = high - low || 1;
  return bars.map(({ from, to }) => ({ left: (Math.min(from, to) - low) / span, width: Math.abs(to - from) / span }));
}
