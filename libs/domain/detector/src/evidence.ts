/**
 * The properties of a series that are monitored: its value over short runs, its single calls, its level over long runs, its 95th percentile, its
 * slow drift, its error ratio, missing data.
 */
export const CHANNELS = ['value', 'calls', 'level_shift', 'p95', 'drift', 'errors', 'no_data'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Channels about the same values: while one of them is in an anomaly, the others are suppressed. */
const OF_VALUES: ReadonlySet<Channel> = new Set(['value', 'calls', 'level_shift', 'p95', 'drift']);
export const sharesSignal = (a: Channel, b: Channel): boolean => OF_VALUES.has(a) && OF_VALUES.has(b);
/**
 * The channel whose cooldown applies after an anomaly: value channels share one, so that recovery does not re-alert; errors and missing
 * data have none and re-alert.
 */
export const cooldownChannel = (channel: Channel): Channel | null => (OF_VALUES.has(channel) ? 'value' : null);

/** Evaluation of one window by one channel, before the channel learns from the window. */
export interface Evidence {
  readonly channel: Channel;
  /** Natural logarithm of the probability of this value or a more extreme one on normal data; 0 while too little is known. */
  readonly logP: number;
  /** Natural logarithm of the number of such evaluations per hour. */
  readonly logAnHour: number;
  readonly direction: -1 | 0 | 1;
  /** Whether the deviation is large enough to matter, regardless of its significance. */
  readonly isLarge: boolean;
  readonly value: number;
  readonly expected: number;
  /** The range of all but about one in a hundred windows. */
  readonly low: number;
  readonly high: number;
  /** Number of measurements. */
  readonly restsOn: number;
  /** Number of such values that the series has had before. */
  readonly seen: number;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/**
 * What may be said of how likely it is: of a thousand values seen, none tells what happens less often than once in a thousand. Anomalies of
 * earlier builds do not know how many there were.
 */
export const pValueOf = ({ logP, seen = Infinity }: Pick<Evidence, 'logP'> & Partial<Pick<Evidence, 'seen'>>): number =>
  Math.max(Math.exp(logP), 1 / (seen + 1));

export const LOG_HOURS_A_DAY = Math.log(24);

/** Natural logarithm of how many deviations like this one a normal series has per day. */
export const logPerDayOf = ({ logP, logAnHour }: Evidence): number => (logP < 0 ? logP + logAnHour + LOG_HOURS_A_DAY : Infinity);
