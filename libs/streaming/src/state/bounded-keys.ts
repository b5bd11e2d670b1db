/** How many keys of state there may be, and for how long. */
export interface KeyLimits {
  /** Most keys of one tenant in a task. */
  readonly perTenant: number;
  /** Most keys in a task over all tenants: the tenant that has the most gives way. */
  readonly perTask: number;
  /** A key that no batch touched for so long is removed. */
  readonly idleMs: number;
}

export type CutReason = 'expired' | 'over_limit';
export interface CutKey {
  readonly tenant: string;
  readonly key: string;
  readonly reason: CutReason;
}
export interface TouchedKey {
  readonly tenant: string;
  readonly key: string;
  /** Batch time of the last touch; whoever owns the key keeps it in the key's state. */
  readonly at: number;
}

/**
 * Which keys of state a task keeps. Names that a tenant chooses must not make state grow without end, and the names of one tenant must not
 * push out those of another. The order is that of (last touch, key), never that of arrival, so a restored task cuts the same keys.
 */
export interface BoundedKeys {
  /** Touches must not go back in time. */
  touch(tenant: string, key: string, at: number): void;
  remove(tenant: string, key: string): void;
  /** At the end of a batch: takes out what is expired or over the limits, those that were touched the longest ago first. */
  cut(now: number): CutKey[];
  /** Whether a key expires by `now`. */
  due(now: number): boolean;
  size(): number;
}

type Keys = Map<string, number>;

/** The `count` keys of least (touch, key). Keys are in order of touch, so only those that share the last one's touch are sorted in vain. */
function oldestOf(keys: Keys, count: number): string[] {
  const found: [key: string, at: number][] = [];
  for (const [key, at] of keys) {
    if (found.length >= count && at !== found.at(-1)?.[1]) break;
    found.push([key, at]);
  }
  found.sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  return found.slice(0, count).map(([key]) => key);
}

const firstTouch = (keys: Keys): number => keys.values().next().value ?? Infinity;

export function createBoundedKeys(limits: KeyLimits, restored: Iterable<TouchedKey> = []): BoundedKeys {
  const tenants = new Map<string, Keys>();
  /** Tenants that may have too many. */
  const grown = new Set<string>();
  let total = 0;
  /** No key expires before. */
  let nextExpiry = Infinity;

  function touch(tenant: string, key: string, at: number): void {
    let keys = tenants.get(tenant);
    if (!keys) tenants.set(tenant, (keys = new Map()));
    if (!keys.delete(key)) {
      total++;
      if (keys.size >= limits.perTenant) grown.add(tenant);
    }
    keys.set(key, at);
    nextExpiry = Math.min(nextExpiry, at + limits.idleMs);
  }

  function remove(tenant: string, key: string): void {
    const keys = tenants.get(tenant);
    if (!keys?.delete(key)) return;
    total--;
    if (keys.size === 0) tenants.delete(tenant);
  }

  function take(tenant: string, list: readonly string[], reason: CutReason, into: CutKey[]): void {
    for (const key of list) {
      remove(tenant, key);
      into.push({ tenant, key, reason });
    }
  }

  /** Touches only move expiries on, so the bound is looked at again when it is reached. */
  function hasExpired(now: number): boolean {
    if (now < nextExpiry) return false;
    nextExpiry = Infinity;
    for (const keys of tenants.values()) nextExpiry = Math.min(nextExpiry, firstTouch(keys) + limits.idleMs);
    return now >= nextExpiry;
  }

  function expire(now: number, into: CutKey[]): void {
    for (const [tenant, keys] of [...tenants].sort(([a], [b]) => (a < b ? -1 : 1))) {
      let count = 0;
      for (const at of keys.values()) {
        if (at + limits.idleMs > now) break;
        count++;
      }
      if (count > 0) take(tenant, oldestOf(keys, count), 'expired', into);
    }
  }

  /** Takes from the largest until it is no longer the largest, or enough is taken. Of equals the one that was touched the longest ago, then by name. */
  function cutTask(into: CutKey[]): void {
    while (total > limits.perTask) {
      const [largest, second] = [...tenants].sort(
        ([a, x], [b, y]) => y.size - x.size || firstTouch(x) - firstTouch(y) || (a < b ? -1 : 1),
      );
      if (!largest) return;
      const [tenant, keys] = largest;
      const count = Math.min(total - limits.perTask, Math.max(1, keys.size - (second?.[1].size ?? 0)));
      take(tenant, oldestOf(keys, count), 'over_limit', into);
    }
  }

  for (const { tenant, key, at } of [...restored].sort((a, b) => a.at - b.at)) touch(tenant, key, at);

  return {
    touch,
    remove,
    cut(now) {
      const cut: CutKey[] = [];
      if (hasExpired(now)) expire(now, cut);
      for (const tenant of [...grown].sort()) {
        const keys = tenants.get(tenant);
        if (keys && keys.size > limits.perTenant) take(tenant, oldestOf(keys, keys.size - limits.perTenant), 'over_limit', cut);
      }
      grown.clear();
      cutTask(cut);
      return cut;
    },
    due: hasExpired,
    size: () => total,
  };
}

/** Counts cut keys as `<name>_expired` and `<name>_over_limit`. */
export function countCuts(name: string, cut: readonly CutKey[], count: (what: string, by: number) => void): void {
  for (const reason of ['expired', 'over_limit'] as const) {
    const of = cut.filter((one) => one.reason === reason).length;
    if (of > 0) count(`${name}_${reason}`, of);
  }
}
