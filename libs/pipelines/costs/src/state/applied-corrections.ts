import { type AppliedCorrection } from '@telltale/domain-cost';
import { hashId, MINUTE_MS } from '@telltale/kernel';
import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';

export const REMEMBERED_MS = 10 * MINUTE_MS;
/** About 100 bytes an entry as JSON, so a chunk is well below what a record may hold. */
const CHUNK = 4_000;

type Entry = readonly [call: string, id: string, at: number, nano: number, unpriced: number];
type Kept = AppliedCorrection & { readonly chunk: string };
/** Names are `<T>/<n>`, values what batches of time T applied. */
const SECTION = createStateSection('applied/', createStateCodec<readonly Entry[]>(1));

/** What was last applied of each call that was corrected in the last ten minutes, in a task. */
export interface AppliedCorrections extends BatchState {
  last(tenant: string, eventId: string): AppliedCorrection | null;
  add(tenant: string, eventId: string, applied: AppliedCorrection): void;
}

const callOf = (tenant: string, eventId: string): string => hashId(16, tenant, eventId);
const keyOf = (time: number, nth: number): string => `${time}/${nth}`;
const timeOf = (key: string): readonly [time: number, nth: number] => {
  const [time, nth] = key.split('/');
  return [Number(time), Number(nth)];
};
const isOld = (key: string, now: number): boolean => timeOf(key)[0] + REMEMBERED_MS <= now;

/** Chunks are forgotten whole, the oldest first: after ten minutes, or when more than `maxCalls` are remembered. */
export function createAppliedCorrections(restored: ReadonlyMap<string, Buffer>, maxCalls: number): AppliedCorrections {
  const calls = new Map<string, Kept>();
  /** Calls by chunk, oldest first. */
  const chunks = new Map<string, string[]>();
  const forgotten: string[] = [];
  let fresh = new Map<string, AppliedCorrection>();
  let now = 0;
  let newest: readonly [time: number, nth: number] = [-1, 0];

  function keep(chunk: string, entries: readonly Entry[]): void {
    for (const [call, id, at, nano, unpriced] of entries) calls.set(call, { id, at, nano, unpriced, chunk });
    chunks.set(
      chunk,
      entries.map(([call]) => call),
    );
    newest = timeOf(chunk);
  }

  function forget(chunk: string): void {
    for (const call of chunks.get(chunk) ?? []) if (calls.get(call)?.chunk === chunk) calls.delete(call);
    chunks.delete(chunk);
    forgotten.push(chunk);
  }

  const saved = SECTION.restore(restored);
  saved.sort(([a], [b]) => timeOf(a)[0] - timeOf(b)[0] || timeOf(a)[1] - timeOf(b)[1]);
  for (const [chunk, entries] of saved) keep(chunk, entries);

  return {
    last(tenant, eventId) {
      const call = callOf(tenant, eventId);
      return fresh.get(call) ?? calls.get(call) ?? null;
    },
    add: (tenant, eventId, applied) => void fresh.set(callOf(tenant, eventId), applied),
    startBatch(time) {
      now = time;
      for (const chunk of [...chunks.keys()]) {
        if (!isOld(chunk, now) && calls.size <= maxCalls) break;
        forget(chunk);
      }
    },
    flush(effects) {
      for (const key of forgotten.splice(0)) SECTION.put(effects, key, null);
      const entries = [...fresh].map(([call, { id, at, nano, unpriced }]): Entry => [call, id, at, nano, unpriced]);
      for (let i = 0; i < entries.length; i += CHUNK) {
        const chunk = keyOf(now, newest[0] === now ? newest[1] + 1 : 0);
        const part = entries.slice(i, i + CHUNK);
        keep(chunk, part);
        SECTION.put(effects, chunk, part);
      }
      fresh = new Map();
    },
    due(time) {
      const [oldest] = chunks.keys();
      return oldest !== undefined && isOld(oldest, time);
    },
  };
}
