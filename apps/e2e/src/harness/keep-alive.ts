import { EndedEarly, startService, type ServiceProcess } from './service-process';

/** A supervisor as an orchestrator would be: starts a service again whenever it ends, until told to stop. */
export function keepAlive(name: string, env: (start: number) => Readonly<Record<string, string>>) {
  let current: ServiceProcess | null = null;
  let stopped = false;
  let starts = 0;
  const lines: string[] = [];
  const exits: (number | NodeJS.Signals)[] = [];
  const loop = (async () => {
    while (!stopped) {
      try {
        current = await startService(name, env(starts++));
        exits.push(await current.ended);
        lines.push(...current.lines);
      } catch (error) {
        if (!(error instanceof EndedEarly)) throw error;
        exits.push(error.why);
        lines.push(...error.lines);
      }
      current = null;
    }
  })();
  return {
    starts: () => starts,
    exits: () => exits,
    /** All lines of all lives. */
    lines: () => [...lines, ...(current?.lines ?? [])],
    /** Ends the life at hand without a goodbye; a new one follows. */
    kill: () => current?.kill('SIGKILL') ?? Promise.resolve(),
    async stop() {
      stopped = true;
      // A life that is just beginning is waited for, then ended like any other.
      let done = false;
      const ended = loop.finally(() => (done = true));
      while (!done) {
        await current?.kill('SIGTERM');
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
      }
      await ended;
    },
  };
}
export type Supervised = ReturnType<typeof keepAlive>;
