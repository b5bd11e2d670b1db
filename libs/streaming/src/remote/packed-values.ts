/** Values that go to another thread: all bytes in one piece of memory, which can be handed over instead of copied. */
export interface PackedValues {
  readonly bytes: ArrayBuffer;
  /** Of each value, in order: a text as it is, null, or how many of the bytes it is. */
  readonly values: readonly (string | number | null)[];
}

export function packValues(values: readonly (Buffer | string | null)[]): PackedValues {
  let length = 0;
  for (const value of values) if (Buffer.isBuffer(value)) length += value.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  const packed = values.map((value) => {
    if (!Buffer.isBuffer(value)) return value;
    bytes.set(value, at);
    at += value.length;
    return value.length;
  });
  return { bytes: bytes.buffer, values: packed };
}

/** The values again; buffers are views of the one piece of memory. */
export function unpackValues({ bytes, values }: PackedValues): (Buffer | string | null)[] {
  let at = 0;
  return values.map((value) => {
    if (typeof value !== 'number') return value;
    const view = Buffer.from(bytes, at, value);
    at += value;
    return view;
  });
}
