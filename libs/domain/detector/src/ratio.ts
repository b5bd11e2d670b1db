import { logErrorsAtLeast } from './count-tail';
import { slot } from './packed';
import { clamp, type Evidence } from './evidence';

/**
 * The error ratio. The most recent measurements are compared with a long memory, over two spans: a short one (half-life 4 measurements) for
 * failures, a longer one (15) for degradation. So one failed call of a rare series is not significant, but five in a row are.
 */
const RECENT = 0;
const BASE_ERRORS = 4;
const BASE_COUNT = 5;
const WINDOWS = 6;
export const RATIO_FLOATS = 7;

const HALF_LIVES = [4, 15];
/** Two spans over the same measurements. */
const LOG_LOOKS = Math.log(HALF_LIVES.length);
const MEMORY_WINDOWS = 300;
const WARM_WINDOWS = 20;
const WARM_COUNT = 30;
/** Errors come in groups (retries, one broken session), so the known ratio never counts for more trials than this. */
const MAX_KNOWLEDGE = 300;
const PRIOR_COUNT = 10;
const PRIOR_SHARE = 0.02;
/** A deviating window is learned with little weight. */
const SUSPECT_LOG_P = Math.log(1e-3);
const SUSPECT_GAIN = 0.1;
/** A smaller increase does not matter, however significant. */
const MIN_RISE = 0.1;

interface Knowledge {
  readonly share: number;
  readonly count: number;
}

function known(f: Float32Array, at: number, priorShare: number): Knowledge {
  const count = slot(f, at + BASE_COUNT);
  return {
    share: clamp((slot(f, at + BASE_ERRORS) + PRIOR_COUNT * priorShare) / (count + PRIOR_COUNT), 1e-3, 0.999),
    count: Math.min(count + PRIOR_COUNT, MAX_KNOWLEDGE),
  };
}

const isKnown = (f: Float32Array, at: number): boolean =>
  slot(f, at + WINDOWS) >= WARM_WINDOWS && slot(f, at + BASE_COUNT) >= WARM_COUNT;

/** The prior for a series with little data, from its parent if that has enough. */
export const priorWeight = (f: Float32Array, at: number): number | undefined =>
  isKnown(f, at) ? known(f, at, PRIOR_SHARE).share : undefined;

/** Evaluates the most recent measurements, including this window, then learns it. `priorShare`: the parent's ratio, if any. */
export function evaluateRatio(
  f: Float32Array,
  at: number,
  errors: number,
  count: number,
  logAnHour: number,
  priorShare?: number,
): Evidence {
  const prior = priorShare ?? PRIOR_SHARE;
  const { share, count: weight } = known(f, at, prior);
  const isWarm = priorShare !== undefined || isKnown(f, at);
  let logP = 0;
  let recentErrors = errors;
  let recentCount = count;
  HALF_LIVES.forEach((halfLife, look) => {
    const place = at + RECENT + 2 * look;
    const keep = Math.pow(0.5, count / halfLife);
    f[place] = slot(f, place) * keep + errors;
    f[place + 1] = slot(f, place + 1) * keep + count;
    const [seenErrors, seenCount] = [slot(f, place), slot(f, place + 1)];
    const found = isWarm ? logErrorsAtLeast(seenErrors, seenCount, share * weight, (1 - share) * weight) + LOG_LOOKS : 0;
    if (look > 0 && found >= logP) return;
    logP = Math.min(0, found);
    [recentErrors, recentCount] = [seenErrors, seenCount];
  });
  const seen = recentErrors / Math.max(recentCount, 1e-9);
  const spread = 3 * Math.sqrt(share * (1 - share) * (1 / Math.max(recentCount, 1) + 1 / weight));

  f[at + WINDOWS] = slot(f, at + WINDOWS) + 1;
  const trust = logP < SUSPECT_LOG_P ? SUSPECT_GAIN : 1;
  const fade = 1 - trust / MEMORY_WINDOWS;
  f[at + BASE_ERRORS] = slot(f, at + BASE_ERRORS) * fade + errors * trust;
  f[at + BASE_COUNT] = slot(f, at + BASE_COUNT) * fade + count * trust;
  return {
    channel: 'errors',
    logP,
    logAnHour,
    direction: 1,
    isLarge: seen - share >= MIN_RISE,
    value: seen,
    expected: share,
    low: Math.max(0, share - spread),
    high: Math.min(1, share + spread),
    restsOn: recentCount,
    seen: slot(f, at + WINDOWS) - 1,
  };
}
