import { isoDay } from '@telltale/kernel';

const PREFIX = 'series/';
const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** Which series each tenant has had on this task today; bounds them. */
export interface SeriesLimiter {
  begin(now: number): void;
  admits(tenant: string, seriesId: string): boolean;
  flush(state: Map<string, Buffer | string | null>): void;
}

/** State: `series/<day>/<tenant>/<id>`. A new day starts empty, so that names that are gone make room. */
export function createSeriesLimiter(restored: ReadonlyMap<string, Buffer>, maxPerTenant: number): SeriesLimiter {
  let day = '';
  let byTenant = new Map<string, Set<string>>();
  let keys: string[] = [];
  const changes = new Map<string, string | null>();

  const seriesOf = (tenant: string): Set<string> => {
    const before = byTenant.get(tenant);
    if (before) return before;
    const made = new Set<string>();
    byTenant.set(tenant, made);
    return made;
  };

  for (const key of [...restored.keys()].sort()) {
    if (!key.startsWith(PREFIX)) continue;
    // Neither days nor ids have a slash; tenants may.
    const slash = key.lastIndexOf('/');
    day = key.slice(PREFIX.length, PREFIX.length + DAY_LENGTH);
    keys.push(key);
    seriesOf(key.slice(PREFIX.length + DAY_LENGTH + 1, slash)).add(key.slice(slash + 1));
  }

  return {
    begin(now) {
      const today = isoDay(now);
      if (today === day) return;
      for (const key of keys) changes.set(key, null);
      day = today;
      byTenant = new Map();
      keys = [];
    },
    admits(tenant, seriesId) {
      const series = seriesOf(tenant);
      if (series.has(seriesId)) return true;
      if (series.size >= maxPerTenant) return false;
      series.add(seriesId);
      const key = `${PREFIX}${day}/${tenant}/${seriesId}`;
      keys.push(key);
      changes.set(key, '1');
      return true;
    },
    flush(state) {
      for (const [key, value] of changes) state.set(key, value);
      changes.clear();
    },
  };
}
