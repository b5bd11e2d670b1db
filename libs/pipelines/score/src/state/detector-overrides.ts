import { type DetectorSettingRecord, type DetectorOverrideRow } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Series } from './series';

/** A mark makes its series this much less ready to speak. */
const MARKED_FACTOR = 0.1;

type Active = Extract<DetectorSettingRecord, { type: 'label_anomaly' | 'set_maintenance' | 'set_sensitivity' }>;

/** Records of a tenant that are in force at once; the one that would end first makes room. */
export const MAX_PER_TENANT = 1_000;

/** What people reported the scorer of its anomalies, in force until it expires or is taken back. */
export interface DetectorOverrides {
  /** Takes a record; whether another of its tenant had to make room. */
  apply(record: DetectorSettingRecord, now: number): boolean;
  isInMaintenance(series: Series, at: number): boolean;
  /** The tenant's budget of false anomalies a day. */
  falsePerDay(tenant: string): number;
  /** Natural logarithm of how many times as many false deviations the series may have; 0 where nothing was said. */
  logRateMultiplier(series: Series, at: number): number;
  flush(put: (key: string, value: string | null) => void, row: (json: string) => void): void;
}

const KEY = 'u/';
const keyOf = (tenant: string, id: string): string => `${KEY}${tenant}/${id}`;
const until = (record: Active): number => {
  const text = record.type === 'set_maintenance' ? record.until : record.expires_at;
  return text === undefined ? Infinity : Date.parse(text);
};

function rowOf(record: Active, state: DetectorOverrideRow['state'], now: number): DetectorOverrideRow {
  const isMark = record.type === 'label_anomaly';
  const isMaintenance = record.type === 'set_maintenance';
  const isSensitivity = record.type === 'set_sensitivity';
  return {
    tenant: record.tenant,
    id: record.id,
    type: record.type,
    state,
    series_id: isMark ? record.series_id : '',
    anomaly_id: isMark ? record.anomaly_id : '',
    label: isMark ? record.label : '',
    metric: isSensitivity ? (record.metric ?? '') : '',
    service_name: isMark ? '' : (record.service_name ?? ''),
    false_positives_per_day: isSensitivity ? (record.false_positives_per_day ?? null) : null,
    rate_multiplier: isSensitivity ? (record.rate_multiplier ?? null) : null,
    from_at: isMaintenance ? record.from : isMark ? record.at : isoTime(now),
    until_at: isMaintenance ? record.until : (record.expires_at ?? null),
    reason: isMaintenance ? record.reason : '',
    issued_by: record.issued_by,
    recorded_at: isoTime(now),
  };
}

/** `defaultPerDay`: the budget of a tenant that has not said another. */
export function createDetectorOverrides(defaultPerDay: number, restored: ReadonlyMap<string, Buffer>): DetectorOverrides {
  /** By tenant, so that what one tenant says costs another nothing. */
  const byTenant = new Map<string, Map<string, Active>>();
  const changes = new Map<string, string | null>();
  const rows: DetectorOverrideRow[] = [];
  for (const [key, value] of restored) if (key.startsWith(KEY)) keep(JSON.parse(value.toString()) as Active);

  function keep(record: Active): Map<string, Active> {
    const active = byTenant.get(record.tenant) ?? new Map<string, Active>();
    byTenant.set(record.tenant, active.set(record.id, record));
    return active;
  }

  function activeOf(tenant: string): Iterable<Active> {
    return byTenant.get(tenant)?.values() ?? [];
  }

  function end(tenant: string, id: string, now: number): void {
    const active = byTenant.get(tenant);
    const record = active?.get(id);
    if (!active || !record) return;
    active.delete(id);
    if (active.size === 0) byTenant.delete(tenant);
    changes.set(keyOf(tenant, id), null);
    rows.push(rowOf(record, 'ended', now));
  }

  const firstToEnd = (active: ReadonlyMap<string, Active>): Active | undefined =>
    [...active.values()].sort((a, b) => until(a) - until(b) || (a.id < b.id ? -1 : 1))[0];

  const names = (record: { readonly service_name?: string | undefined }, { dimensions }: Series): boolean =>
    record.service_name === undefined || record.service_name === dimensions['service_name'];

  function factorOf(record: Active, series: Series): number {
    if (record.type === 'label_anomaly') return record.series_id === series.id && record.label !== 'real' ? MARKED_FACTOR : 1;
    if (record.type !== 'set_sensitivity' || record.rate_multiplier === undefined || !names(record, series)) return 1;
    return record.metric === undefined || record.metric === series.metric ? record.rate_multiplier : 1;
  }

  return {
    apply(record, now) {
      for (const known of [...byTenant.values()].flatMap((active) => [...active.values()]))
        if (until(known) <= now) end(known.tenant, known.id, now);
      if (record.type === 'end_maintenance' || record.type === 'end_sensitivity') {
        end(record.tenant, record.id, now);
        return false;
      }
      if (until(record) <= now) return false;
      const active = keep(record);
      changes.set(keyOf(record.tenant, record.id), JSON.stringify(record));
      rows.push(rowOf(record, 'active', now));
      const first = active.size > MAX_PER_TENANT ? firstToEnd(active) : undefined;
      if (first) end(first.tenant, first.id, now);
      return first !== undefined;
    },
    isInMaintenance(series, at) {
      for (const record of activeOf(series.tenant)) {
        if (record.type !== 'set_maintenance' || !names(record, series)) continue;
        if (at >= Date.parse(record.from) && at < until(record)) return true;
      }
      return false;
    },
    falsePerDay(tenant) {
      let perDay = defaultPerDay;
      for (const record of activeOf(tenant))
        if (record.type === 'set_sensitivity') perDay = record.false_positives_per_day ?? perDay;
      return perDay;
    },
    logRateMultiplier(series, at) {
      let rate_multiplier = 1;
      for (const record of activeOf(series.tenant)) if (at < until(record)) rate_multiplier *= factorOf(record, series);
      return rate_multiplier === 1 ? 0 : Math.log(rate_multiplier);
    },
    flush(put, row) {
      for (const [key, value] of changes) put(key, value);
      for (const one of rows) row(JSON.stringify(one));
      changes.clear();
      rows.length = 0;
    },
  };
}
