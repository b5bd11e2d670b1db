import { type Evidence, logPerDayOf } from './evidence';
import { cooldownMs } from './own-rate';

/** One deviation, from the window that opened it until the values are back within the expected range. Plain JSON. */
export interface Episode {
  readonly startedAt: number;
  readonly peakAt: number;
  readonly windows: number;
  /** Consecutive windows within the range. */
  readonly calm: number;
  /** Its most extreme window, with the range at the opening, which is not yet affected by the deviation. */
  readonly peak: Evidence;
  readonly logPerDay: number;
}

/** Remains of the previous episode: the next one must be as rare, decreasingly over the cooldown. */
export interface Cooldown {
  readonly at: number;
  readonly logPerDay: number;
  /** What was normal when it began: a return to it is no news. Not in what earlier builds stored. */
  readonly normal?: readonly [low: number, high: number];
}

export type EpisodeTransition = 'none' | 'closed' | 'acceptedAsNormal';

const CALM_WINDOWS = 3;
/** After this time a deviation is accepted as normal. */
const ADOPTED_MS = 24 * 3_600_000;
/** Sooner where little was known of what is normal: after so many times the values that the series had had by then. */
const ADOPTED_KNOWN = 3;
/** From then on a deviation that grows is another one. */
const SETTLED_WINDOWS = 30;
/** How many times as far as what is deviating already. */
const ANOTHER_FACTOR = 3;

/** How rare a deviation must be `sinceMs` after the previous episode, given the accepted rate and how long the cooldown is. */
export function acceptedAfter(logPerDay: number, logAccepted: number, sinceMs: number, lengthMs: number): number {
  if (sinceMs >= lengthMs || logPerDay >= logAccepted) return logAccepted;
  return logAccepted + (logPerDay - logAccepted) * (1 - sinceMs / lengthMs);
}

const isWithin = (value: number, range: Cooldown['normal']): boolean =>
  range !== undefined && value >= range[0] && value <= range[1];

/** `logAccepted`: natural logarithm of the false deviations per day that this series may have. */
export function opens(evidence: Evidence, logAccepted: number, rest: Cooldown | undefined, at: number): boolean {
  if (!evidence.isLarge) return false;
  const logPerDay = logPerDayOf(evidence);
  if (!rest) return logPerDay <= logAccepted;
  const lengthMs = cooldownMs(evidence.logAnHour);
  if (at - rest.at < lengthMs && isWithin(evidence.value, rest.normal)) return false;
  return logPerDay <= acceptedAfter(rest.logPerDay, logAccepted, at - rest.at, lengthMs);
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

/** Adds a window of the same channel. Its own range is ignored, because it already includes the deviation. */
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
  const isAdopted =
    start - episode.startedAt >= ADOPTED_MS || next.windows >= Math.max(SETTLED_WINDOWS, ADOPTED_KNOWN * (peak.seen ?? Infinity));
  return { episode: next, edge: isAdopted ? 'acceptedAsNormal' : 'none' };
}

/** Whether a window is a deviation of its own although one is open: far beyond that one, rare for what has become usual since, and no part of its beginning. */
export const isAnother = ({ windows, peak }: Episode, evidence: Evidence, logAccepted: number): boolean =>
  windows >= SETTLED_WINDOWS &&
  evidence.isLarge &&
  evidence.direction === peak.direction &&
  Math.abs(evidence.value - peak.expected) >= ANOTHER_FACTOR * Math.abs(peak.value - peak.expected) &&
  logPerDayOf(evidence) <= logAccepted;

export const cooldownOf = ({ logPerDay, peak }: Episode, at: number): Cooldown => ({
  at,
  logPerDay,
  normal: [peak.low, peak.high],
});
