/** Rows that are kept: the newest. */
export const MOST_ROWS = 2_000;
/** The rate is that of so many seconds. */
const RATE_SECONDS = 10;

export interface TailRow {
  readonly id: number;
  /** What is shown instead of a record: what is missing here. */
  readonly gap?: string;
  /** The time that is missing, ms since the epoch. */
  readonly between?: readonly [from: number, to: number];
  readonly record: Readonly<Record<string, unknown>>;
}

export interface TailState {
  /** The newest last. */
  readonly rows: readonly TailRow[];
  /** What came while it was paused. */
  readonly waiting: readonly TailRow[];
  readonly isPaused: boolean;
  readonly next: number;
  /** Records that came. */
  readonly seen: number;
  /** Of these, what was let go for newer ones. */
  readonly dropped: number;
  /** What the server left out, for it came too fast. */
  readonly skipped: number;
  /** Records by second, of the last seconds. */
  readonly seconds: readonly (readonly [second: number, records: number])[];
}

export const EMPTY: TailState = { rows: [], waiting: [], isPaused: false, next: 0, seen: 0, dropped: 0, skipped: 0, seconds: [] };

export type Arrived = { readonly record: Readonly<Record<string, unknown>> } | { readonly gap: string; readonly skipped?: number; readonly between?: readonly [number, number] }; // prettier-ignore

const newest = (rows: readonly TailRow[]): readonly TailRow[] =>
  rows.length > MOST_ROWS ? rows.slice(rows.length - MOST_ROWS) : rows;
const records = (rows: readonly TailRow[]): number => rows.filter(({ gap }) => gap === undefined).length;

/** What came, in its order, at `now` (ms since the epoch). */
export function arrive(state: TailState, arrived: readonly Arrived[], now: number): TailState {
  if (arrived.length === 0) return state;
  const made = arrived.map((one, nth): TailRow => ({ id: state.next + nth, record: {}, ...('gap' in one ? { gap: one.gap, ...(one.between && { between: one.between }) } : { record: one.record }) })); // prettier-ignore
  const came = records(made);
  const whole = [...(state.isPaused ? state.waiting : state.rows), ...made];
  const kept = newest(whole);
  const second = Math.floor(now / 1_000);
  const before = state.seconds.filter(([at]) => at > second - RATE_SECONDS);
  const [last] = before.slice(-1);
  const seconds: TailState['seconds'] = last?.[0] === second ? [...before.slice(0, -1), [second, last[1] + came]] : [...before, [second, came]]; // prettier-ignore
  return {
    ...state,
    ...(state.isPaused ? { waiting: kept } : { rows: kept }),
    next: state.next + made.length,
    seen: state.seen + came,
    dropped: state.dropped + records(whole) - records(kept),
    skipped: state.skipped + arrived.reduce((sum, one) => sum + ('skipped' in one ? (one.skipped ?? 0) : 0), 0),
    seconds,
  };
}

/** Paused: what comes waits; resumed: it is shown. */
export function pause(state: TailState, isPaused: boolean): TailState {
  if (isPaused) return { ...state, isPaused };
  const whole = [...state.rows, ...state.waiting];
  const rows = newest(whole);
  return { ...state, isPaused, rows, waiting: [], dropped: state.dropped + records(whole) - records(rows) };
}

/** Records a second, over the last ones; null until one came. */
export function rateOf({ seconds }: TailState, now: number): number | null {
  const second = Math.floor(now / 1_000);
  const recent = seconds.filter(([at]) => at > second - RATE_SECONDS);
  const first = seconds[0];
  if (!first) return null;
  const span = Math.max(1, Math.min(RATE_SECONDS, second - first[0] + 1));
  return recent.reduce((sum, [, count]) => sum + count, 0) / span;
}
