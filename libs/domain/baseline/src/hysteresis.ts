import { type BaselineTuning, type ChannelScore } from './model';

/** Whether a channel is in an anomaly. Opens on several strong windows (or one extreme), closes on several calm ones. */
export interface Hysteresis {
  readonly open: boolean;
  /** Of the last windows, newest in the lowest bit: which were strong. */
  readonly strong: number;
  readonly calm: number;
  /** No anomaly opens before this time. */
  readonly restUntil: number;
}

export type Edge = 'none' | 'opened' | 'closed';

export const AT_REST: Hysteresis = { open: false, strong: 0, calm: 0, restUntil: 0 };

const ones = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + ones(bits >>> 1));
const EXTREME_COUNT = 3;

export function stepHysteresis(
  state: Hysteresis,
  { score, large, restsOn }: ChannelScore,
  start: number,
  tuning: BaselineTuning,
): { state: Hysteresis; edge: Edge } {
  const height = score ?? 0;
  const mask = (1 << tuning.ofWindows) - 1;
  const isStrong = large && height >= tuning.open;
  const strong = ((state.strong << 1) | (isStrong ? 1 : 0)) & mask;
  if (state.open) {
    const calm = !large || height < tuning.close ? state.calm + 1 : 0;
    if (calm >= tuning.calmWindows) return { state: closed(start + tuning.windowMs, tuning), edge: 'closed' };
    return { state: { ...state, strong, calm }, edge: 'none' };
  }
  const opens = isStrong && (ones(strong) >= tuning.hits || (height >= tuning.extreme && restsOn >= EXTREME_COUNT));
  if (opens && start >= state.restUntil) return { state: { open: true, strong, calm: 0, restUntil: 0 }, edge: 'opened' };
  return { state: { ...state, strong }, edge: 'none' };
}

export const closed = (at: number, tuning: BaselineTuning): Hysteresis => ({ ...AT_REST, restUntil: at + tuning.coolDownMs });
