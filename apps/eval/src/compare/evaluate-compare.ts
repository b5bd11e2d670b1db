import { evaluateChanges, type ChangesFigures } from './changes';
import { evaluateSides, type SidesFigures } from './sides';

export interface CompareReport {
  /** Share of comparisons without an effect that find one, over all kinds of sessions. */
  readonly aa_rate: number;
  readonly aa_cases: number;
  readonly nominal: number;
  readonly aa_rate_of_sessions: number;
  readonly coverage: number;
  readonly power: number;
  /** Of differences in differences: the greatest bias of a world, as a share of the planted effect. */
  readonly did_bias: number;
  readonly did_bias_without_control: number;
  readonly did_bias_unmatched: number;
  readonly did_aa_rate: number;
  readonly did_aa_cases: number;
  readonly did_coverage: number;
  readonly did_power: number;
  /** Share of drifting sides that are noticed, and of others that are taken for such. */
  readonly drift_noticed: number;
  readonly drift_false: number;
  readonly sides: Readonly<Record<string, SidesFigures>>;
  readonly changes: Readonly<Record<string, ChangesFigures>>;
}

const rounded = (value: number): number => Number(value.toFixed(3));
const mean = (values: readonly number[]): number =>
  rounded(values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length));
const worst = (values: readonly number[]): number =>
  rounded(values.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0));
const DRIFT = '(the sides drift apart)';

/** Comparisons without an effect and with a planted one: of two sides at a time, and before and after a change. `cases`: of each kind. */
export function evaluateCompare(cases = 200): Promise<CompareReport> {
  const sides = evaluateSides(cases);
  const changes = evaluateChanges(Math.ceil(cases / 2));
  const worlds = Object.entries(changes).flatMap(([name, figures]) => (name === DRIFT ? [] : figures));
  return Promise.resolve({
    aa_rate: sides.all.aa_rate,
    aa_cases: sides.all.cases,
    nominal: 0.05,
    aa_rate_of_sessions: sides.all.aa_rate_of_sessions,
    coverage: sides.all.coverage,
    power: sides.all.power,
    did_bias: worst(worlds.map(({ bias }) => bias)),
    did_bias_without_control: worst(worlds.map(({ bias_without_control: bias }) => bias)),
    did_bias_unmatched: worst(worlds.map(({ bias_unmatched: bias }) => bias)),
    did_aa_rate: mean(worlds.map(({ aa_rate: rate }) => rate)),
    did_aa_cases: worlds.reduce((sum, { cases: count }) => sum + count, 0),
    did_coverage: mean(worlds.map(({ coverage }) => coverage)),
    did_power: mean(worlds.map(({ power }) => power)),
    drift_noticed: changes[DRIFT]?.trend_fails ?? 0,
    drift_false: mean(worlds.map(({ trend_fails: share }) => share)),
    sides: sides.by_kind,
    changes,
  });
}
