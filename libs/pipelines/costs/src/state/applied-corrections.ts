import { type AppliedCorrection } from '@telltale/domain-cost';
import { hashId, MINUTE_MS } from '@telltale/kernel';
import { type Effects } from '@telltale/streaming';

export const REMEMBERED_MS = 10 * MINUTE_MS;
const PREFIX = 'applied/';
/** About 100 bytes an entry as JSON, so a chunk is well below what a record may hold. */
const CHUNK = 4_000;

type Entry = readonly [call: string, id: string, at: number, nano: number, unpriced: number];
type Kept = AppliedCorrection & { readonly chunk: string };

/** What was last applied of each call that was corrected in the last ten minutes, in a task. */
export interface AppliedCorrections {
  last(tenant: string, eventId: string): AppliedCorrection | null;
  record(tenant: string, eventId: string, applied: AppliedCorrection): void;
  /** Begins a range at its time: forgets what is old. */
  begin(now: number): void;
  /** Ends it: writes what is new into the state. */
  flush(effects: Effects): void;
  due(now: number): boolean;
}

const callOf = (tenant: string, eventId: string): string => hashId(16, tenant, eventId);
const keyOf = (time: number, nth: number): string => `${PREFIX}${time}/${nth}`;
const timeOf = (key: string): readonly [time: number, nth: number] => {
  const [, time, nth] = key.split('/');
  return [Number(time), Number(nth)];
};
const isOld = (key: string, now: number): boolean => timeOf(key)[0] + REMEMBERED_MS <= now;

/**
 * State: `applied/<T>/<n>` → what ranges of time T applied. Chunks are forgotten whole, the oldest first: after ten minutes, or when
 * more than `maxCalls` are remembered.
 */
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

  const saved = [...restored.keys()].filter((key) => key.startsWith(PREFIX));
  saved.sort((a, b) => timeOf(a)[0] - timeOf(b)[0] || timeOf(a)[1] - timeOf(b)[1]);
  for (const key of saved) keep(key, JSON.parse(restored.get(key)?.toString() ?? '[]') as Entry[]);

  return {
    last(tenant, eventId) {
      const call = callOf(tenant, eventId);
      return fresh.get(call) ?? calls.get(call) ?? null;
    },
    record: (tenant, eventId, applied) => void fresh.set(callOf(tenant, eventId), applied),
    begin(time) {
      now = time;
      for (const chunk of [...chunks.keys()]) {
        if (!isOld(chunk, now) && calls.size <= maxCalls) break;
        forget(chunk);
      }
    },
    flush(effects) {
      for (const key of forgotten.splice(0)) effects.state(key, null);
      const entries = [...fresh].map(([call, { id, at, nano, unpriced }]): Entry => [call, id, at, nano, unpriced]);
      for (let i = 0; i < entries.length; i += CHUNK) {
        const chunk = keyOf(now, newest[0] === now ? newest[1] + 1 : 0);
        const part = entries.slice(i, i + CHUNK);
        keep(chunk, part);
        effects.state(chunk, JSON.stringify(part));
      }
      fresh = new Map();
    },
    due(time) {
      const [oldest] = chunks.keys();
      return oldest !== undefined && isOld(oldest, time);
    },
  };
}
