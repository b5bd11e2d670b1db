import { NO_SPEND, type SpendHistory } from '@telltale/domain-cost';
import { DAY_MS } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

/** Spend by hour of a service; `at`: batch time of the last change. */
interface KeptHistory {
  readonly history: SpendHistory;
  readonly at: number;
}
/** How far the event time of a tenant has come, and the batch time of the last change. */
interface KeptClock {
  readonly eventTime: number;
  readonly at: number;
}
const HISTORIES = createStateSection('h/', createStateCodec<KeptHistory>(1));
const CLOCKS = createStateSection('t/', createStateCodec<KeptClock>(1));

/** Spend this old is compared with nothing any more. */
const IDLE_MS = 3 * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;

const historyKey = (tenant: string, service: string): string => JSON.stringify([tenant, service]);
const tenantOf = (key: string): string => String((JSON.parse(key) as unknown[])[0]);

/** What services spent by hour, and how far each tenant's event time has come. Counts `spend_histories_*` where some had to go. */
export interface SpendState extends BatchState {
  historyOf(tenant: string, service: string): SpendHistory;
  add(tenant: string, service: string, history: SpendHistory): void;
  /** Event time of the tenant, ms since the epoch; 0 before any. */
  eventTimeOf(tenant: string): number;
  /** Moves it; false where it has come further already. */
  moveTo(tenant: string, eventTime: number): boolean;
}

export function createSpendState(restored: ReadonlyMap<string, Buffer>, maxServices: number): SpendState {
  const histories = new Map(HISTORIES.restore(restored));
  const clocks = new Map(CLOCKS.restore(restored));
  const changed = new Set<string>();
  const moved = new Set<string>();
  let now = 0;
  // Keys of both kinds in one order: a service is a JSON list, a tenant is not.
  const bounded = createBoundedKeys({ perTenant: maxServices, perTask: LARGEST_TENANTS * maxServices, idleMs: IDLE_MS }, [
    ...[...histories].map(([key, { at }]) => ({ tenant: tenantOf(key), key, at })),
    ...[...clocks].map(([tenant, { at }]) => ({ tenant, key: tenant, at })),
  ]);

  return {
    startBatch(time) {
      now = time;
    },
    historyOf: (tenant, service) => histories.get(historyKey(tenant, service))?.history ?? NO_SPEND,
    add(tenant, service, history) {
      const key = historyKey(tenant, service);
      histories.set(key, { history, at: now });
      bounded.touch(tenant, key, now);
      changed.add(key);
    },
    eventTimeOf: (tenant) => clocks.get(tenant)?.eventTime ?? 0,
    moveTo(tenant, eventTime) {
      if (eventTime <= (clocks.get(tenant)?.eventTime ?? 0)) return false;
      clocks.set(tenant, { eventTime, at: now });
      bounded.touch(tenant, tenant, now);
      moved.add(tenant);
      return true;
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        if (histories.delete(key)) changed.add(key);
        if (clocks.delete(key)) moved.add(key);
      }
      for (const key of changed) HISTORIES.put(effects, key, histories.get(key) ?? null);
      for (const tenant of moved) CLOCKS.put(effects, tenant, clocks.get(tenant) ?? null);
      changed.clear();
      moved.clear();
      countCuts('spend_histories', cut, effects.count);
    },
    due: bounded.due,
  };
}
