import { type WasteCall } from '@telltale/contracts';
import { firstBlockOf } from '@telltale/domain-waste';
import { hashId, HOUR_MS, SECOND_MS } from '@telltale/kernel';
import { type BatchState, createBoundedKeys, createStateCodec, createStateSection, flushBounded } from '@telltale/streaming';

const LIMITS = { perTenant: 500, perTask: 20_000, idleMs: 2 * HOUR_MS };
/** What comes sooner after what is stored is not stored again. */
const STEP_MS = 30 * SECOND_MS;

interface Kept {
  /** When it was read last, ms since the epoch, and the batch time of that. */
  readonly read: number;
  readonly at: number;
}
const SECTION = createStateSection('read/', createStateCodec<Kept>(1));

/** When beginnings of prompts were read from a cache last, whatever session did. Counts `cache_reads_*` where some had to go. */
export interface CacheReads extends BatchState {
  add(tenant: string, service: string, call: WasteCall): void;
  /** Whether a call read what this one wrote, or its beginning, after it. */
  wasRead(tenant: string, service: string, call: WasteCall): boolean;
}

export function createCacheReads(restored: ReadonlyMap<string, Buffer>): CacheReads {
  const kept = new Map(SECTION.restore(restored));
  const changed = new Set<string>();
  let now = 0;
  const bounded = createBoundedKeys(LIMITS, [...kept].map(([key, { at }]) => ({ tenant: key.slice(0, key.indexOf('/')), key, at }))); // prettier-ignore
  const keyOf = (tenant: string, service: string, { model, blocks }: WasteCall): string =>
    `${tenant}/${hashId(16, service, model, firstBlockOf(blocks))}`;

  return {
    startBatch(time) {
      now = time;
    },
    add(tenant, service, call) {
      if (!call.read || call.blocks === '') return;
      const key = keyOf(tenant, service, call);
      if (call.at < (kept.get(key)?.read ?? -Infinity) + STEP_MS) return;
      kept.set(key, { read: call.at, at: now });
      bounded.touch(tenant, key, now);
      changed.add(key);
    },
    wasRead: (tenant, service, call) =>
      call.blocks !== '' && (kept.get(keyOf(tenant, service, call))?.read ?? -Infinity) >= call.end,
    flush: (effects) => flushBounded('cache_reads', { section: SECTION, kept, changed, bounded }, now, effects),
    due: (time) => bounded.due(time),
  };
}
