import { hashId, MINUTE_MS } from '@telltale/kernel';
import { type BatchState, createStateCodec, createStateSection, type Effects } from '@telltale/streaming';
import { packIds, unpackIds } from './id-chunk';
import { createIdSet, type IdSet } from './id-set';

export const DEDUPE_WINDOW_MS = 10 * MINUTE_MS;
/** Names are `<T>/<n>`. */
const SECTION = createStateSection('ids/', createStateCodec<Buffer>(1, { encode: (ids) => ids, decode: (ids) => ids }));

/** A minute of batch time, and the state chunks that the ids of all tenants first seen in it are in. */
interface Minute {
  readonly minute: number;
  chunks: string[];
}
/** Ids of one tenant by minute, oldest first. They are forgotten a minute at a time, live and restored alike. */
interface TenantIds {
  count: number;
  readonly minutes: { readonly minute: number; readonly ids: IdSet }[];
}

/** Event ids of the last ten minutes of a task. Counts `event_ids_over_limit`: ids that had to be forgotten early. */
export interface DedupeWindow extends BatchState {
  /** True when the id is new. */
  add(tenant: string, id: string): boolean;
}

const minuteOf = (now: number): number => Math.floor(now / MINUTE_MS);
const isOld = (minute: number, now: number): boolean => (minute + 1) * MINUTE_MS + DEDUPE_WINDOW_MS <= now;

/**
 * State: `ids/<T>/<n>` → by tenant, 8-byte hashes of the ids first seen in the n-th range of time T. When a task has too many, the tenant
 * that has the most forgets its oldest minute, so that its flood does not cost others their ten minutes.
 */
export function createDedupeWindow(restored: ReadonlyMap<string, Buffer>, maxIds: number): DedupeWindow {
  const minutes: Minute[] = [];
  const tenants = new Map<string, TenantIds>();
  /** Chunks to be written again, or to go. */
  const changed = new Map<string, Buffer | null>();
  let fresh = new Map<string, number[]>();
  let now = 0;
  /** Of the last chunk written. */
  let last = { time: -1, nth: 0 };
  let count = 0;
  /** Ids forgotten early since the last flush. */
  let forgotten = 0;

  function minuteFor(minute: number): Minute {
    const newest = minutes.at(-1);
    if (newest?.minute === minute) return newest;
    const made: Minute = { minute, chunks: [] };
    minutes.push(made);
    return made;
  }

  function remember(tenant: string, minute: number, high: number, low: number): void {
    const known = tenants.get(tenant) ?? { count: 0, minutes: [] };
    if (known.count === 0) tenants.set(tenant, known);
    let newest = known.minutes.at(-1);
    if (newest?.minute !== minute) known.minutes.push((newest = { minute, ids: createIdSet() }));
    const before = newest.ids.size;
    newest.ids.add(high, low);
    known.count += newest.ids.size - before;
    count += newest.ids.size - before;
  }

  /** Forgets the oldest minute of a tenant, out of memory alone. */
  function forgetOldest(tenant: string, known: TenantIds): number {
    const size = known.minutes.shift()?.ids.size ?? 0;
    known.count -= size;
    count -= size;
    if (known.minutes.length === 0) tenants.delete(tenant);
    return size;
  }

  const chunks = SECTION.restore(restored)
    .map(([key, bytes]) => {
      const [time, nth] = key.split('/');
      return { key, bytes, time: Number(time), nth: Number(nth) };
    })
    .sort((a, b) => a.time - b.time || a.nth - b.nth);
  for (const { key, bytes, time, nth } of chunks) {
    const { minute, chunks: known } = minuteFor(minuteOf(time));
    known.push(key);
    unpackIds(bytes, (tenant, high, low) => remember(tenant, minute, high, low));
    last = { time, nth };
  }

  function forgetOld(): void {
    for (let oldest = minutes[0]; oldest && isOld(oldest.minute, now); oldest = minutes[0]) {
      for (const key of oldest.chunks) changed.set(key, null);
      for (const [tenant, known] of tenants) if (known.minutes[0]?.minute === oldest.minute) forgetOldest(tenant, known);
      minutes.shift();
    }
  }

  /** What others have in the minute goes into its first chunk. */
  function rewrite(of: Minute): void {
    const left = new Map<string, number[]>();
    for (const [tenant, known] of [...tenants].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const ids = known.minutes.find(({ minute }) => minute === of.minute)?.ids;
      if (ids) left.set(tenant, ids.sorted());
    }
    const [first, ...others] = of.chunks;
    for (const key of others) changed.set(key, null);
    if (first !== undefined) changed.set(first, left.size > 0 ? packIds(left) : null);
    of.chunks = first !== undefined && left.size > 0 ? [first] : [];
  }

  /** The newest minute stays whole: it is being written. */
  function forgetEarly(): void {
    const rewritten = new Set<Minute>();
    const newest = minutes.at(-1)?.minute;
    while (count > maxIds) {
      const [largest] = [...tenants].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1));
      const oldest = largest?.[1].minutes[0]?.minute;
      const of = minutes.find(({ minute }) => minute === oldest);
      if (!largest || !of || oldest === newest) break;
      forgotten += forgetOldest(...largest);
      rewritten.add(of);
    }
    for (const minute of rewritten) rewrite(minute);
  }

  return {
    add(tenant, id) {
      const hash = hashId(16, tenant, id);
      const high = parseInt(hash.slice(0, 8), 16);
      const low = parseInt(hash.slice(8), 16);
      const known = tenants.get(tenant)?.minutes ?? [];
      for (let i = known.length - 1; i >= 0; i--) if (known[i]?.ids.has(high, low)) return false;
      remember(tenant, minuteFor(minuteOf(now)).minute, high, low);
      const words = fresh.get(tenant);
      if (words) words.push(high, low);
      else fresh.set(tenant, [high, low]);
      return true;
    },
    startBatch(time) {
      now = time;
      forgetOld();
      forgetEarly();
    },
    flush(effects: Effects) {
      if (forgotten > 0) effects.count('event_ids_over_limit', forgotten);
      forgotten = 0;
      for (const [key, bytes] of changed) SECTION.put(effects, key, bytes);
      changed.clear();
      if (fresh.size === 0) return;
      last = { time: now, nth: last.time === now ? last.nth + 1 : 0 };
      const key = `${now}/${last.nth}`;
      minuteFor(minuteOf(now)).chunks.push(key);
      SECTION.put(effects, key, packIds(fresh));
      fresh = new Map();
    },
    due: (time) => minutes[0] !== undefined && isOld(minutes[0].minute, time),
  };
}
