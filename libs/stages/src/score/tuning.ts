import { type TuningRecord, type TuningRow } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Series } from './series';

/** A mark makes its series this much less ready to speak. */
const MARKED_FACTOR = 0.1;

type Active = Extract<TuningRecord, { type: 'mark_anomaly' | 'set_maintenance' | 'set_sensitivity' }>;

/** What people told the scorer of its anomalies, in force until it expires or is taken back. */
export interface Tuning {
  /** Takes a record; answers the mark, when it is one. */
  apply(record: TuningRecord, now: number): void;
  isInMaintenance(series: Series, at: number): boolean;
  /** The tenant's budget of false anomalies a day. */
  falsePerDay(tenant: string): number;
  /** Natural logarithm of how many times as many false departures the series may have; 0 where nothing was said. */
  logFactor(series: Series, at: number): number;
  flush(put: (key: string, value: string | null) => void, row: (json: string) => void): void;
}

const KEY = 'u/';
const keyOf = (tenant: string, id: string): string => `${KEY}${tenant}/${id}`;
const until = (record: Active): number => {
  const text = record.type === 'set_maintenance' ? record.until : record.expires_at;
  return text === undefined ? Infinity : Date.parse(text);
};

function rowOf(record: Active, state: TuningRow['state'], now: number): TuningRow {
  const isMark = record.type === 'mark_anomaly';
  const isMaintenance = record.type === 'set_maintenance';
  const isSensitivity = record.type === 'set_sensitivity';
  return {
    tenant: record.tenant,
    id: record.id,
    type: record.type,
    state,
    series_id: isMark ? record.series_id : '',
    anomaly_id: isMark ? record.anomaly_id : '',
    verdict: isMark ? record.verdict : '',
    metric: isSensitivity ? (record.metric ?? '') : '',
    service_name: isMark ? '' : (record.service_name ?? ''),
    false_per_day: isSensitivity ? (record.false_per_day ?? null) : null,
    factor: isSensitivity ? (record.factor ?? null) : null,
    from_at: isMaintenance ? record.from : isMark ? record.at : isoTime(now),
    until_at: isMaintenance ? record.until : (record.expires_at ?? null),
    reason: isMaintenance ? record.reason : '',
    issued_by: record.issued_by,
    recorded_at: isoTime(now),
  };
}

/** `defaultPerDay`: the budget of a tenant that has not said another. */
export function createTuning(defaultPerDay: number, restored: ReadonlyMap<string, Buffer>): Tuning {
  const active = new Map<string, Active>();
  const changes = new Map<string, string | null>();
  const rows: TuningRow[] = [];
  for (const [key, value] of restored) if (key.startsWith(KEY)) active.set(key, JSON.parse(value.toString()) as Active);

  function end(tenant: string, id: string, now: number): void {
    const key = keyOf(tenant, id);
    const record = active.get(key);
    if (!record) return;
    active.delete(key);
    changes.set(key, null);
    rows.push(rowOf(record, 'ended', now));
  }

  const names = (record: { readonly service_name?: string | undefined }, { dimensions }: Series): boolean =>
    record.service_name === undefined || record.service_name === dimensions['service_name'];

  function factorOf(record: Active, series: Series): number {
    if (record.type === 'mark_anomaly') return record.series_id === series.id && record.verdict !== 'real' ? MARKED_FACTOR : 1;
    if (record.type !== 'set_sensitivity' || record.factor === undefined || !names(record, series)) return 1;
    return record.metric === undefined || record.metric === series.metric ? record.factor : 1;
  }

  return {
    apply(record, now) {
      for (const known of [...active.values()]) if (until(known) <= now) end(known.tenant, known.id, now);
      if (record.type === 'end_maintenance' || record.type === 'end_sensitivity') return end(record.tenant, record.id, now);
      if (until(record) <= now) return;
      const key = keyOf(record.tenant, record.id);
      active.set(key, record);
      changes.set(key, JSON.stringify(record));
      rows.push(rowOf(record, 'active', now));
    },
    isInMaintenance(series, at) {
      for (const record of active.values()) {
        if (record.type !== 'set_maintenance' || record.tenant !== series.tenant || !names(record, series)) continue;
        if (at >= Date.parse(record.from) && at < until(record)) return true;
      }
      return false;
    },
    falsePerDay(tenant) {
      let perDay = defaultPerDay;
      for (const record of active.values())
        if (record.type === 'set_sensitivity' && record.tenant === tenant) perDay = record.false_per_day ?? perDay;
      return perDay;
    },
    logFactor(series, at) {
      let factor = 1;
      for (const record of active.values())
        if (record.tenant === series.tenant && at < until(record)) factor *= factorOf(record, series);
      return factor === 1 ? 0 : Math.log(factor);
    },
    flush(put, row) {
      for (const [key, value] of changes) put(key, value);
      for (const one of rows) row(JSON.stringify(one));
      changes.clear();
      rows.length = 0;
    },
  };
}
