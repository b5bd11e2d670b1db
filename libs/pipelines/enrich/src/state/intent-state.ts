import { createIntents, type Intent, type Intents, type StoredIntent } from '@telltale/domain-conversation-analytics';
import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';

/** Names are `<tenant>/<order>`, values a label and what it was made of. At most a thousand of a tenant. */
const SECTION = createStateSection('intent/', createStateCodec<StoredIntent>(1));

/** What people have asked of each tenant on this task. */
export interface IntentState extends BatchState {
  /** The intent of a request; a new one where none is near. */
  add(tenant: string, request: string): Intent;
  /** Forgets all that a tenant asked. */
  forget(tenant: string): void;
}

export function createIntentState(restored: ReadonlyMap<string, Buffer>): IntentState {
  const kept = new Map<string, StoredIntent[]>();
  for (const [key, intent] of SECTION.restore(restored)) {
    const tenant = key.slice(0, key.lastIndexOf('/'));
    kept.set(tenant, [...(kept.get(tenant) ?? []), intent]);
  }
  const tenants = new Map([...kept].map(([tenant, intents]) => [tenant, createIntents({ restored: intents })]));

  /** Orders of each tenant that the state has. */
  const stored = new Map([...kept].map(([tenant, intents]) => [tenant, intents.map(({ order }) => order)]));
  const gone: string[] = [];
  const keyOf = (tenant: string, order: number): string => `${tenant}/${order}`;

  function intentsOf(tenant: string): Intents {
    const known = tenants.get(tenant) ?? createIntents();
    tenants.set(tenant, known);
    return known;
  }
  return {
    startBatch: () => undefined,
    due: () => false,
    add: (tenant, request) => intentsOf(tenant).of(request),
    forget(tenant) {
      for (const order of stored.get(tenant) ?? []) gone.push(keyOf(tenant, order));
      stored.delete(tenant);
      tenants.delete(tenant);
    },
    flush(effects) {
      for (const key of gone.splice(0)) SECTION.put(effects, key, null);
      for (const [tenant, intents] of tenants)
        for (const intent of intents.changes()) {
          SECTION.put(effects, keyOf(tenant, intent.order), intent);
          stored.set(tenant, [...(stored.get(tenant) ?? []), intent.order]);
        }
    },
  };
}
