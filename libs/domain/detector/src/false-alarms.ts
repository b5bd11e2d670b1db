import { HOUR_MS } from '@telltale/kernel';
import { type Channel } from './evidence';
import { type MetricModel } from './model';

/**
 * Limits false alarms over all series of a tenant. Each series gets an equal share of the tenant's daily budget of false anomalies. The
 * expected total is a sum of probabilities, so it stays within the budget regardless of correlation between series. Each discovery earns a
 * reward that is spent on later tests, as in LORD++ (Ramdas et al., NIPS 2017, with the sequence of Javanmard & Montanari 2018): during a
 * real fault sensitivity increases, and the share of false anomalies among all stays below the reward.
 */
export interface FalseAlarmState {
  /** The current hour, and the number of series with data in it and in the hour before. */
  readonly hour: number;
  readonly active: number;
  readonly before: number;
  /** Times of the last discoveries, oldest first. */
  readonly discoveries: readonly number[];
  /**
   * Counts of evaluations with a probability, and of those below 1e-3 and 1e-4, which calibrate the probabilities of this tenant's series.
   */
  readonly judged: number;
  readonly rare: number;
  readonly rarest: number;
}

export interface FalseAlarmRules {
  /** False anomalies per day that the tenant accepts (in this task). */
  readonly perDay: number;
  /** Maximum share of one series, so that a tenant with few series does not get an anomaly for every small deviation. */
  readonly perSeriesDay: number;
  /** Share of false anomalies that rewards may add. */
  readonly reward: number;
}

export const FALSE_ALARM_START: FalseAlarmState = {
  hour: 0,
  active: 0,
  before: 0,
  discoveries: [],
  judged: 0,
  rare: 0,
  rarest: 0,
};

/** Product default; the figures in docs/DETECTION.md were measured with it. */
export const PER_SERIES_DAY = 0.1;

/**
 * What part of its series' false deviations a channel may have, where several look at the same values: together they have about as many as
 * the series may. Chosen on every second series of two labeled sets; docs/DETECTION.md says what it gains and costs.
 */
const SHARES: Readonly<Partial<Record<Channel, number>>> = { value: 0.8, calls: 0.8, level_shift: 0.4, p95: 0.4 };

/** Natural logarithm of that part; 0 for a channel that looks at something of its own, and for traffic, which has one channel. */
export const logShareOf = (channel: Channel, shape: MetricModel['shape'] | undefined): number =>
  shape === 'traffic' ? 0 : Math.log(SHARES[channel] ?? 1);

const BLOCK_MS = 60_000;
const BLOCKS_A_DAY = 1_440;
const MAX_DISCOVERIES = 64;
const MEMORY_MS = 24 * HOUR_MS;

/** Σ of log(max(k, 2)) / (k·e^√log k) over k from 1 to 1,440 blocks: normalizes the shares of a reward to one. */
const shape = (k: number): number => Math.log(Math.max(k, 2)) / (k * Math.exp(Math.sqrt(Math.log(k))));
const WHOLE = Array.from({ length: BLOCKS_A_DAY }, (_, i) => shape(i + 1)).reduce((a, b) => a + b, 0);

/** Natural logarithm of the false deviations per day that each series may have now. */
export function logAcceptedPerDay(state: FalseAlarmState, rules: FalseAlarmRules, at: number): number {
  const series = Math.max(state.active, state.before, 1);
  let rewards = 0;
  for (const found of state.discoveries) {
    const blocks = Math.floor((at - found) / BLOCK_MS) + 1;
    if (blocks >= 1 && blocks <= BLOCKS_A_DAY) rewards += (rules.reward * shape(blocks) * BLOCKS_A_DAY) / WHOLE;
  }
  return Math.log(Math.min(rules.perSeriesDay, rules.perDay / series) + Math.min(rules.perSeriesDay, rewards / series));
}

export function countActive(state: FalseAlarmState, at: number, isFirstOfHour: boolean): FalseAlarmState {
  const hour = Math.floor(at / HOUR_MS);
  if (hour === state.hour) return isFirstOfHour ? { ...state, active: state.active + 1 } : state;
  if (hour < state.hour) return state;
  return { ...state, hour, active: 1, before: hour === state.hour + 1 ? state.active : 0 };
}

export function addDiscovery(state: FalseAlarmState, at: number): FalseAlarmState {
  const kept = state.discoveries.filter((found) => at - found < MEMORY_MS).slice(-(MAX_DISCOVERIES - 1));
  return { ...state, discoveries: [...kept, at] };
}

const RARE = Math.log(1e-3);
const RAREST = Math.log(1e-4);
/** Weight of the prior "p below 1e-3 occurs once in a thousand", in evaluations. */
const ASSUMED = 20_000;
const MAX_JUDGED = 1e6;
/** Lower bound of the observed tail slope relative to the assumed one. */
const LEAST_SLOPE = 0.5;

/** Counts an evaluation of a series outside an anomaly; 0 for one that continues an earlier rare one. */
export function countEvaluation(state: FalseAlarmState, logP: number): FalseAlarmState {
  const fade = state.judged >= MAX_JUDGED ? 0.5 : 1;
  return {
    ...state,
    judged: state.judged * fade + 1,
    rare: state.rare * fade + (logP <= RARE ? 1 : 0),
    rarest: state.rarest * fade + (logP <= RAREST ? 1 : 0),
  };
}

/**
 * Calibrates a probability by this tenant's series: when more of them fall below 1e-3 and 1e-4 than expected, the tail is heavier than
 * assumed, and smaller probabilities are corrected along the observed slope (an empirical null, Efron 2004). Never decreases a probability.
 */
export function correctedLogP(state: FalseAlarmState, logP: number): number {
  const all = state.judged + ASSUMED;
  const rare = Math.max(RARE, Math.log((state.rare + ASSUMED * 1e-3) / all));
  const rarest = Math.max(RAREST, Math.log((state.rarest + ASSUMED * 1e-4) / all));
  if (logP > RARE) return Math.max(logP, rare);
  const slope = Math.min(1, Math.max(LEAST_SLOPE, (rare - rarest) / (RARE - RAREST)));
  return Math.max(logP, logP > RAREST ? rare + slope * (logP - RARE) : rarest + slope * (logP - RAREST));
}
