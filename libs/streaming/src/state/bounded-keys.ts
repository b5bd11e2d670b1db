import { type Effects } from '../pipeline/effects';
import { type StateSection } from './state-codec';

/** Limits on the number and age of state keys. */
export interface KeyLimits {
  /** Maximum keys of one tenant in a task. */
  readonly perTenant: number;
  /** Maximum keys in a task over all tenants; above it, the tenant with the most keys loses some. */
  readonly perTask: number;
  /** A key that no batch touched for this long is removed. */
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
  /** Batch time of the last touch; the caller stores it in the key's own state. */
  readonly at: number;
}

/**
 * Decides which state keys a task keeps. Tenants choose names freely, so keys must not make state grow without limit, and the keys of one
 * tenant must not evict those of another. Keys are ordered by (last touch, key), never by arrival, so a restored task evicts the same keys.
 */
export interface BoundedKeys {
  /** The times of touches must not decrease. */
  touch(tenant: string, key: string, at: number): void;
  remove(tenant: string, key: string): void;
  /** At the end of a batch: removes the keys that are expired or over a limit, least recently touched first. */
  cut(now: number): CutKey[];
  /** Whether a key expires by `now`. */
  due(now: number): boolean;
  size(): number;
}

type Keys = Map<string, number>;

/**
 * The `count` smallest keys by (touch, key). Keys are kept in order of touch, so only those with the last one's touch are sorted
 * needlessly.
 */
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
  /** Tenants that may be over the limit. */
  const grown = new Set<string>();
  let total = 0;
  /** No key expires before this time. */
  let nextExpiry = Infinity;

  function touch(tenant: string, key: string, at: number): void {
    let keys = tenants.get(tenant);
    if (!keys) tenants.set(tenant, (keys = new Map()));
    // Keys of one touch have no order among each other.
    if (keys.get(key) === at) return;
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

  /** Touches only move expiries later, so this bound is recomputed only when it is reached. */
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
      take(tenant, oldestOf(keys, count), 'expired', into);
    }
  }

  /**
   * Evicts keys of the largest tenant until it is no longer the largest, or enough keys are evicted. Among tenants of equal size, the one
   * with the least recent touch goes first, then by name.
   */
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

/** Counts evicted keys as `<name>_expired` and `<name>_over_limit`. */
export function countCuts(name: string, cut: readonly CutKey[], count: (what: string, by: number) => void): void {
  for (const reason of ['expired', 'over_limit'] as const) {
    const of = cut.filter((one) => one.reason === reason).length;
    if (of > 0) count(`${name}_${reason}`, of);
  }
}

/** What a task keeps by key within bounds. */
interface BoundedState<T> {
  readonly section: StateSection<T>;
  readonly kept: Map<string, T>;
  /** Keys whose value is other than when they were saved. */
  readonly changed: Set<string>;
  readonly bounded: BoundedKeys;
}

/** At the end of a batch: forgets what is expired or over the bounds, counted as `<name>_…`, and saves what changed. */
export function flushBounded<T>(
  name: string,
  { section, kept, changed, bounded }: BoundedState<T>,
  now: number,
  effects: Effects,
): void {
  const cut = bounded.cut(now);
  for (const { key } of cut) {
    kept.delete(key);
    changed.add(key);
  }
  for (const key of changed) section.put(effects, key, kept.get(key) ?? null);
  changed.clear();
  countCuts(name, cut, effects.count);
}
