import { HOUR_MS } from '@telltale/kernel';
import { median } from 'simple-statistics';

/** Spend of one service by hour, oldest first, and whether a spike was reported for the hour. */
export interface SpendHistory {
  readonly hours: readonly (readonly [hour: number, costNanoUsd: number, reported: boolean])[];
}

export interface CostSpike {
  readonly hour: number;
  readonly totalNano: number;
  readonly medianNano: number;
  readonly factor: number;
}

export interface SpikeRule {
  readonly factor: number;
  /** Minimum number of earlier hours with spend, within `lookBackHours`. */
  readonly minHours: number;
  readonly lookBackHours: number;
  /** An hour below this is never a spike. */
  readonly floorNano: number;
}

export const JUMP_RULE: SpikeRule = { factor: 3, minHours: 4, lookBackHours: 24, floorNano: 50_000_000 };

export const NO_SPEND: SpendHistory = { hours: [] };
const KEPT_HOURS = 49;

/** Adds the effect of a later price to an hour. Nothing was spent now, so it is never a spike, but later hours are compared with it. */
export function amendSpend(history: SpendHistory, hour: number, changeNano: number): SpendHistory {
  const known = history.hours.find(([at]) => at === hour);
  return withHour(history, [hour, (known?.[1] ?? 0) + changeNano, known?.[2] ?? false]);
}

function withHour(history: SpendHistory, changed: SpendHistory['hours'][number]): SpendHistory {
  const hours = [...history.hours.filter(([at]) => at !== changed[0]), changed];
  hours.sort(([a], [b]) => a - b);
  return { hours: hours.slice(-KEPT_HOURS) };
}

/** Adds spend to its hour. Reports, once an hour, that the hour costs several times the median of the hours before. */
export function addSpend(
  history: SpendHistory,
  hour: number,
  costNanoUsd: number,
  rule: SpikeRule = JUMP_RULE,
): { history: SpendHistory; jump: CostSpike | null } {
  const known = history.hours.find(([at]) => at === hour);
  const total = (known?.[1] ?? 0) + costNanoUsd;
  const before = history.hours.filter(([at]) => at < hour && at >= hour - rule.lookBackHours * HOUR_MS).map(([, cost]) => cost);
  const medianNano = before.length > 0 ? median(before) : 0;
  const isJump = !known?.[2] && before.length >= rule.minHours && total >= rule.floorNano && total > rule.factor * medianNano;
  return {
    history: withHour(history, [hour, total, isJump || (known?.[2] ?? false)]),
    jump: isJump ? { hour, totalNano: total, medianNano, factor: total / Math.max(medianNano, 1) } : null,
  };
}
