import { type ChildProcess } from 'node:child_process';

/** How long a process may take to end by itself. */
const STOP_MS = 30_000;

/** A process that we started and that does not outlive us, however we exit. */
export function ownChild(child: ChildProcess) {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  /** Its exit code, or the signal that ended it; null while it runs. */
  const end = (): number | string | null => child.exitCode ?? child.signalCode;
  return {
    pid: child.pid ?? 0,
    end,
    /** Lets it end by itself, for so long. */
    async stop(): Promise<void> {
      const late = setTimeout(kill, STOP_MS);
      if (end() === null) {
        child.kill('SIGTERM');
        await ended;
      }
      clearTimeout(late);
      process.removeListener('exit', kill);
    },
  };
}
