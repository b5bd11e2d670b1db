import { type DetectorSettingRecord, type DetectorOverrideRow } from '@telltale/contracts';
import { type Holiday } from '@telltale/domain-detector';
import { isoTime } from '@telltale/kernel';
import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';
import { createHolidays, type HolidayRecord, inOrder, spanOf } from './holidays';
import { type Series } from './series';

/** A label other than real divides the alert rate of its series by ten. */
const LABELED_RATE_MULTIPLIER = 0.1;

type Active = Extract<DetectorSettingRecord, { type: 'label_anomaly' | 'set_maintenance' | 'set_sensitivity' | 'set_holidays' }>;

/** Records of a tenant that are in force at once; the one that would end first makes room. */
export const MAX_PER_TENANT = 1_000;

/** Of those, lists of holidays. */
export const MAX_HOLIDAY_LISTS = 20;

/** What people set: labels of anomalies, maintenance, sensitivities, holidays; in force until they expire or are taken back. */
export interface DetectorOverrides extends BatchState {
  /**
   * Counts `detector_overrides_over_limit` where another record of its tenant has to make room. Returns whether holidays are others now, and
   * so when silence is reported.
   */
  add(record: DetectorSettingRecord): boolean;
  /** In order; what is over may be left out. */
  holidaysOf(series: Series): readonly Holiday[];
  isInMaintenance(series: Series, at: number): boolean;
  /** The tenant's budget of false anomalies a day. */
  falsePerDay(tenant: string): number;
  /** Natural logarithm of how many times as many false deviations the series may have; 0 where nothing was set. */
  logRateMultiplier(series: Series, at: number): number;
}

const SECTION = createStateSection('u/', createStateCodec<Active>(1));
const isEnd = (record: DetectorSettingRecord): record is Exclude<DetectorSettingRecord, Active> => record.type.startsWith('end_');
const isHolidays = (record: Active): record is HolidayRecord => record.type === 'set_holidays';
const keyOf = ({ tenant, id }: Pick<Active, 'tenant' | 'id'>): string => `${tenant}/${id}`;
const until = (record: Active): number => {
  if (record.type === 'set_holidays') return spanOf(record).until;
  const text = record.type === 'set_maintenance' ? record.until : record.expires_at;
  return text === undefined ? Infinity : Date.parse(text);
};

function rowOf(record: Active, state: DetectorOverrideRow['state'], now: number): DetectorOverrideRow {
  const isMark = record.type === 'label_anomaly';
  const isMaintenance = record.type === 'set_maintenance';
  const isSensitivity = record.type === 'set_sensitivity';
  const holidays = record.type === 'set_holidays' ? record : undefined;
  const days = holidays && spanOf(holidays);
  const [from, end] = days
    ? [isoTime(days.from), isoTime(days.until)]
    : record.type === 'set_maintenance'
      ? [record.from, record.until]
      : [isMark ? record.at : isoTime(now), 'expires_at' in record ? (record.expires_at ?? null) : null];
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
    from_at: from,
    until_at: end,
    reason: isMaintenance ? record.reason : '',
    issued_by: record.issued_by,
    recorded_at: isoTime(now),
    name: holidays?.name ?? '',
    dates: holidays?.dates ?? [],
    utc_offset: holidays?.utc_offset ?? '',
  };
}

export interface OverrideOptions {
  /** False anomalies a day of a tenant that has not set its own. */
  readonly defaultPerDay: number;
  /** Whether this task writes the rows of table detector_overrides: every task reads the same records, one writes them down. */
  readonly writesRows: boolean;
}

export function createDetectorOverrides(
  { defaultPerDay, writesRows }: OverrideOptions,
  restored: ReadonlyMap<string, Buffer>,
): DetectorOverrides {
  /** By tenant, so that what one tenant sets costs another nothing. */
  const byTenant = new Map<string, Map<string, Active>>();
  const changes = new Map<string, Active | null>();
  const rows: DetectorOverrideRow[] = [];
  const holidays = createHolidays((tenant) => [...activeOf(tenant)].filter(isHolidays));
  let now = 0;
  let overLimit = 0;
  let haveHolidaysChanged = false;
  for (const [, record] of SECTION.restore(restored)) keep(record);

  function keep(record: Active): Map<string, Active> {
    const active = byTenant.get(record.tenant) ?? new Map<string, Active>();
    const before = active.get(record.id);
    byTenant.set(record.tenant, active.set(record.id, record));
    if (isHolidays(record) || (before && isHolidays(before))) followHolidays(record.tenant);
    return active;
  }

  function followHolidays(tenant: string): void {
    haveHolidaysChanged = true;
    holidays.changed(tenant);
  }

  function activeOf(tenant: string): Iterable<Active> {
    return byTenant.get(tenant)?.values() ?? [];
  }

  function end(tenant: string, id: string): void {
    const active = byTenant.get(tenant);
    const record = active?.get(id);
    if (!active || !record) return;
    active.delete(id);
    if (isHolidays(record)) followHolidays(tenant);
    if (active.size === 0) byTenant.delete(tenant);
    changes.set(keyOf({ tenant, id }), null);
    rows.push(rowOf(record, 'ended', now));
  }

  const firstToEnd = (active: readonly Active[]): Active | undefined =>
    [...active].sort((a, b) => until(a) - until(b) || (a.id < b.id ? -1 : 1))[0];

  function take(record: Active): void {
    if (until(record) <= now) return;
    const active = keep(record);
    changes.set(keyOf(record), record);
    rows.push(rowOf(record, 'active', now));
    const first = overLimitOf([...active.values()]);
    if (!first) return;
    overLimit++;
    end(first.tenant, first.id);
  }

  /** What has to make room. */
  function overLimitOf(active: readonly Active[]): Active | undefined {
    const lists = active.filter(isHolidays);
    if (lists.length > MAX_HOLIDAY_LISTS) return firstToEnd(lists);
    return active.length > MAX_PER_TENANT ? firstToEnd(active) : undefined;
  }

  const names = (record: { readonly service_name?: string | undefined }, { dimensions }: Series): boolean =>
    record.service_name === undefined || record.service_name === dimensions['service_name'];

  function factorOf(record: Active, series: Series): number {
    if (record.type === 'label_anomaly')
      return record.series_id === series.id && record.label !== 'real' ? LABELED_RATE_MULTIPLIER : 1;
    if (record.type !== 'set_sensitivity' || record.rate_multiplier === undefined || !names(record, series)) return 1;
    return record.metric === undefined || record.metric === series.metric ? record.rate_multiplier : 1;
  }

  return {
    startBatch(time) {
      now = time;
    },
    add(record) {
      haveHolidaysChanged = false;
      for (const known of [...byTenant.values()].flatMap((active) => [...active.values()]))
        if (until(known) <= now) end(known.tenant, known.id);
      if (isEnd(record)) end(record.tenant, record.id);
      else take(record.type === 'set_holidays' ? inOrder(record) : record);
      return haveHolidaysChanged;
    },
    holidaysOf: holidays.of,
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
    flush(effects) {
      effects.count('detector_overrides_over_limit', overLimit);
      overLimit = 0;
      for (const [key, record] of changes) SECTION.put(effects, key, record);
      if (writesRows) for (const row of rows) effects.row('detector_overrides', JSON.stringify(row));
      changes.clear();
      rows.length = 0;
    },
    // What has expired has no effect, and can wait for the next record to be removed.
    due: () => false,
  };
}
