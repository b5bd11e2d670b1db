/** What a sign may begin: something with a form, a word with a capital or a number of a street. */
export const FORM = 1;
export const WORD = 2;

/**
 * Reading a code unit of a string costs several times as much as reading a byte, so a text is looked through once as bytes, window by window,
 * and the places where something may begin are noted for all scanners. Low bytes stand for code units above 255: such a place is a maybe.
 */
export interface Candidates {
  /** Comes before `next` for every text; costs nothing when it is the same text again. */
  read(text: string): void;
  /** Place of the next sign from `at` on that may begin `what`, or the length of the text. Places asked for must not go back. */
  next(at: number, what: number): number;
}

const SIZE = 64 * 1024;
/** Bits of a pair by the order of its bytes in memory. */
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const FIRST = isLittle ? 1 : 2;
const SECOND = isLittle ? 2 : 1;

/** `marks`: by byte, what it may begin. */
export function createCandidates(marks: Uint8Array): Candidates {
  const bytes = Buffer.allocUnsafeSlow(SIZE);
  // Two bytes at once: in most pairs nothing begins.
  const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, SIZE / 2);
  const marked = Uint8Array.from({ length: 0x10000 }, (_, pair) => (marks[pair & 0xff] ? 1 : 0) | (marks[pair >> 8] ? 2 : 0));
  const places = new Uint16Array(SIZE);
  let text = '';
  let from = 0;
  let to = 0;
  let count = 0;
  let pointer = 0;

  function fill(start: number): void {
    from = start;
    const length = bytes.write(start === 0 && text.length <= SIZE ? text : text.slice(start, start + SIZE), 'latin1');
    to = start + length;
    count = 0;
    if (length < SIZE) bytes[length] = 0;
    const half = (length + 1) >> 1;
    for (let i = 0; i < half; i++) {
      const which = marked[pairs[i] as number] as number;
      if (which === 0) continue;
      if ((which & FIRST) !== 0) places[count++] = 2 * i;
      if ((which & SECOND) !== 0) places[count++] = 2 * i + 1;
    }
    pointer = 0;
  }

  return {
    read(said) {
      if (said === text && from === 0) {
        pointer = 0;
        return;
      }
      text = said;
      fill(0);
    },
    next(at, what) {
      for (;;) {
        for (; pointer < count; pointer++) {
          const place = places[pointer] as number;
          if (place >= at - from && ((marks[bytes[place] as number] as number) & what) !== 0) return from + place;
        }
        if (to >= text.length) return text.length;
        fill(to);
      }
    },
  };
}
