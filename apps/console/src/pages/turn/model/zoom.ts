/** What of an axis is in sight: 0 and 1 are its ends. */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

export const WHOLE: Sight = { from: 0, to: 1 };
const LEAST_SPAN = 1e-5;
/** A hand that clicks moves the pointer too: so many px are no drag. */
export const DRAG_PX = 5;
const WHEEL_STEP = 0.002;
const MAX_WHEEL = 240;

export const isWhole = ({ from, to }: Sight): boolean => from <= 0 && to >= 1;

/** Keeps a span within the axis: moved where it leaves it, and no smaller than can be told apart. */
function within(from: number, span: number): Sight {
  const width = Math.min(1, Math.max(LEAST_SPAN, span));
  const start = Math.min(1 - width, Math.max(0, from));
  return { from: start, to: start + width };
}

export function zoomTo(a: number, b: number): Sight {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const middle = (low + high) / 2;
  const span = Math.max(LEAST_SPAN, high - low);
  return within(middle - span / 2, span);
}

/** By `factor` (2: twice as near) around a place in sight, which stays where it is. */
export function zoomAt({ from, to }: Sight, place: number, factor: number): Sight {
  const span = (to - from) / factor;
  const fixed = from + place * (to - from);
  return within(fixed - place * span, span);
}

export const wheelFactor = (delta: number): number => Math.exp(-Math.min(MAX_WHEEL, Math.max(-MAX_WHEEL, delta)) * WHEEL_STEP);

/** By a part of what is in sight. */
export const panBy = ({ from, to }: Sight, part: number): Sight => within(from + part * (to - from), to - from);

/** A place on the axis, as a part of what is in sight. */
export const placeIn = ({ from, to }: Sight, at: number): number => (at - from) / (to - from);

/** Round steps of an axis of time in ms: at most `most` of them in sight. */
export function ticksOf(fromMs: number, toMs: number, most: number): number[] {
  const span = toMs - fromMs;
  if (!(span > 0) || most < 1) return [];
  const rough = span / most;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * ten).find((one) => one >= rough) ?? rough;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}
