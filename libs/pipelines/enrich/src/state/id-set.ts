/** A set of 64-bit hashes as pairs of 32-bit numbers: 16 to 32 bytes an entry, where a Set of texts takes ten times that. */
export interface IdSet {
  has(high: number, low: number): boolean;
  add(high: number, low: number): void;
  readonly size: number;
  /** All pairs in one list, in order of number: the same for the same pairs, however they came. */
  sorted(): number[];
}

/** Small, for there is a set a tenant and minute. */
const FIRST_CAPACITY = 16;

/** Open addressing with linear probing, at most half full. The pair 0, 0 marks an empty place and is stored as 0, 1. */
export function createIdSet(): IdSet {
  let table = new Uint32Array(2 * FIRST_CAPACITY);
  let size = 0;

  function placeOf(pairs: Uint32Array, high: number, low: number): number {
    const mask = pairs.length / 2 - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = 2 * slot;
      if ((pairs[at] === high && pairs[at + 1] === low) || (pairs[at] === 0 && pairs[at + 1] === 0)) return at;
    }
  }

  function grow(): void {
    const larger = new Uint32Array(2 * table.length);
    for (let at = 0; at < table.length; at += 2) {
      const high = table[at] ?? 0;
      const low = table[at + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const place = placeOf(larger, high, low);
      larger[place] = high;
      larger[place + 1] = low;
    }
    table = larger;
  }

  const lowOf = (high: number, low: number): number => (high === 0 && low === 0 ? 1 : low);
  return {
    has(high, low) {
      const place = placeOf(table, high, lowOf(high, low));
      return table[place] !== 0 || table[place + 1] !== 0;
    },
    add(high, low) {
      const kept = lowOf(high, low);
      const place = placeOf(table, high, kept);
      if (table[place] !== 0 || table[place + 1] !== 0) return;
      table[place] = high;
      table[place + 1] = kept;
      if (++size * 4 > table.length) grow();
    },
    get size() {
      return size;
    },
    sorted() {
      const pairs: [number, number][] = [];
      for (let at = 0; at < table.length; at += 2) {
        const pair: [number, number] = [table[at] ?? 0, table[at + 1] ?? 0];
        if (pair[0] !== 0 || pair[1] !== 0) pairs.push(pair);
      }
      return pairs.sort(([a, x], [b, y]) => a - b || x - y).flat();
    },
  };
}
