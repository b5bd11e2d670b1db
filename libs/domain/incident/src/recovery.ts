import { type AnomalyRecord } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';

/** A level that left what was normal, as the anomaly that reported it had it. */
export interface Shift {
  readonly service: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly direction: AnomalyRecord['direction'];
  readonly low: number;
  readonly high: number;
  readonly startedAt: number;
  /** Null while it lasts. */
  readonly endedAt: number | null;
}

/** For so long a return to what was normal is one. */
export const RECOVERY_MS = 7 * DAY_MS;

export const shiftOf = ({ metric, dimensions, direction, expected_low: low, expected_high: high, started_at, ended_at }: AnomalyRecord): Shift => ({
  service: dimensions['service_name'] ?? '', metric, dimensions, direction, low, high, startedAt: Date.parse(started_at), endedAt: ended_at === null ? null : Date.parse(ended_at),
}); // prettier-ignore

/** Levels are compared as their metrics are judged: what is above 0 by ratio. */
function isBackIn(value: number, { low, high }: Shift): boolean {
  if (low > 0 && value > 0) {
    const slack = Math.sqrt(high / low);
    return value >= low / slack && value <= high * slack;
  }
  const slack = (high - low) / 2;
  return value >= low - slack && value <= high + slack;
}

const contains = (wide: Shift['dimensions'], narrow: Shift['dimensions']): boolean =>
  Object.entries(wide).every(([name, value]) => narrow[name] === value);
/** One is part of the other, as the calls of a model are of all calls. */
const isPartOf = (a: Shift, b: Shift): boolean => contains(a.dimensions, b.dimensions) || contains(b.dimensions, a.dimensions);

/**
 * Whether an anomaly is a level that comes back to what it was before a shift: of the same series, its value is in the range that was normal
 * then; of the series that it is part of, or that is part of it, which has a range of its own, it begins when that shift ends.
 */
export function isRecovery(
  anomaly: AnomalyRecord,
  shifts: Iterable<readonly [seriesId: string, shift: Shift]>,
  joinMs: number,
): boolean {
  if (anomaly.kind === 'no_data' || anomaly.kind === 'novelty') return false;
  const own = shiftOf(anomaly);
  for (const [seriesId, shift] of shifts) {
    if (shift.service !== own.service || shift.metric !== own.metric || shift.direction === own.direction) continue;
    if (own.startedAt <= shift.startedAt || own.startedAt - (shift.endedAt ?? own.startedAt) > RECOVERY_MS) continue;
    if (seriesId === anomaly.series_id) {
      if (isBackIn(anomaly.value, shift)) return true;
    } else if (shift.endedAt !== null && isPartOf(own, shift) && Math.abs(own.startedAt - shift.endedAt) <= joinMs) return true;
  }
  return false;
}
