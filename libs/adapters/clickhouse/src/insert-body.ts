import { type Row } from '@telltale/streaming';

const NEWLINE = 10;

/** The end of the rows from `first` on that lie behind one another in memory, with newlines in between. */
function endOfRun(rows: readonly Row[], first: number, bytes: Buffer): number {
  let after = bytes.byteOffset + bytes.length;
  for (let i = first + 1; ; i++) {
    const next = rows[i];
    if (!Buffer.isBuffer(next) || next.buffer !== bytes.buffer || next.byteOffset !== after + 1) return i;
    if (new Uint8Array(bytes.buffer, after, 1)[0] !== NEWLINE) return i;
    after = next.byteOffset + next.length;
  }
}

/** Rows as lines, in few pieces: neighbours in memory are not copied. */
export function* insertBody(rows: readonly Row[]): Generator<Buffer | string> {
  for (let i = 0; i < rows.length;) {
    if (i > 0) yield '\n';
    const first = rows[i] as Row;
    if (typeof first === 'string') {
      let end = i + 1;
      while (typeof rows[end] === 'string') end++;
      yield rows.slice(i, end).join('\n');
      i = end;
      continue;
    }
    const end = endOfRun(rows, i, first);
    const last = rows[end - 1] as Buffer;
    yield Buffer.from(first.buffer, first.byteOffset, last.byteOffset + last.length - first.byteOffset);
    i = end;
  }
}
