import { DAY_MS, isoDay } from '@telltale/kernel';
import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';

/** Which series of turns each tenant has had on this task today; bounds them. */
export interface SeriesOfDay extends BatchState {
  admits(tenant: string, seriesId: string): boolean;
}

const section = createStateSection('series/', createStateCodec<1>(1));

/** State: `series/<day>/<tenant>/<id>`. A new day starts empty, so that names that are gone make room. */
export function createSeriesOfDay(restored: ReadonlyMap<string, Buffer>, maxPerTenant: number): SeriesOfDay {
  const byTenant = new Map<string, Set<string>>();
  let day = '';
  let stored: string[] = [];
  const fresh: string[] = [];
  let outdated: string[] = [];
  const seriesOf = (tenant: string): Set<string> => {
    const series = byTenant.get(tenant) ?? new Set<string>();
    byTenant.set(tenant, series);
    return series;
  };
  for (const [key] of section.restore(restored)) {
    // Neither days, tenants nor ids have a slash.
    const [of = '', tenant = '', id = ''] = key.split('/');
    day = of;
    stored.push(key);
    seriesOf(tenant).add(id);
  }

  return {
    startBatch(now) {
      if (isoDay(now) === day) return;
      day = isoDay(now);
      outdated = [...stored].sort();
      stored = [];
      byTenant.clear();
    },
    admits(tenant, id) {
      const series = seriesOf(tenant);
      if (series.has(id)) return true;
      if (series.size >= maxPerTenant) return false;
      series.add(id);
      fresh.push(`${day}/${tenant}/${id}`);
      return true;
    },
    flush(effects) {
      for (const key of outdated) section.put(effects, key, null);
      for (const key of fresh) section.put(effects, key, 1);
      stored.push(...fresh);
      fresh.length = 0;
      outdated = [];
    },
    due: (now) => stored.length > 0 && isoDay(now - DAY_MS / 2) > day,
  };
}
