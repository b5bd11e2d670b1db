import { type Evidence, logPerDayOf } from './evidence';

/** One deviation with a life: from the window that opened it to the one that was back within the expected range. Plain JSON. */
export interface Episode {
  readonly startedAt: number;
  readonly peakAt: number;
  readonly windows: number;
  /** Windows in a row within the range. */
  readonly calm: number;
  /** Its rarest window. Its range is that of the opening, when nothing of the deviation was in it. */
  readonly peak: Evidence;
  readonly logPerDay: number;
}

/** What remains of the last one: another must be as rare, less so as hours go by. */
export interface Cooldown {
  readonly at: number;
  readonly logPerDay: number;
}

export type EpisodeTransition = 'none' | 'closed' | 'acceptedAsNormal';

const COOLDOWN_MS = 3 * 3_600_000;
const CALM_WINDOWS = 3;
/** After this long a deviation is the new normal. */
const ADOPTED_MS = 24 * 3_600_000;

/** How rare a deviation must be at `at`, given what is accepted and what was there before. */
export function acceptedAfter(rest: Cooldown | undefined, logAccepted: number, at: number): number {
  if (!rest || at - rest.at >= COOLDOWN_MS || rest.logPerDay >= logAccepted) return logAccepted;
  return logAccepted + (rest.logPerDay - logAccepted) * (1 - (at - rest.at) / COOLDOWN_MS);
}

/** `logAccepted`: natural logarithm of the false deviations a day that this series may have. */
export function opens(evidence: Evidence, logAccepted: number, rest: Cooldown | undefined, at: number): boolean {
  return evidence.isLarge && logPerDayOf(evidence) <= acceptedAfter(rest, logAccepted, at);
}

export const openEpisode = (evidence: Evidence, start: number): Episode => ({
  startedAt: start,
  peakAt: start,
  windows: 1,
  calm: 0,
  peak: evidence,
  logPerDay: logPerDayOf(evidence),
});

const isOutside = ({ value, low, high }: Evidence, direction: number): boolean => (direction < 0 ? value < low : value > high);

/** One more window of the same channel; its own range is not asked, since the deviation is in it by now. */
export function followEpisode(
  episode: Episode,
  evidence: Evidence,
  start: number,
): { episode: Episode; edge: EpisodeTransition } {
  const { peak } = episode;
  const inRange = { ...evidence, low: peak.low, high: peak.high, expected: peak.expected };
  const isCalm = !isOutside(inRange, peak.direction);
  const calm = isCalm ? episode.calm + 1 : 0;
  const isWorse = Math.abs(evidence.value - peak.expected) > Math.abs(peak.value - peak.expected) && !isCalm;
  const logPerDay = Math.min(episode.logPerDay, logPerDayOf(evidence));
  const next: Episode = {
    ...episode,
    windows: episode.windows + 1,
    calm,
    logPerDay,
    ...(isWorse
      ? {
          peakAt: start,
          peak: { ...peak, value: evidence.value, restsOn: evidence.restsOn, logP: Math.min(peak.logP, evidence.logP) },
        }
      : {}),
  };
  if (calm >= CALM_WINDOWS) return { episode: next, edge: 'closed' };
  return { episode: next, edge: start - episode.startedAt >= ADOPTED_MS ? 'acceptedAsNormal' : 'none' };
}

export const cooldownOf = (episode: Episode, at: number): Cooldown => ({ at, logPerDay: episode.logPerDay });
