/** The world of a command: where it writes, how wide that is, and when it should end. */
export interface Io {
  /** Answers; nothing else goes here. */
  out(text: string): void;
  /** Everything else: progress, notes, errors. */
  err(text: string): void;
  readonly isOutTty: boolean;
  readonly isErrTty: boolean;
  /** Characters a line of the answer may have; Infinity when nobody looks at a screen. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

export function processIo(signal: AbortSignal): Io {
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
