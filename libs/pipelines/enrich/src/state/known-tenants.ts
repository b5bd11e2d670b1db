import { DAY_MS } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

/** Names are tenants, values the day of the last event (ms since the epoch), written once a day. */
const SECTION = createStateSection('tenant/', createStateCodec<number>(1));
/** What is known of a tenant that sends nothing for so long is forgotten. */
const IDLE_MS = 30 * DAY_MS;
const MAX_TENANTS = 10_000;

/** Which tenants a task has seen, to the day: what is kept by tenant goes with them. */
export interface KnownTenants extends BatchState {
  /** An event of the tenant. */
  add(tenant: string): void;
}

/** `onForgotten`: nothing of the tenant is to be kept. */
export function createKnownTenants(
  restored: ReadonlyMap<string, Buffer>,
  onForgotten: (tenant: string) => void,
  maxTenants: number = MAX_TENANTS,
): KnownTenants {
  const lastDays = new Map(SECTION.restore(restored));
  const changed = new Set<string>();
  let today = 0;
  const bounded = createBoundedKeys(
    { perTenant: 1, perTask: maxTenants, idleMs: IDLE_MS },
    [...lastDays].map(([tenant, at]) => ({ tenant, key: tenant, at })),
  );

  return {
    startBatch(now) {
      today = now - (now % DAY_MS);
    },
    add(tenant) {
      if (lastDays.get(tenant) === today) return;
      lastDays.set(tenant, today);
      bounded.touch(tenant, tenant, today);
      changed.add(tenant);
    },
    flush(effects) {
      const cut = bounded.cut(today);
      for (const { tenant } of cut) {
        lastDays.delete(tenant);
        changed.add(tenant);
        onForgotten(tenant);
      }
      for (const tenant of changed) SECTION.put(effects, tenant, lastDays.get(tenant) ?? null);
      changed.clear();
      countCuts('tenants', cut, effects.count);
    },
    // What is kept of an idle tenant can wait for the next event.
    due: () => false,
  };
}
