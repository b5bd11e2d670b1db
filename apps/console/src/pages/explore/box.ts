/** What is selected in the heat map: a stretch of time and of duration, half-open. */
export interface Box {
  readonly since: number;
  readonly until: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const SEPARATOR = '_';

/** As it stands in the address. */
export const writeBox = ({ since, until, fromMs, toMs }: Box): string => [since, until, fromMs, toMs].join(SEPARATOR);

/** null for what is no box. */
export function readBox(text: string): Box | null {
  const parts = text.split(SEPARATOR);
  const [since = NaN, until = NaN, fromMs = NaN, toMs = NaN] = parts.map((part) => (part === '' ? NaN : Number(part)));
  const isOne = parts.length === 4 && since < until && fromMs < toMs && since >= 0 && fromMs >= 0 && until < 1e13 && Number.isFinite(toMs); // prettier-ignore
  return isOne ? { since, until, fromMs, toMs } : null;
}

/** The durations of a box as filters. */
export const durationFilter = ({ fromMs, toMs }: Box): string => `duration_ms>=${fromMs} duration_ms<${toMs}`;

/** A cell by its place: which stretch of time, which level of duration. */
export interface Cell {
  readonly time: number;
  readonly level: number;
}

interface Grid {
  /** Starts of the stretches, ms since the epoch. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly levels: readonly { readonly from_ms: number; readonly to_ms: number }[];
}

/** The box of two corners. */
export function boxBetween(a: Cell, b: Cell, { times, stepMs, levels }: Grid): Box | null {
  const [first, last] = [times[Math.min(a.time, b.time)], times[Math.max(a.time, b.time)]];
  const [low, high] = [levels[Math.min(a.level, b.level)], levels[Math.max(a.level, b.level)]];
  if (first === undefined || last === undefined || !low || !high) return null;
  return { since: first, until: last + stepMs, fromMs: low.from_ms, toMs: high.to_ms };
}

/** The corners of a box in a grid; null where it lies outside. */
export function cornersOf(box: Box, { times, stepMs, levels }: Grid): readonly [Cell, Cell] | null {
  const inTime = times.flatMap((at, i) => (at + stepMs > box.since && at < box.until ? [i] : []));
  const inLevel = levels.flatMap(({ from_ms: from, to_ms: to }, i) => (to > box.fromMs && from < box.toMs ? [i] : []));
  const [time, lastTime, level, lastLevel] = [inTime[0], inTime.at(-1), inLevel[0], inLevel.at(-1)];
  if (time === undefined || lastTime === undefined || level === undefined || lastLevel === undefined) return null;
  return [{ time, level }, { time: lastTime, level: lastLevel }]; // prettier-ignore
}
