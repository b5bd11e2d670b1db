import { isoDay } from '@telltale/kernel';
import { type BatchState } from './batch-state';
import { createStateCodec, createStateSection } from './state-codec';

/** Names are `<day>/<tenant>/<id>`; there is nothing more to say of a series. */
const SECTION = createStateSection('series/', createStateCodec<true>(1, { encode: () => '', decode: () => true }));
const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** Which series each tenant has had on this task today; bounds them. */
export interface SeriesLimiter extends BatchState {
  /** Whether the tenant may have this series today. */
  add(tenant: string, seriesId: string): boolean;
}

/** A new day starts empty, so that names that are gone make room. */
export function createSeriesLimiter(restored: ReadonlyMap<string, Buffer>, maxPerTenant: number): SeriesLimiter {
  let day = '';
  let byTenant = new Map<string, Set<string>>();
  let keys: string[] = [];
  const changes = new Map<string, true | null>();

  const seriesOf = (tenant: string): Set<string> => {
    const before = byTenant.get(tenant);
    if (before) return before;
    const made = new Set<string>();
    byTenant.set(tenant, made);
    return made;
  };

  for (const [key] of SECTION.restore(restored)) {
    // Neither days nor ids have a slash; tenants may.
    const slash = key.lastIndexOf('/');
    day = key.slice(0, DAY_LENGTH);
    keys.push(key);
    seriesOf(key.slice(DAY_LENGTH + 1, slash)).add(key.slice(slash + 1));
  }

  return {
    startBatch(now) {
      const today = isoDay(now);
      if (today === day) return;
      for (const key of keys) changes.set(key, null);
      day = today;
      byTenant = new Map();
      keys = [];
    },
    add(tenant, seriesId) {
      const series = seriesOf(tenant);
      if (series.has(seriesId)) return true;
      if (series.size >= maxPerTenant) return false;
      series.add(seriesId);
      const key = `${day}/${tenant}/${seriesId}`;
      keys.push(key);
      changes.set(key, true);
      return true;
    },
    flush(effects) {
      for (const [key, value] of changes) SECTION.put(effects, key, value);
      changes.clear();
    },
    // A new day can wait for the next event.
    due: () => false,
  };
}
