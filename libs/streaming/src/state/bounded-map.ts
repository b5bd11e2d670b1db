import { type BatchState } from './batch-state';
import { countCuts, createBoundedKeys, type KeyLimits } from './bounded-keys';
import { createStateCodec, createStateSection, type Form } from './state-codec';

/** What is kept of tenants by id, within bounds. */
export interface BoundedMap<T> extends BatchState {
  get(tenant: string, id: string): T | undefined;
  /** Those of a tenant, in order of id. */
  ofTenant(tenant: string): readonly (readonly [id: string, value: T])[];
  /** Those of a tenant, in whatever order. */
  all(tenant: string): Iterable<readonly [id: string, value: T]>;
  /** Keeps it, as of this batch. */
  set(tenant: string, id: string, value: T): void;
  /** Batch time of its last `set`; 0 where it is not there. */
  setAt(tenant: string, id: string): number;
  delete(tenant: string, id: string): void;
}

interface Kept<T> {
  readonly at: number;
  readonly value: T;
}

export interface BoundedMapOptions<T> {
  /** Of its keys in the state, `<prefix><tenant>/<id>`. */
  readonly prefix: string;
  /** Of what is cut: counted as `<name>_expired` and `<name>_over_limit`. */
  readonly name: string;
  readonly limits: KeyLimits;
  readonly form?: Form<Kept<T>>;
  /** Called with a tenant of which something was set or went. */
  readonly onChange?: (tenant: string) => void;
}

const byId = <T>([a]: readonly [string, T], [b]: readonly [string, T]): number => (a < b ? -1 : 1);

export function createBoundedMap<T>(
  restored: ReadonlyMap<string, Buffer>,
  { prefix, name, limits, form, onChange = () => undefined }: BoundedMapOptions<T>,
): BoundedMap<T> {
  const section = createStateSection(prefix, createStateCodec<Kept<T>>(1, form));
  const kept = new Map<string, Kept<T>>();
  const tenants = new Map<string, Map<string, T>>();
  const changed = new Set<string>();
  let now = 0;
  // Tenants have no slash; ids may.
  const keyOf = (tenant: string, id: string): string => `${tenant}/${id}`;
  const tenantOf = (key: string): string => key.slice(0, key.indexOf('/'));

  function keep(key: string, one: Kept<T>): void {
    const tenant = tenantOf(key);
    const own = tenants.get(tenant) ?? new Map<string, T>();
    tenants.set(tenant, own);
    own.set(key.slice(tenant.length + 1), one.value);
    kept.set(key, one);
  }
  function drop(key: string): void {
    const tenant = tenantOf(key);
    const own = tenants.get(tenant);
    own?.delete(key.slice(tenant.length + 1));
    if (own?.size === 0) tenants.delete(tenant);
    onChange(tenant);
  }
  for (const [key, one] of section.restore(restored)) keep(key, one);
  const bounded = createBoundedKeys(limits, [...kept].map(([key, { at }]) => ({ tenant: tenantOf(key), key, at }))); // prettier-ignore

  return {
    startBatch(time) {
      now = time;
    },
    get: (tenant, id) => kept.get(keyOf(tenant, id))?.value,
    ofTenant: (tenant) => [...(tenants.get(tenant) ?? [])].sort(byId),
    all: (tenant) => tenants.get(tenant) ?? [],
    set(tenant, id, value) {
      const key = keyOf(tenant, id);
      keep(key, { at: now, value });
      bounded.touch(tenant, key, now);
      changed.add(key);
      onChange(tenant);
    },
    setAt: (tenant, id) => kept.get(keyOf(tenant, id))?.at ?? 0,
    delete(tenant, id) {
      const key = keyOf(tenant, id);
      if (!kept.delete(key)) return;
      bounded.remove(tenant, key);
      drop(key);
      changed.add(key);
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        kept.delete(key);
        drop(key);
        changed.add(key);
      }
      for (const key of changed) section.put(effects, key, kept.get(key) ?? null);
      changed.clear();
      countCuts(name, cut, effects.count);
    },
    due: bounded.due,
  };
}
