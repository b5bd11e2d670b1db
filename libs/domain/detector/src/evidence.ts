/**
 * What is watched in one series: its value over short runs and its level over long ones, the slow end of its values, its slow drift,
 * its share of errors, its presence.
 */
export type Channel = 'value' | 'level_shift' | 'p95' | 'drift' | 'errors' | 'no_data';
export const CHANNELS: readonly Channel[] = ['value', 'level_shift', 'p95', 'drift', 'errors', 'no_data'];

/** Channels that tell of the same values: when one is in an anomaly the others keep still. */
const OF_VALUES: ReadonlySet<Channel> = new Set(['value', 'level_shift', 'p95', 'drift']);
export const sharesSignal = (a: Channel, b: Channel): boolean => OF_VALUES.has(a) && OF_VALUES.has(b);
/** Under what a channel cools down after an anomaly: values together, so that the way back is no news; what fails or is missing again is reported again. */
export const cooldownChannel = (channel: Channel): Channel | null => (OF_VALUES.has(channel) ? 'value' : null);

/** What one channel says of one window. The window has not taught it yet. */
export interface Evidence {
  readonly channel: Channel;
  /** Natural logarithm of the probability of this or more on normal data; 0 while too little is known. */
  readonly logP: number;
  /** Natural logarithm of how many such evaluations there are in an hour. */
  readonly logAnHour: number;
  readonly direction: -1 | 0 | 1;
  /** Whether the deviation is large enough to be of interest, however sure. */
  readonly isLarge: boolean;
  readonly value: number;
  readonly expected: number;
  /** What all but about one in a hundred windows keep to. */
  readonly low: number;
  readonly high: number;
  /** Measurements it rests on. */
  readonly restsOn: number;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

export const LOG_HOURS_A_DAY = Math.log(24);

/** Natural logarithm of how many deviations like this one such a series has a day while nothing is wrong. */
export const logPerDayOf = ({ logP, logAnHour }: Evidence): number => (logP < 0 ? logP + logAnHour + LOG_HOURS_A_DAY : Infinity);
