import { PermanentError } from '@telltale/kernel';

/** Encoding of a state value: a version byte, then the value in the format of that version. */
export interface StateCodec<T> {
  encode(value: T): Buffer;
  /** Throws when this release does not know the version of the bytes. */
  decode(stored: Buffer): T;
}

/** A part of a value; text is written as UTF-8. */
type Piece = string | Uint8Array;

export interface Form<T> {
  /** The text or bytes in one piece or in several, which are copied. */
  encode(value: T): Piece | readonly Piece[];
  decode(bytes: Buffer): T;
}

const json = <T>(): Form<T> => ({
  encode: (value) => JSON.stringify(value),
  decode: (bytes) => JSON.parse(bytes.toString('utf8')) as T,
});

/** Values share pieces of memory of this size: to allocate one for every few values takes longer than to write them. */
const SLAB_BYTES = 65_536;
let slab = Buffer.alloc(0);
let used = 0;

function allocate(size: number): Buffer {
  if (4 * size > SLAB_BYTES) return Buffer.allocUnsafe(size);
  if (used + size > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  used += size;
  return slab.subarray(used - size, used);
}

const sizeOf = (piece: Piece): number => (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length);

function joined(version: number, pieces: readonly Piece[]): Buffer {
  let size = 1;
  for (const piece of pieces) size += sizeOf(piece);
  const bytes = allocate(size);
  bytes[0] = version;
  let at = 1;
  for (const piece of pieces) {
    if (typeof piece === 'string') at += bytes.write(piece, at, 'utf8');
    else {
      bytes.set(piece, at);
      at += piece.length;
    }
  }
  return bytes;
}

/**
 * Writes `version` (1 to 255) and reads it and the `earlier` versions. A release that changes the format raises the version and keeps the
 * decoder of the one before.
 */
export function createStateCodec<T>(
  version: number,
  form: Form<T> = json<T>(),
  earlier: Readonly<Record<number, (bytes: Buffer) => T>> = {},
): StateCodec<T> {
  return {
    encode(value) {
      const encoded = form.encode(value);
      return joined(version, typeof encoded === 'string' || encoded instanceof Uint8Array ? [encoded] : encoded);
    },
    decode(stored) {
      const found = stored[0] ?? 0;
      const bytes = stored.subarray(1);
      if (found === version) return form.decode(bytes);
      const read = earlier[found];
      if (!read)
        throw new PermanentError(
          'config',
          `state of version ${found} cannot be read, this release knows up to ${version}: start a newer release, the one that wrote it or a later one`,
        );
      return read(bytes);
    },
  };
}

/** The state values under one prefix. Keys are given without the prefix. */
export interface StateSection<T> {
  /** The stored values, in order of key. */
  restore(stored: ReadonlyMap<string, Buffer>): [key: string, value: T][];
  put(changes: StateWriter, key: string, value: T | null): void;
}

export interface StateWriter {
  state(key: string, value: Buffer | string | null): void;
}

export const createStateSection = <T>(prefix: string, codec: StateCodec<T>): StateSection<T> => ({
  restore: (stored) =>
    [...stored]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key.slice(prefix.length), codec.decode(value)]),
  put: (changes, key, value) => changes.state(prefix + key, value === null ? null : codec.encode(value)),
});
