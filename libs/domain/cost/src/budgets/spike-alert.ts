import { type BudgetAlertRecord } from '@telltale/contracts';
import { hashId, HOUR_MS, isoTime } from '@telltale/kernel';
import { type CostSpike } from '../hourly-spike';
import { NO_FIGURES, usdOf } from './alert';

export interface SpikeSubject {
  readonly tenant: string;
  /** null: the whole tenant. */
  readonly service: string | null;
  readonly backfill: boolean;
  readonly state: BudgetAlertRecord['state'];
  /** When it was first reported. */
  readonly since: number;
}

/** The record of an hour that costs several times the usual, and of when that is over. */
export function spikeAlertOf(subject: SpikeSubject, spike: CostSpike, eventTime: number, now: number): BudgetAlertRecord {
  const { tenant, service, backfill, state, since } = subject;
  const { hour, totalNano, medianNano } = spike;
  const alertId = hashId(24, tenant, 'hourly_spike', service === null ? 'tenant' : `service ${service}`, since, String(backfill));
  const who = service === null ? 'All services together' : service || 'unnamed service';
  const from = isoTime(hour).slice(11, 16);
  return {
    tenant,
    id: hashId(24, alertId, state, hour),
    alert_id: alertId,
    kind: 'hourly_spike',
    severity: 'warning',
    state,
    at: isoTime(now),
    budget: '',
    dimension: service === null ? '' : 'service',
    value: service ?? '',
    service_name: service ?? '',
    period: 'hour',
    period_start: isoTime(hour),
    period_end: isoTime(hour + HOUR_MS),
    spent_nano_usd: totalNano,
    limit_nano_usd: null,
    rate_nano_usd_per_hour: totalNano,
    ...NO_FIGURES,
    usual_nano_usd: Math.round(medianNano),
    backfill,
    event_time: isoTime(eventTime),
    summary:
      state === 'firing'
        ? `${who} spent ${usdOf(totalNano)} in the hour from ${from} UTC, usually ${usdOf(medianNano)}.`
        : `${who}: no hour since that from ${from} UTC cost several times the usual.`,
  };
}
