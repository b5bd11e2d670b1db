import { hashId, MINUTE_MS } from '@telltale/kernel';
import { createIdSet, type IdSet } from './id-set';

export const SEEN_MS = 10 * MINUTE_MS;
const PREFIX = 'ids/';

/** Ids of one minute of range time, and the state chunks they are in. They are forgotten together, live and restored alike. */
interface Generation {
  readonly minute: number;
  readonly ids: IdSet;
  readonly chunks: string[];
}

/** Event ids of the last ten minutes of a lane. */
export interface SeenIds {
  /** True when the id is new. */
  add(tenant: string, id: string): boolean;
  /** Begins a range: forgets what is old. */
  begin(now: number): void;
  /** Ends it: what changes in the state. */
  flush(state: Map<string, Buffer | string | null>): void;
  due(now: number): boolean;
}

const minuteOf = (now: number): number => Math.floor(now / MINUTE_MS);
const isOld = (minute: number, now: number): boolean => (minute + 1) * MINUTE_MS + SEEN_MS <= now;

/** State: `ids/<T>/<n>` → 8-byte hashes of the ids first seen in the n-th range of time T. */
export function createSeenIds(restored: ReadonlyMap<string, Buffer>, maxIds: number): SeenIds {
  const generations: Generation[] = [];
  const forgotten: string[] = [];
  let fresh: number[] = [];
  let now = 0;
  /** Of the last chunk written. */
  let last = { time: -1, nth: 0 };
  let count = 0;

  function generationOf(minute: number): Generation {
    const newest = generations.at(-1);
    if (newest?.minute === minute) return newest;
    const made: Generation = { minute, ids: createIdSet(), chunks: [] };
    generations.push(made);
    return made;
  }

  const chunks = [...restored]
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, bytes]) => {
      const [, time, nth] = key.split('/');
      return { key, bytes, time: Number(time), nth: Number(nth) };
    })
    .sort((a, b) => a.time - b.time || a.nth - b.nth);
  for (const { key, bytes, time, nth } of chunks) {
    const generation = generationOf(minuteOf(time));
    generation.chunks.push(key);
    for (let at = 0; at + 8 <= bytes.length; at += 8) generation.ids.add(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4));
    last = { time, nth };
  }
  count = generations.reduce((sum, { ids }) => sum + ids.size, 0);

  return {
    add(tenant, id) {
      const hash = hashId(16, tenant, id);
      const high = parseInt(hash.slice(0, 8), 16);
      const low = parseInt(hash.slice(8), 16);
      for (let i = generations.length - 1; i >= 0; i--) if (generations[i]?.ids.has(high, low)) return false;
      generationOf(minuteOf(now)).ids.add(high, low);
      fresh.push(high, low);
      count++;
      return true;
    },
    begin(time) {
      now = time;
      for (let oldest = generations[0]; oldest; oldest = generations[0]) {
        if (!isOld(oldest.minute, now) && (count <= maxIds || generations.length === 1)) break;
        forgotten.push(...oldest.chunks);
        count -= oldest.ids.size;
        generations.shift();
      }
    },
    flush(state) {
      for (const key of forgotten.splice(0)) state.set(key, null);
      if (fresh.length === 0) return;
      const bytes = Buffer.allocUnsafe(4 * fresh.length);
      fresh.forEach((word, i) => bytes.writeUInt32BE(word, 4 * i));
      last = { time: now, nth: last.time === now ? last.nth + 1 : 0 };
      const key = `${PREFIX}${now}/${last.nth}`;
      generationOf(minuteOf(now)).chunks.push(key);
      state.set(key, bytes);
      fresh = [];
    },
    due: (time) => generations[0] !== undefined && isOld(generations[0].minute, time),
  };
}
