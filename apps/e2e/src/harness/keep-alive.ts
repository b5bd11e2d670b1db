import { EndedEarly, eventually, startService, type ServiceProcess } from './service-process';

/** A supervisor as an orchestrator would be: starts a service again whenever it ends, until it is stopped. */
export function keepAlive(name: string, env: (start: number) => Readonly<Record<string, string>>) {
  let current: ServiceProcess | null = null;
  let stopped = false;
  let starts = 0;
  const lines: string[] = [];
  /** Codes and signals, and why one did not even start. */
  const exits: (number | string)[] = [];
  const loop = (async () => {
    while (!stopped) {
      try {
        const life = await startService(name, env(starts++));
        current = life;
        exits.push(await life.ended);
        lines.push(...life.lines);
      } catch (error) {
        exits.push(error instanceof EndedEarly ? error.why : String(error));
        if (error instanceof EndedEarly) lines.push(...error.lines);
      }
      current = null;
    }
  })();
  return {
    starts: () => starts,
    exits: () => exits,
    /** All lines of all lives. */
    lines: () => [...lines, ...(current?.lines ?? [])],
    /** Ends the service without a goodbye, as soon as it runs; it is started again. */
    async kill() {
      const life = await eventually(`${name} runs`, () => Promise.resolve({ done: current !== null, seen: current }), 60_000, 20);
      if (current === life) current = null;
      await life?.kill('SIGKILL');
    },
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
