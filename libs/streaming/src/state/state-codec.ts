/** Encoding of a state value: a version byte, then the value in the format of that version. */
export interface StateCodec<T> {
  encode(value: T): Buffer;
  /** Throws when this release does not know the version of the bytes. */
  decode(stored: Buffer): T;
}

export interface Form<T> {
  /** The bytes in one piece or in several, which are copied. */
  encode(value: T): string | Uint8Array | readonly Uint8Array[];
  decode(bytes: Buffer): T;
}

const json = <T>(): Form<T> => ({
  encode: (value) => JSON.stringify(value),
  decode: (bytes) => JSON.parse(bytes.toString('utf8')) as T,
});

/**
 * Writes `version` (1 to 255) and reads it and the `earlier` versions. A release that changes the format raises the version and keeps the
 * decoder of the one before.
 */
export function createStateCodec<T>(
  version: number,
  form: Form<T> = json<T>(),
  earlier: Readonly<Record<number, (bytes: Buffer) => T>> = {},
): StateCodec<T> {
  const head = Buffer.of(version);
  return {
    encode(value) {
      const encoded = form.encode(value);
      if (typeof encoded === 'string') {
        const bytes = Buffer.allocUnsafe(1 + Buffer.byteLength(encoded));
        bytes[0] = version;
        bytes.write(encoded, 1);
        return bytes;
      }
      return Buffer.concat(encoded instanceof Uint8Array ? [head, encoded] : [head, ...encoded]);
    },
    decode(stored) {
      const found = stored[0] ?? 0;
      const bytes = stored.subarray(1);
      if (found === version) return form.decode(bytes);
      const read = earlier[found];
      if (!read)
        throw new Error(`state of version ${found} cannot be read, this release knows up to ${version}: start a newer release`);
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
