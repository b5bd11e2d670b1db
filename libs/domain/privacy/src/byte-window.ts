/**
 * Reading a code unit of a string costs several times as much as reading a byte, so long texts are looked through as bytes, window by
 * window. Low bytes stand for code units above 255: what is found there is a maybe.
 */
export interface ByteWindow {
  /** Place of the next sign from `at` on whose byte is marked, or the length of the text. */
  next(text: string, at: number, marked: Uint8Array): number;
  /** Forgets what it has seen: another text comes. */
  reset(): void;
}

const SIZE = 64 * 1024;

export function createByteWindow(): ByteWindow {
  const bytes = Buffer.allocUnsafeSlow(SIZE);
  let from = 0;
  let to = 0;
  return {
    reset() {
      from = to = 0;
    },
    next(text, at, marked) {
      const { length } = text;
      for (let i = at; i < length;) {
        if (i >= to) {
          from = i;
          to = from + bytes.write(from === 0 && length <= SIZE ? text : text.slice(from, from + SIZE), 'latin1');
        }
        for (let b = i - from; b < to - from; b++) if (marked[bytes[b] ?? 0] !== 0) return from + b;
        i = to;
      }
      return length;
    },
  };
}
