/**
 * Numeric rows for very many series in one buffer: 100,000 series are one object for the garbage collector, and each update touches
 * adjacent memory. A row has 64-bit numbers first, then 32-bit ones, and starts at a cache line.
 */
export interface PackedRows {
  /** Views of all rows. Replaced when the table grows: get them again after `add` and `unpack`. */
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly bytesPerRow: number;
  /** Rows in use. */
  readonly size: number;
  /** Offset of a row's 32-bit numbers in `floats`, and of its 64-bit ones in `doubles`. */
  floatsAt(row: number): number;
  doublesAt(row: number): number;
  /** Adds a row of zeros. */
  add(): number;
  remove(row: number): void;
  /** A view of a row, in the byte order of this machine (little-endian wherever Node runs); it is good until the row changes. */
  bytesOf(row: number): Uint8Array;
  /** Adds a row from its bytes. Throws RangeError when they have another layout. */
  unpack(bytes: Uint8Array): number;
}

const FIRST_ROWS = 64;
const CACHE_LINE = 64;

export function createPackedRows(floatsPerRow: number, doublesPerRow: number): PackedRows {
  const used = 4 * floatsPerRow + 8 * doublesPerRow;
  const bytesPerRow = CACHE_LINE * Math.ceil(used / CACHE_LINE);
  let buffer = new ArrayBuffer(0);
  let floats = new Float32Array(buffer);
  let doubles = new Float64Array(buffer);
  let bytes = new Uint8Array(buffer);
  let made = 0;
  const free: number[] = [];

  function grow(): void {
    const grown = new Uint8Array(Math.max(FIRST_ROWS, Math.ceil(1.5 * made)) * bytesPerRow);
    grown.set(bytes);
    buffer = grown.buffer;
    floats = new Float32Array(buffer);
    doubles = new Float64Array(buffer);
    bytes = grown;
  }

  function add(): number {
    const reused = free.pop();
    if (reused !== undefined) return reused;
    if ((made + 1) * bytesPerRow > bytes.length) grow();
    return made++;
  }

  return {
    get floats() {
      return floats;
    },
    get doubles() {
      return doubles;
    },
    get size() {
      return made - free.length;
    },
    bytesPerRow,
    floatsAt: (row) => (row * bytesPerRow) / 4 + 2 * doublesPerRow,
    doublesAt: (row) => (row * bytesPerRow) / 8,
    add,
    remove(row) {
      bytes.fill(0, row * bytesPerRow, (row + 1) * bytesPerRow);
      free.push(row);
    },
    bytesOf: (row) => bytes.subarray(row * bytesPerRow, row * bytesPerRow + used),
    unpack(packed) {
      if (packed.length !== used) throw new RangeError(`a row has ${used} bytes, not ${packed.length}`);
      const row = add();
      bytes.set(packed, row * bytesPerRow);
      return row;
    },
  };
}

/** A number in a slot that always exists. */
export const slot = (row: Float32Array | Float64Array, index: number): number => row[index] as number;
