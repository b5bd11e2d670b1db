import { type BudgetAlertRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { type Forecast } from './forecast';
import { type PeriodRange } from './period';
import { type Budget, serviceOf } from './scope';

export type AlertKind = BudgetAlertRecord['kind'];
export type AlertSeverity = BudgetAlertRecord['severity'];

/** What an alert that is about no period of a budget does not know. */
export const NO_FIGURES = {
  burn_rate: null,
  short_burn_rate: null,
  exhausted_at: null,
  forecast_nano_usd: null,
  forecast_low_nano_usd: null,
  forecast_high_nano_usd: null,
  unpriced_share: null,
} as const;

/** Which budget, or value of one, of which tenant an alert is about. */
export interface AlertSubject {
  readonly tenant: string;
  readonly budget: Budget;
  readonly value: string;
}

/** What a rule found at an edge. */
export interface Finding {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly state: 'firing' | 'resolved';
  /** When it began to fire. */
  readonly since: number;
  readonly period: PeriodRange;
  readonly spent: number;
  readonly limit: number | null;
  readonly perHour: number;
  readonly long: number | null;
  readonly short: number | null;
  readonly exhaustedAt: number | null;
  readonly forecast: Forecast | null;
  readonly unpricedShare: number | null;
}

export const usdOf = (nano: number): string => {
  const usd = nano / 1e9;
  return `$${usd.toFixed(Math.abs(usd) >= 1 || usd === 0 ? 2 : 4)}`;
};
const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const times = (rate: number | null): string => `${Number((rate ?? 0).toPrecision(2))}`;
const momentOf = (at: number): string => `${isoTime(at).slice(0, 16).replace('T', ' ')} UTC`;

function nameOf({ budget, value }: AlertSubject): string {
  const { each } = budget.value;
  return each === undefined ? `Budget ${budget.name}` : `Budget ${budget.name}, ${each} ${value === '' ? '(none)' : value}`;
}

function outlookOf({ exhaustedAt, forecast, perHour, period, limit, spent }: Finding): string {
  const rate = `at the present rate of ${usdOf(perHour)} an hour`;
  const when =
    limit !== null && spent >= limit ? '' : exhaustedAt !== null
        ? ` It is used up at ${momentOf(exhaustedAt)} ${rate}.`
        : ` It lasts until the period ends ${rate}.`;
  const end = forecast
    ? ` Expected by ${momentOf(period.end)}: ${usdOf(forecast.expected)}, with 80 % between ${usdOf(forecast.low)} and ${usdOf(forecast.high)}.`
    : '';
  return when + end;
} // prettier-ignore

function sentenceOf(subject: AlertSubject, finding: Finding): string {
  const { kind, severity, state, spent, limit, long, unpricedShare } = finding;
  const [name, per] = [nameOf(subject), subject.budget.value.per];
  const whole = usdOf(subject.budget.value.usd * 1e9);
  if (kind === 'level') {
    const what = severity === 'hard' ? 'limit' : 'soft limit';
    if (state === 'resolved') return `${name} is below its ${what} of ${usdOf(limit ?? 0)} again: ${usdOf(spent)} spent this ${per}.`;
    return `${name} has passed its ${what} of ${usdOf(limit ?? 0)}: ${usdOf(spent)} spent this ${per}.${outlookOf({ ...finding, limit: subject.budget.value.usd * 1e9 })}`;
  }
  if (kind === 'burn_rate') {
    if (state === 'resolved') return `${name} is no longer used up too fast: ${usdOf(spent)} of ${whole} spent this ${per}.`;
    return `${name} is used up ${times(long)} times as fast as it lasts: ${usdOf(spent)} of ${whole} spent this ${per}.${outlookOf(finding)}`;
  }
  const share = percent(unpricedShare ?? 0);
  if (state === 'resolved') return `${name}: ${share} of the calls of the last 24 hours have no known price, no longer too many.`;
  return `${name}: ${share} of the calls of the last 24 hours have no known price, so its sums are too low.`;
} // prettier-ignore

/** The record of an edge. */
export function budgetAlertOf(subject: AlertSubject, finding: Finding, now: number): BudgetAlertRecord {
  const { tenant, budget, value } = subject;
  const { kind, severity, state, since, period, forecast, exhaustedAt } = finding;
  const alertId = hashId(24, tenant, budget.name, value, kind, severity, since);
  return {
    tenant,
    id: hashId(24, alertId, state),
    alert_id: alertId,
    kind,
    severity,
    state,
    at: isoTime(now),
    budget: budget.name,
    dimension: budget.value.each ?? '',
    value,
    service_name: serviceOf(budget, value),
    period: budget.value.per,
    period_start: isoTime(period.start),
    period_end: isoTime(period.end),
    spent_nano_usd: finding.spent,
    limit_nano_usd: finding.limit,
    rate_nano_usd_per_hour: Math.round(finding.perHour),
    burn_rate: finding.long,
    short_burn_rate: finding.short,
    exhausted_at: exhaustedAt === null ? null : isoTime(exhaustedAt),
    forecast_nano_usd: forecast?.expected ?? null,
    forecast_low_nano_usd: forecast?.low ?? null,
    forecast_high_nano_usd: forecast?.high ?? null,
    unpriced_share: finding.unpricedShare,
    usual_nano_usd: null,
    backfill: false,
    event_time: null,
    summary: sentenceOf(subject, finding),
  };
}
