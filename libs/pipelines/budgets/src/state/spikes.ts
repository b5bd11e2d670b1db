import { type BudgetAlertRecord, type ParsedCostRecord } from '@telltale/contracts';
import {
  addSpend,
  amendSpend,
  type CostSpike,
  NO_SPEND,
  type SpendHistory,
  spikeAlertOf,
  type SpikeRule,
} from '@telltale/domain-cost';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection, createTimerQueue } from '@telltale/streaming'; // prettier-ignore

/** Spend by hour of a service, or of a whole tenant; `at`: batch time of the last change. */
interface KeptHistory {
  readonly history: SpendHistory;
  readonly at: number;
}
/** A spike that was reported, and is over at `until` unless another hour is one. */
interface OpenSpike extends CostSpike {
  readonly since: number;
  readonly until: number;
}
const HISTORIES = createStateSection('hours/', createStateCodec<KeptHistory>(1));
const OPEN = createStateSection('spike/', createStateCodec<OpenSpike>(1));

/** Spend this old is compared with nothing any more. */
const IDLE_MS = 3 * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;
/** Spend of an hour arrives late: the spike is over when the next hour has passed without one. */
const LASTS_MS = 2 * HOUR_MS;
/** An hour that is longer ago is none to be alarmed by now, as when a task catches up with days of records. */
const CURRENT_MS = DAY_MS;

/** `service` is null for the whole tenant. */
const keyOf = (tenant: string, service: string | null): string => JSON.stringify(service === null ? [tenant] : [tenant, service]);
const placeOf = (key: string): { tenant: string; service: string | null } => {
  const [tenant = '', service = null] = JSON.parse(key) as string[];
  return { tenant, service };
};

/** What services and tenants spent by hour, and the jumps in it. Counts `spend_histories_*` where some had to go. */
export interface Spikes extends BatchState {
  /** Adds spend. Answers the jumps that it makes. */
  add(cost: ParsedCostRecord): BudgetAlertRecord[];
  /** The ends of jumps that are over by `now`. */
  takeOver(now: number): BudgetAlertRecord[];
}

export function createSpikes(restored: ReadonlyMap<string, Buffer>, rule: SpikeRule, maxServices: number): Spikes {
  const histories = new Map(HISTORIES.restore(restored));
  const open = new Map(OPEN.restore(restored));
  const changed = new Set<string>();
  const changedSpikes = new Set<string>();
  const ends = createTimerQueue();
  for (const [key, { until }] of open) ends.add({ at: until, key });
  const bounded = createBoundedKeys(
    { perTenant: maxServices, perTask: LARGEST_TENANTS * maxServices, idleMs: IDLE_MS },
    [...histories].map(([key, { at }]) => ({ tenant: placeOf(key).tenant, key, at })),
  );
  let now = 0;

  function keep(key: string, tenant: string, history: SpendHistory): void {
    histories.set(key, { history, at: now });
    bounded.touch(tenant, key, now);
    changed.add(key);
  }

  /** Adds spend to one history; the jump it makes, if any. */
  function addTo(key: string, cost: ParsedCostRecord): CostSpike | null {
    const before = histories.get(key)?.history ?? NO_SPEND;
    const hour = Date.parse(cost.hour);
    // A later price of old calls: what is usual changes, nothing happened.
    if (cost.correction) {
      keep(key, cost.tenant, amendSpend(before, hour, cost.cost_nano_usd));
      return null;
    }
    const { history, jump } = addSpend(before, hour, cost.cost_nano_usd, rule);
    keep(key, cost.tenant, history);
    return jump;
  }

  function report(key: string, spike: CostSpike, cost: ParsedCostRecord): BudgetAlertRecord[] {
    const { backfill, watermark } = cost;
    const eventTime = Math.min(Date.parse(watermark), now);
    const until = spike.hour + LASTS_MS;
    if (backfill) return [spikeAlertOf({ ...placeOf(key), backfill, since: spike.hour, state: 'firing' }, spike, eventTime, now)];
    if (spike.hour + CURRENT_MS <= now) return [];
    const known = open.get(key);
    const since = known?.since ?? now;
    open.set(key, { ...spike, since, until: Math.max(until, known?.until ?? 0) });
    ends.add({ at: open.get(key)?.until ?? until, key });
    changedSpikes.add(key);
    return [spikeAlertOf({ ...placeOf(key), backfill, since, state: 'firing' }, spike, eventTime, now)];
  }

  const isReported = (key: string, hour: number): boolean =>
    histories.get(key)?.history.hours.some(([at, , reported]) => at === hour && reported) ?? false;

  return {
    startBatch(time) {
      now = time;
    },
    add(cost) {
      const [service, whole] = [keyOf(cost.tenant, cost.service_name), keyOf(cost.tenant, null)];
      const [ofService, ofTenant] = [addTo(service, cost), addTo(whole, cost)];
      if (ofService) return report(service, ofService, cost);
      // Where a service jumped that hour it was said, and the tenant jumped for it.
      if (!ofTenant) return [];
      const hour = Date.parse(cost.hour);
      const services = [...histories.keys()].filter((key) => key !== whole && placeOf(key).tenant === cost.tenant);
      if (services.length < 2 || services.some((key) => isReported(key, hour))) return [];
      return report(whole, ofTenant, cost);
    },
    takeOver(at) {
      const alerts: BudgetAlertRecord[] = [];
      for (let due = ends.takeUntil(at); due; due = ends.takeUntil(at)) {
        const spike = open.get(due.key);
        if (!spike || spike.until !== due.at) continue;
        open.delete(due.key);
        changedSpikes.add(due.key);
        alerts.push(spikeAlertOf({ ...placeOf(due.key), backfill: false, since: spike.since, state: 'resolved' }, spike, at, at));
      }
      return alerts;
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        histories.delete(key);
        changed.add(key);
      }
      for (const key of changed) HISTORIES.put(effects, key, histories.get(key) ?? null);
      for (const key of changedSpikes) OPEN.put(effects, key, open.get(key) ?? null);
      changed.clear();
      changedSpikes.clear();
      countCuts('spend_histories', cut, effects.count);
    },
    due: (time) => (ends.peek()?.at ?? Infinity) <= time || bounded.due(time),
  };
}
