import { HOUR_MS, isoTime, hashId } from '@telltale/kernel';
import { isMoreSevere, severityOfCost } from './impact';
import { type CostSpike, FRESH, type IncidentChange, NO_IMPACT, type OpenIncident } from './state';

const dollars = (nano: number): string => `$${(nano / 1e9).toFixed(nano >= 1e9 ? 2 : 4)}`;

/** A cost spike of one tenant and service: opens an incident, or keeps it open. */
export function addCostSpike(before: OpenIncident | null, spike: CostSpike, eventAt: number, now: number): IncidentChange {
  const { tenant, service: named, hour, totalNano, medianNano, factor, backfill } = spike;
  const service = named ?? '';
  const who = named === null ? 'all services' : service || 'unnamed service';
  const at = isoTime(backfill ? eventAt : now);
  const peak = Math.max(before?.record.peak_score ?? 0, Number(factor.toPrecision(4)));
  const isWorst = peak > (before?.record.peak_score ?? 0);
  const level = severityOfCost(totalNano - medianNano);
  const said = `${who} spent ${dollars(totalNano)} in the hour from ${isoTime(hour).slice(11, 16)} UTC, usually ${dollars(medianNano)}`;
  const record = {
    ...(before?.record ?? FRESH),
    tenant,
    id: before?.record.id ?? hashId(24, tenant, service, named === null ? 'cost of all' : 'cost', hour, String(backfill)),
    state: 'open' as const,
    opened_at: before?.record.opened_at ?? at,
    closed_at: null,
    updated_at: at,
    title: `${who}: spend is ${Number(peak.toPrecision(2))} times the usual`,
    service_name: service,
    kind: 'cost' as const,
    anomaly_ids: [],
    open_anomalies: 0,
    probable_cause: before && !isWorst ? before.record.probable_cause : said,
    peak_score: peak,
    backfill,
    severity: before && isMoreSevere(before.record.severity, level) ? before.record.severity : level,
    services: service === '' ? [] : [service],
    onset_at: before?.record.onset_at ?? isoTime(Math.min(hour, now)),
    cost_nano_usd: Math.max(before?.record.cost_nano_usd ?? 0, Math.round(totalNano - medianNano)),
  };
  const kept = before ?? { fired: null, impact: NO_IMPACT, mostOpen: 0, namedServices: 0, left: [] };
  return {
    // Spend of an hour arrives late: the incident may close once the next hour has passed without a spike.
    incident: { ...kept, record, members: [], lastEvidenceAt: Math.max(before?.lastEvidenceAt ?? 0, hour + 2 * HOUR_MS), lastActivityAt: now },
    entries: before && !isWorst ? [] : [{ kind: before ? 'anomaly_joined' : 'onset', at: Math.min(hour, now), text: said }],
  };
} // prettier-ignore
