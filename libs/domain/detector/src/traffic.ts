import { MINUTE_MS } from '@telltale/kernel';
import { type Detector } from './detector';
import { type Evidence } from './evidence';
import { HOLIDAY_FACTOR } from './holidays';

/** Traffic is a number of items over at least this long. */
export const TRAFFIC_SPAN_MS = 5 * MINUTE_MS;
/** Less than double and more than half of the usual traffic is no news. */
const LEAST_FACTOR = 2;
/** Nor is what is about so many items more or less. */
const LEAST_ITEMS = 8;

/** `count` items in the `spanMs` before `end`. */
export interface TrafficRun {
  readonly end: number;
  readonly count: number;
  readonly spanMs: number;
}

const logged = (perMinute: number): number => Math.log1p(Math.max(perMinute, 0));

/** Evaluates how many items a minute there were, then learns it. `usualRow`: see `Baselines`. */
export function evaluateTraffic(
  detector: Detector,
  row: number,
  { end, count, spanMs }: TrafficRun,
  usualRow?: number,
): Evidence[] {
  const perMinute = (MINUTE_MS * count) / spanMs;
  // A count varies by its square root and more, since requests of a conversation come together; on this scale by so many of its size.
  const noise = (1.25 * Math.sqrt(count)) / (count + spanMs / MINUTE_MS);
  const anyTime = usualRow === undefined ? undefined : detector.rangeOfDay(usualRow);
  const found = detector.judge(row, logged(perMinute), end, 1, noise, anyTime);
  if (!detector.isWarm(row)) return [];
  const evidence: Evidence = {
    channel: 'level_shift',
    logP: found.logP,
    logAnHour: found.logPerHour - found.logP,
    direction: found.direction,
    isLarge: isLarge(perMinute, Math.expm1(found.expected), spanMs),
    value: perMinute,
    expected: Math.expm1(found.expected),
    low: Math.max(0, Math.expm1(found.low)),
    high: Math.expm1(found.high),
    restsOn: count,
    seen: detector.seen(row) - 1,
  };
  if (usualRow === undefined) return [evidence];
  return anyTime ? [onHoliday(evidence, Math.expm1(anyTime[0]), Math.expm1(anyTime[1]))] : [];
}

/** Nothing within a factor of the least and the greatest traffic of a usual day is a deviation. */
function onHoliday(evidence: Evidence, least: number, greatest: number): Evidence {
  const [low, high] = [least / HOLIDAY_FACTOR, greatest * HOLIDAY_FACTOR];
  const isWithin = evidence.value >= low && evidence.value <= high;
  return { ...evidence, low, high, ...(isWithin ? { logP: 0, isLarge: false } : {}) };
}

function isLarge(perMinute: number, expected: number, spanMs: number): boolean {
  const [more, less] = perMinute > expected ? [perMinute, expected] : [expected, perMinute];
  return more >= LEAST_FACTOR * less && (Math.abs(perMinute - expected) * spanMs) / MINUTE_MS >= LEAST_ITEMS;
}
