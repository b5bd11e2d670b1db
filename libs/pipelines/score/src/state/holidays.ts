import { type DetectorSettingRecord } from '@telltale/contracts';
import { type Holiday, holidayOf, mergeHolidays } from '@telltale/domain-detector';
import { type Series } from './series';

export type HolidayRecord = Extract<DetectorSettingRecord, { type: 'set_holidays' }>;

/** The holidays of each service, merged when they are first asked for after a change. */
export interface Holidays {
  of(series: Pick<Series, 'tenant' | 'dimensions'>): readonly Holiday[];
  /** The records of the tenant are others now. */
  changed(tenant: string): void;
}

const NONE: readonly Holiday[] = [];
const daysOf = ({ dates, utc_offset }: HolidayRecord): Holiday[] => dates.map((date) => holidayOf(date, utc_offset));

/** The record with its days in order, each once. */
export const inOrder = (record: HolidayRecord): HolidayRecord => ({ ...record, dates: [...new Set(record.dates)].sort() });

/** From the begin of its first day to the end of its last, where they are in order. */
export function spanOf({ dates, utc_offset: offset }: HolidayRecord): Holiday {
  const [first = '', last = first] = [dates[0], dates.at(-1)];
  return { from: holidayOf(first, offset).from, until: holidayOf(last, offset).until };
}

/** `recordsOf`: what is in force of a tenant. */
export function createHolidays(recordsOf: (tenant: string) => readonly HolidayRecord[]): Holidays {
  /** By tenant, where it has any. */
  const known = new Map<string, readonly HolidayRecord[]>();
  const merged = new Map<string, Map<string, readonly Holiday[]>>();

  return {
    of({ tenant, dimensions }) {
      const records = known.get(tenant);
      if (!records) return NONE;
      const services = merged.get(tenant) ?? new Map<string, readonly Holiday[]>();
      merged.set(tenant, services);
      const name = dimensions['service_name'];
      // Services that no record names have the same.
      const service = records.some(({ service_name: named }) => named === name) ? (name ?? '') : '';
      const before = services.get(service);
      if (before) return before;
      const own = records.filter(({ service_name: named }) => named === undefined || named === service);
      const days = own.length === 0 ? NONE : mergeHolidays(own.flatMap(daysOf));
      services.set(service, days);
      return days;
    },
    changed(tenant) {
      merged.delete(tenant);
      const records = recordsOf(tenant);
      if (records.length === 0) known.delete(tenant);
      else known.set(tenant, records);
    },
  };
}
