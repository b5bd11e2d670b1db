import { DAY_MS } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

/** How far the event time of a tenant has come, and the batch time of the last change. */
interface KeptClock {
  readonly eventTime: number;
  readonly at: number;
}
const CLOCKS = createStateSection('t/', createStateCodec<KeptClock>(1));
/** Spend by hour, which earlier releases kept here and the budgets service keeps now. */
const FORMER_HISTORIES = createStateSection('h/', createStateCodec<unknown>(1));

const LIMITS = { perTenant: 1, perTask: 25_000, idleMs: 3 * DAY_MS };

/** How far each tenant's event time has come. Counts `tenant_clocks_*` where some had to go. */
export interface TenantClocks extends BatchState {
  /** Event time of the tenant, ms since the epoch; 0 before any. */
  eventTimeOf(tenant: string): number;
  /** Moves it; false where it has come further already. */
  moveTo(tenant: string, eventTime: number): boolean;
}

export function createTenantClocks(restored: ReadonlyMap<string, Buffer>): TenantClocks {
  const clocks = new Map(CLOCKS.restore(restored));
  const former = FORMER_HISTORIES.restore(restored).map(([key]) => key);
  const moved = new Set<string>();
  let now = 0;
  const bounded = createBoundedKeys(LIMITS, [...clocks].map(([tenant, { at }]) => ({ tenant, key: tenant, at }))); // prettier-ignore

  return {
    startBatch(time) {
      now = time;
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
      for (const key of former.splice(0)) FORMER_HISTORIES.put(effects, key, null);
      const cut = bounded.cut(now);
      for (const { key } of cut) if (clocks.delete(key)) moved.add(key);
      for (const tenant of moved) CLOCKS.put(effects, tenant, clocks.get(tenant) ?? null);
      moved.clear();
      countCuts('tenant_clocks', cut, effects.count);
    },
    due: bounded.due,
  };
}
