import { escapeInvisible } from '@telltale/kernel';

/** Where the bytes of a command go, as they are. Only `createIo` writes here. */
export interface Terminal {
  /** A line to stdout. */
  out(text: string): void;
  /** Text to stderr. */
  err(text: string): void;
  readonly isOutTty: boolean;
  readonly isErrTty: boolean;
  /** Characters a line of the answer may have; Infinity when nobody looks at a screen. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

const COLOURS = { red: '31', green: '32' } as const;
/** A piece of a line: text, or text in a colour where stdout is a terminal. */
export type Piece = string | { readonly text: string; readonly colour: keyof typeof COLOURS };

/** The world of a command. Whatever it writes may hold content of other people, so nothing invisible in it reaches the terminal. */
export interface Io extends Omit<Terminal, 'out'> {
  /** Answers, a line a call; nothing else goes here. */
  out(...pieces: readonly Piece[]): void;
  /** Writes `text` in the place of the last one, for progress on a terminal; empty: takes it away. */
  redraw(text: string): void;
}

/** The one place that all output of every command passes: invisible characters are escaped, escape sequences come from here only. */
export function createIo(terminal: Terminal): Io {
  const pieceOf = (piece: Piece): string => {
    if (typeof piece === 'string') return escapeInvisible(piece);
    const text = escapeInvisible(piece.text);
    return terminal.isOutTty ? `\x1b[${COLOURS[piece.colour]}m${text}\x1b[0m` : text;
  };
  return {
    ...terminal,
    out: (...pieces) => terminal.out(pieces.map(pieceOf).join('')),
    err: (text) => terminal.err(escapeInvisible(text)),
    redraw: (text) => terminal.err(`\r\x1b[2K${escapeInvisible(text)}`),
  };
}

export function processTerminal(signal: AbortSignal): Terminal {
  const isOutTty = process.stdout.isTTY === true;
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(text),
    isOutTty,
    isErrTty: process.stderr.isTTY === true,
    columns: isOutTty ? (process.stdout.columns ?? 80) : Infinity,
    env: process.env,
    signal,
  };
}

export const note = (io: Io, text: string): void => io.err(`${text}\n`);

/** Says that a list may go on; otherwise what else there is to say of it. */
export function noteOfList(io: Io, { length }: readonly unknown[], limit: number, otherwise?: string): void {
  if (length === limit) note(io, `these are the first ${limit} only; --limit shows more`);
  else if (otherwise !== undefined) note(io, otherwise);
}
