import { acceptedAfter, cooldownMs, createDetector, PER_SERIES_DAY } from '@telltale/domain-detector';
import { HOUR_MS } from '@telltale/kernel';
import { type LabeledSeries } from './labeled-series';

/** The surprise at which the service opens an anomaly: PER_SERIES_DAY false deviations a series and day. */
export const PRODUCT_SURPRISE = -Math.log(PER_SERIES_DAY);
/** Less surprising rows start no cooldown. */
const LEAST_SURPRISE = 1.1;
const LOG_HOURS_A_DAY = Math.log(24);

/**
 * One number a row: how surprising it is, as the negative logarithm of how many such rows a series has a day on normal data. Rows
 * that the product would count to the deviation before are 0, by the cooldown that the service has, or one of `restMs`.
 */
export function surprisesOf({ times, values }: LabeledSeries, restMs?: number): Float64Array {
  const detector = createDetector();
  const row = detector.add();
  let restAt = -Infinity;
  let restFrom = 0;
  return values.map((value, i) => {
    const time = times[i] ?? 0;
    const { logPerHour } = detector.judge(row, value, time);
    const surprise = logPerHour < 0 ? Math.max(0, -logPerHour - LOG_HOURS_A_DAY) : 0;
    const lengthMs = restMs ?? cooldownMs(Math.log(HOUR_MS / Math.max(detector.spacing(row), 1)));
    if (time - restAt < lengthMs) {
      if (surprise < -acceptedAfter(-restFrom, -PRODUCT_SURPRISE, time - restAt, lengthMs)) return 0;
    } else if (surprise < LEAST_SURPRISE) return surprise;
    restAt = time;
    restFrom = surprise;
    return surprise;
  });
}
