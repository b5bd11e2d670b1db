/** Well below the record limit of topics. */
const PART_BYTES = 500_000;
const PREFIX = '__part__/';
const partKey = (key: string, part: number): string => `${PREFIX}${part}/${key}`;

export type StateChanges = ReadonlyMap<string, Buffer | string | null>;

/**
 * Splits state values of any size into records that fit the topic: a large value is written in parts, each with its own key. All parts are
 * written in one transaction, so a reader finds all parts of a value or none.
 */
export function createStateParts() {
  /** Keys whose values are split, with the number of parts. */
  const inParts = new Map<string, number>();

  return {
    /** The state that these records contain. */
    join(records: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
      const state = new Map<string, Buffer>();
      const parts = new Map<string, Buffer[]>();
      for (const [key, value] of records) {
        if (!key.startsWith(PREFIX)) {
          state.set(key, value);
          continue;
        }
        const end = key.indexOf('/', PREFIX.length);
        const whole = key.slice(end + 1);
        const found = parts.get(whole) ?? [];
        parts.set(whole, found);
        found[Number(key.slice(PREFIX.length, end))] = value;
      }
      for (const [key, found] of parts) {
        state.set(key, Buffer.concat(found));
        inParts.set(key, found.length);
      }
      return state;
    },

    /** The records that, read by `join`, give the state after `changes`. */
    split(changes: StateChanges): StateChanges {
      const records = new Map<string, Buffer | string | null>();
      for (const [key, value] of changes) {
        const before = inParts.get(key) ?? 0;
        const isLarge = value !== null && value.length * 3 > PART_BYTES && Buffer.byteLength(value) > PART_BYTES;
        const bytes = isLarge ? Buffer.from(value) : Buffer.alloc(0);
        const count = Math.ceil(bytes.length / PART_BYTES);
        records.set(key, isLarge ? null : value);
        for (let part = 0; part < Math.max(count, before); part++)
          records.set(partKey(key, part), part < count ? bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) : null);
        if (count > 0) inParts.set(key, count);
        else inParts.delete(key);
      }
      return records;
    },
  };
}
