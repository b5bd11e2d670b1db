import { createIntents, type Intent, type Intents, type StoredIntent } from '@telltale/domain-conversation-analytics';
import { DAY_MS, groupBy } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

const LIMITS = { perTenant: 1, perTask: 1_000, idleMs: 7 * DAY_MS };

/** What people have asked of each tenant of a task: at most a thousand labels of each. A tenant that is silent for a week begins with none. */
export interface TenantIntents extends BatchState {
  of(tenant: string, request: string): Intent;
}

const labels = createStateSection('intent/', createStateCodec<StoredIntent>(1));
const touches = createStateSection('intents-touched/', createStateCodec<number>(1));
/** A touch is stored once a day: it only says which tenants are silent. */
const TOUCH_MS = DAY_MS;

/** State: `intent/<tenant>/<order>` → a label and what it was made of; `intents-touched/<tenant>` → batch time of the last touch stored. */
export function createTenantIntents(restored: ReadonlyMap<string, Buffer>): TenantIntents {
  const stored = groupBy(labels.restore(restored), ([key]) => key.slice(0, key.lastIndexOf('/')));
  const tenants = new Map<string, Intents>(
    [...stored].map(([tenant, list]) => [tenant, createIntents({ restored: list.map(([, intent]) => intent) })]),
  );
  const orders = new Map<string, number>([...stored].map(([tenant, list]) => [tenant, list.length]));
  const touchedAt = new Map(touches.restore(restored));
  const bounded = createBoundedKeys(LIMITS, [...touchedAt].map(([tenant, at]) => ({ tenant, key: tenant, at }))); // prettier-ignore
  const changed = new Set<string>();
  const touched = new Set<string>();
  let now = 0;

  return {
    startBatch(time) {
      now = time;
    },
    of(tenant, request) {
      const known = tenants.get(tenant) ?? createIntents();
      tenants.set(tenant, known);
      changed.add(tenant);
      if (now - (touchedAt.get(tenant) ?? -Infinity) >= TOUCH_MS) {
        touchedAt.set(tenant, now);
        bounded.touch(tenant, tenant, now);
        touched.add(tenant);
      }
      return known.of(request);
    },
    flush(effects) {
      for (const tenant of changed)
        for (const intent of tenants.get(tenant)?.changes() ?? []) {
          labels.put(effects, `${tenant}/${intent.order}`, intent);
          orders.set(tenant, Math.max(orders.get(tenant) ?? 0, intent.order + 1));
        }
      for (const tenant of touched) touches.put(effects, tenant, touchedAt.get(tenant) ?? now);
      const cut = bounded.cut(now);
      for (const { tenant } of cut) {
        for (let order = 0; order < (orders.get(tenant) ?? 0); order++) labels.put(effects, `${tenant}/${order}`, null);
        touches.put(effects, tenant, null);
        tenants.delete(tenant);
        orders.delete(tenant);
        touchedAt.delete(tenant);
      }
      countCuts('intent_tenants', cut, effects.count);
      changed.clear();
      touched.clear();
    },
    due: (time) => bounded.due(time),
  };
}
