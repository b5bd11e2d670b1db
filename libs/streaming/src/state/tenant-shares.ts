/** How far below the limit room is made, so that it is not made in every batch. */
const ROOM = 0.9;

/** What a task keeps of a tenant's. */
export interface Kept {
  readonly key: string;
  readonly tenant: string;
  /** Batch time of the last touch, ms since the epoch. */
  readonly touched: number;
}

interface Share<T> {
  readonly items: Map<string, T>;
  bytes: number;
}

/** Items with the memory that each tenant's take. */
export interface TenantShares<T extends Kept> {
  get(key: string): T | undefined;
  has(item: T): boolean;
  all(): Iterable<T>;
  /** Adds an item, or takes note of its size. */
  put(item: T, bytes: number): void;
  remove(item: T): void;
  /** Items of a tenant, those that were touched the longest ago first; ties by key. */
  ofTenant(tenant: string): readonly T[];
  bytesOf(tenant: string): number;
  /** Who has to give way, and to how many bytes, while all together take more than `maxBytes`: the tenant that takes the most. */
  over(maxBytes: number): { readonly tenant: string; readonly goal: number } | null;
}

export function createTenantShares<T extends Kept>(): TenantShares<T> {
  const items = new Map<string, T>();
  const sizes = new Map<string, number>();
  const shares = new Map<string, Share<T>>();
  let total = 0;
  /** Room is being made down to this; Infinity when it is not. */
  let aim = Infinity;

  return {
    get: (key) => items.get(key),
    has: ({ key }) => items.has(key),
    all: () => items.values(),
    put(item, bytes) {
      const share = shares.get(item.tenant) ?? { items: new Map<string, T>(), bytes: 0 };
      const grown = bytes - (sizes.get(item.key) ?? 0);
      items.set(item.key, item);
      shares.set(item.tenant, share);
      share.items.set(item.key, item);
      share.bytes += grown;
      total += grown;
      sizes.set(item.key, bytes);
    },
    remove({ key, tenant }) {
      const share = shares.get(tenant);
      const bytes = sizes.get(key) ?? 0;
      if (!share?.items.delete(key)) return;
      items.delete(key);
      sizes.delete(key);
      share.bytes -= bytes;
      total -= bytes;
      if (share.items.size === 0) shares.delete(tenant);
    },
    ofTenant: (tenant) =>
      [...(shares.get(tenant)?.items.values() ?? [])].sort((a, b) => a.touched - b.touched || (a.key < b.key ? -1 : 1)),
    bytesOf: (tenant) => shares.get(tenant)?.bytes ?? 0,
    over(maxBytes) {
      if (aim === Infinity && total > maxBytes) aim = ROOM * maxBytes;
      if (total <= aim) {
        aim = Infinity;
        return null;
      }
      const [most, second] = [...shares].sort(([a, x], [b, y]) => y.bytes - x.bytes || (a < b ? -1 : 1));
      if (!most) return null;
      const [tenant, { bytes }] = most;
      // At least a byte: of equals each gives way in turn.
      const spared = Math.min(bytes - 1, second?.[1].bytes ?? 0);
      return { tenant, goal: Math.max(spared, bytes - (total - aim), 0) };
    },
  };
}
