import { type Io } from './io';

const BAR = 24;
const REDRAW_MS = 100;
const LINE_MS = 3_000;

export interface Progress {
  /** `done` of the total; `text` says what stands beside the bar. */
  update(done: number, text?: string): void;
  /** Takes the bar away; a last line stays when it is given. */
  end(text?: string): void;
}

/** A bar on a terminal; elsewhere a plain line now and then. Nothing of it goes to stdout. */
export function createProgress(io: Io, label: string, total: number, now: () => number = Date.now): Progress {
  let drawnAt = -Infinity;
  const clear = (): void => {
    if (io.isErrTty) io.redraw('');
  };
  return {
    update(done, text = '') {
      const share = total > 0 ? Math.min(1, done / total) : 0;
      if (now() - drawnAt < (io.isErrTty ? REDRAW_MS : LINE_MS)) return;
      const isFirst = drawnAt === -Infinity;
      drawnAt = now();
      const percent = `${Math.floor(share * 100)} %`.padStart(5);
      if (io.isErrTty) {
        const full = Math.round(share * BAR);
        io.redraw(`${label} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent}  ${text}`);
      } else if (!isFirst) io.err(`${label} ${percent.trim()} ${text}\n`);
    },
    end(text) {
      clear();
      if (text !== undefined) io.err(`${text}\n`);
    },
  };
}
