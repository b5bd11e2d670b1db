import { HOUR_MS, windowStart } from '@telltale/kernel';
import { type AlertKind, type AlertSeverity, type Finding } from './alert';
import { BURN_RULES, burnRates, exhaustedAt, isBurning } from './burn-rate';
import { type Forecast, forecastOf } from './forecast';
import { periodAt, type PeriodRange } from './period';
import { type BudgetValue } from './scope';
import { type BudgetSums, rateOver, totalBetween, type Totals } from './sums';

/** An alert that fires: since when, and in the period that began at `period`. */
export interface FiringAlert {
  readonly since: number;
  readonly period: number;
}
/** By `<kind>/<severity>`. */
export type Firing = Readonly<Record<string, FiringAlert>>;

/** Of so few calls a share says nothing. */
const LEAST_CALLS = 20;
const UNPRICED_HOURS = 24;
/** A share that is this far below its bound is no longer too high. */
const UNPRICED_STAYS = 0.8;
/** What the present rate is taken over where no burn rate says. */
export const PRESENT_MS = { day: HOUR_MS, month: 6 * HOUR_MS } as const;

export const nanoOfUsd = (usd: number): number => Math.round(usd * 1e9);

/** Where a budget stands. */
export interface BudgetStatus {
  readonly period: PeriodRange;
  readonly spent: number;
  readonly limit: number;
  readonly perHour: number;
  readonly exhaustedAt: number | null;
  readonly forecast: Forecast | null;
  /** Of the calls of the last 24 hours; null where there were none. */
  readonly unpricedShare: number | null;
}

const unpricedOf = ({ hours }: BudgetSums, now: number): Totals =>
  totalBetween(hours, windowStart(now, HOUR_MS) - (UNPRICED_HOURS - 1) * HOUR_MS);

/** `rate`: nano-dollars an hour at present, where it is known otherwise. */
export function statusOf(
  { usd, per }: Pick<BudgetValue, 'usd' | 'per'>,
  sums: BudgetSums,
  now: number,
  rate?: number,
): BudgetStatus {
  const period = periodAt(per, now);
  const [spent, limit] = [totalBetween(sums.days, period.start, period.end).nano, nanoOfUsd(usd)];
  const perHour = rate ?? rateOver(sums, PRESENT_MS[per], now);
  const { calls, unpriced } = unpricedOf(sums, now);
  return {
    period,
    spent,
    limit,
    perHour,
    exhaustedAt: exhaustedAt(spent, limit, perHour, now, period.end),
    forecast: per === 'month' ? forecastOf(sums.days, spent, period, now) : null,
    unpricedShare: calls > 0 ? unpriced / calls : null,
  };
}

interface Verdict {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly fires: boolean;
  readonly found: Partial<Finding>;
}

/** What each rule of a budget says now. */
function verdictsOf(value: BudgetValue, sums: BudgetSums, firing: Firing, status: BudgetStatus, now: number): Verdict[] {
  const { spent, limit, period, unpricedShare } = status;
  const level = (severity: 'soft' | 'hard', at: number): Verdict => ({
    kind: 'level',
    severity,
    fires: spent >= at,
    found: { limit: at },
  });
  const verdicts = [level('hard', limit)];
  if (value.soft_usd !== undefined) verdicts.unshift(level('soft', nanoOfUsd(value.soft_usd)));
  for (const rule of BURN_RULES[value.per]) {
    const rates = burnRates(sums, rule, limit, period, now);
    const wasFiring = `burn_rate/${rule.severity}` in firing;
    verdicts.push({
      kind: 'burn_rate',
      severity: rule.severity,
      fires: isBurning(rule, rates, { spent, limit, left: period.end - now, wasFiring }),
      found: {
        perHour: rates.perHour,
        long: rates.long,
        short: rates.short,
        exhaustedAt: exhaustedAt(spent, limit, rates.perHour, now, period.end),
      },
    });
  }
  if (value.max_unpriced_share !== undefined) {
    const bound = value.max_unpriced_share * ('unpriced_share/warning' in firing ? UNPRICED_STAYS : 1);
    const fires = unpricedOf(sums, now).calls >= LEAST_CALLS && (unpricedShare ?? 0) > bound;
    verdicts.push({ kind: 'unpriced_share', severity: 'warning', fires, found: {} });
  }
  return verdicts;
}

export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly firing: Firing;
}

/**
 * The edges of a budget at `now`: what begins to fire, and what is over. `value` is null where the budget is no more. `canFire` is false
 * where nothing was spent now: an import raises no alert.
 */
export function evaluateBudget(
  value: BudgetValue | null,
  sums: BudgetSums,
  firing: Firing,
  { now, canFire }: { readonly now: number; readonly canFire: boolean },
): Evaluation {
  const status = statusOf(value ?? { usd: 0, per: 'month' }, sums, now);
  const findings: Finding[] = [];
  const next: Record<string, FiringAlert> = {};
  const rest = new Map(Object.entries(firing));
  const report = ({ kind, severity, found }: Omit<Verdict, 'fires'>, state: Finding['state'], since: number): void => {
    const { period, spent, limit, perHour, exhaustedAt: end, forecast, unpricedShare } = status;
    findings.push({
      kind, severity, state, since, period, spent, limit, perHour, long: null, short: null, exhaustedAt: end, forecast, unpricedShare, ...found,
    }); // prettier-ignore
  };
  for (const verdict of value ? verdictsOf(value, sums, firing, status, now) : []) {
    const key = `${verdict.kind}/${verdict.severity}`;
    const known = rest.get(key);
    rest.delete(key);
    // A level is of its period: in the next one the same level is passed by other money.
    const goesOn = known !== undefined && verdict.fires && (verdict.kind !== 'level' || known.period === status.period.start);
    if (known && goesOn) next[key] = known;
    else if (known) report(verdict, 'resolved', known.since);
    if (!goesOn && verdict.fires && canFire) {
      next[key] = { since: now, period: status.period.start };
      report(verdict, 'firing', now);
    }
  }
  // Of rules that the budget has no more.
  for (const [key, { since }] of rest) {
    const [kind, severity] = key.split('/') as [AlertKind, AlertSeverity];
    report({ kind, severity, found: {} }, 'resolved', since);
  }
  return { findings, firing: next };
}
