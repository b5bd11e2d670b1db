import { createIntents, type Intent, type Intents, type StoredIntent } from '@telltale/domain-conversation-analytics';

const PREFIX = 'intent/';

/** What people have asked of each tenant on this task. */
export interface IntentState {
  of(tenant: string, request: string): Intent;
  /** Forgets all that a tenant asked. */
  forget(tenant: string): void;
  flush(state: Map<string, Buffer | string | null>): void;
}

/** State: `intent/<tenant>/<order>`, a label and what it was made of. At most a thousand of a tenant. */
export function createIntentState(restored: ReadonlyMap<string, Buffer>): IntentState {
  const kept = new Map<string, StoredIntent[]>();
  for (const [key, value] of restored) {
    if (!key.startsWith(PREFIX)) continue;
    const tenant = key.slice(PREFIX.length, key.lastIndexOf('/'));
    kept.set(tenant, [...(kept.get(tenant) ?? []), JSON.parse(value.toString()) as StoredIntent]);
  }
  const tenants = new Map([...kept].map(([tenant, intents]) => [tenant, createIntents({ restored: intents })]));

  /** Orders of each tenant that the state has. */
  const stored = new Map([...kept].map(([tenant, intents]) => [tenant, intents.map(({ order }) => order)]));
  const gone: string[] = [];
  const keyOf = (tenant: string, order: number): string => `${PREFIX}${tenant}/${order}`;

  function intentsOf(tenant: string): Intents {
    const known = tenants.get(tenant) ?? createIntents();
    tenants.set(tenant, known);
    return known;
  }
  return {
    of: (tenant, request) => intentsOf(tenant).of(request),
    forget(tenant) {
      for (const order of stored.get(tenant) ?? []) gone.push(keyOf(tenant, order));
      stored.delete(tenant);
      tenants.delete(tenant);
    },
    flush(state) {
      for (const key of gone.splice(0)) state.set(key, null);
      for (const [tenant, intents] of tenants)
        for (const intent of intents.changes()) {
          state.set(keyOf(tenant, intent.order), JSON.stringify(intent));
          stored.set(tenant, [...(stored.get(tenant) ?? []), intent.order]);
        }
    },
  };
}
