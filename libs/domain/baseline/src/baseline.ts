import { AT_REST, closed, type Edge, type Hysteresis, stepHysteresis } from './hysteresis';
import { deviationOf, firstLevel, type Level, scoreLevel, trainLevel } from './level';
import { BASELINE_TUNING, type BaselineTuning, type BaselineWindow, type ChannelScore, type MetricModel } from './model';
import { addToPool, type Pooled, poolOf } from './pool';
import { firstRate, passZeros, type Rate, scoreRate, trainRate } from './rate';
import { FIRST_RATIO, type Ratio, scoreRatio, trainRatio } from './ratio';

export type Channel = 'value' | 'errors';
export const CHANNELS: readonly Channel[] = ['value', 'errors'];

/** All that is remembered of a series; plain JSON below 1 KB. */
export interface Baseline {
  readonly windows: number;
  readonly count: number;
  /** Start of the last window that was scored. */
  readonly last: number;
  /** Typical time between windows that have something in them. */
  readonly gapMs: number;
  readonly level?: Level;
  readonly rate?: Rate;
  readonly ratio?: Ratio;
  readonly pool: readonly Pooled[];
  readonly value: Hysteresis;
  readonly errors?: Hysteresis;
}

export interface Finding extends ChannelScore {
  readonly channel: Channel;
  readonly edge: Edge;
  /** In an anomaly after this window. */
  readonly open: boolean;
}

const MAX_ZEROS = 100_000;
const GAP_GAIN = 0.1;

/** Windows must come in order. Scores the window against what was known before it, then lets it train. */
export function scoreWindow(
  before: Baseline | null,
  window: BaselineWindow,
  { model, errors }: MetricModel,
  tuning: BaselineTuning = BASELINE_TUNING,
): { baseline: Baseline; findings: Finding[] } {
  const { start, count } = window;
  const base: Baseline = before ?? { windows: 0, count: 0, last: start, gapMs: tuning.windowMs, pool: [], value: AT_REST };
  const zeros = Math.min(Math.max(0, Math.round((start - base.last) / tuning.windowMs) - 1), MAX_ZEROS);
  const warm = base.windows >= tuning.warmupWindows && (model === 'rate' || base.count >= tuning.warmupCount);
  const findings: Finding[] = [];
  const judge = (channel: Channel, hysteresis: Hysteresis, score: ChannelScore): Hysteresis => {
    const { state, edge } = stepHysteresis(hysteresis, score, start, tuning);
    findings.push({ ...score, channel, edge, open: state.open });
    return state;
  };
  const gapMs = before ? base.gapMs + GAP_GAIN * (Math.min(start - base.last, tuning.poolSpanMs) - base.gapMs) : base.gapMs;
  const common = { windows: base.windows + 1, count: base.count + count, last: start, gapMs };

  if (model === 'rate') {
    const rate = passZeros(base.rate ?? firstRate(count), zeros, base.windows, tuning);
    const windows = base.windows + zeros;
    const isWarm = windows >= tuning.warmupWindows;
    const score = scoreRate(rate, count, isWarm, tuning);
    const strong = zeros >= tuning.ofWindows ? 0 : base.value.strong << zeros;
    const value = judge('value', { ...base.value, strong }, score);
    return {
      baseline: { ...common, windows: windows + 1, rate: trainRate(rate, count, windows, score.score, tuning), pool: [], value },
      findings,
    };
  }

  const level = base.level ?? firstLevel(window.points, tuning);
  const deviation = deviationOf(window.points, level, tuning);
  const pool = addToPool(base.pool, [start, count, deviation.sum, window.errors, deviation.logs], tuning.poolSpanMs);
  const score = scoreLevel(level, poolOf(pool, tuning.levelPool), warm, tuning);
  const value = judge('value', base.value, score);
  const trained = { ...common, pool, value, level: trainLevel(level, deviation, base.windows, score.score, tuning) };
  if (!errors) return { baseline: trained, findings };

  const ratio = base.ratio ?? FIRST_RATIO;
  const ratioScore = scoreRatio(ratio, poolOf(pool, tuning.errorPool), warm, tuning);
  const errorState = judge('errors', base.errors ?? AT_REST, ratioScore);
  return {
    baseline: { ...trained, errors: errorState, ratio: trainRatio(ratio, window, base.windows, ratioScore.score, tuning) },
    findings,
  };
}

/** Ends an anomaly whose series says nothing any more. */
export function closeChannel(
  baseline: Baseline,
  channel: Channel,
  at: number,
  tuning: BaselineTuning = BASELINE_TUNING,
): Baseline {
  return { ...baseline, [channel]: closed(at, tuning) };
}

/** How long a series may be silent before nothing more is to be expected of it soon. */
export const silenceOf = ({ gapMs }: Baseline, atLeastMs: number): number => Math.max(atLeastMs, Math.round(3 * gapMs));
