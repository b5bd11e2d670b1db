import { DAY_MS } from '@telltale/kernel';
import { createBoundedKeys, type CutKey } from '@telltale/streaming';

const PREFIX = 'tenant/';
/** What is known of a tenant that sends nothing for so long is forgotten. */
const IDLE_MS = 30 * DAY_MS;
const MAX_TENANTS = 10_000;

/** Which tenants a task has heard of, to the day: what is kept by tenant goes with them. */
export interface KnownTenants {
  begin(now: number): void;
  /** An event of the tenant. */
  touch(tenant: string): void;
  /** Ends a batch; the tenants of which nothing is to be kept. */
  flush(state: Map<string, Buffer | string | null>): CutKey[];
}

/** State: `tenant/<tenant>` → the day of its last event, written once a day. */
export function createKnownTenants(restored: ReadonlyMap<string, Buffer>, maxTenants: number = MAX_TENANTS): KnownTenants {
  const lastDays = new Map<string, number>();
  const changed = new Set<string>();
  let today = 0;
  for (const [key, value] of restored)
    if (key.startsWith(PREFIX)) lastDays.set(key.slice(PREFIX.length), Number(value.toString()));
  const bounded = createBoundedKeys(
    { perTenant: 1, perTask: maxTenants, idleMs: IDLE_MS },
    [...lastDays].map(([tenant, at]) => ({ tenant, key: tenant, at })),
  );

  return {
    begin(now) {
      today = now - (now % DAY_MS);
    },
    touch(tenant) {
      if (lastDays.get(tenant) === today) return;
      lastDays.set(tenant, today);
      bounded.touch(tenant, tenant, today);
      changed.add(tenant);
    },
    flush(state) {
      const cut = bounded.cut(today);
      for (const { tenant } of cut) {
        lastDays.delete(tenant);
        changed.add(tenant);
      }
      for (const tenant of changed) state.set(PREFIX + tenant, lastDays.get(tenant)?.toString() ?? null);
      changed.clear();
      return cut;
    },
  };
}
