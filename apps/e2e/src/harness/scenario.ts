import { type NativeEvent } from '@telltale/contracts';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './python-sdk';
import { eventually, startService } from './service-process';

const CLI = join(ROOT, 'dist', 'apps', 'cli', 'main.cjs');
const AT_ONCE = 100;
/** Turns are whole soon after the last of their events, for all of them are there. */
const ENV = { TELLTALE_BACKEND: 'embedded', TURNS_QUIET_MS: '1000' };

/** A standalone that has been sent a planted problem, and the command line that people ask about it. */
export interface Scenario {
  readonly url: string;
  readonly apiKey: string;
  /** Sends events in order of time, and waits until each of their turns can be queried. */
  send(events: readonly NativeEvent[]): Promise<void>;
  /** What a command prints with `--json`. */
  telltale<T>(...args: string[]): T;
  /** The same of a command that prints a line for each of many. */
  lines<T>(...args: string[]): T[];
  stop(): Promise<void>;
}

export async function startScenario(name: string): Promise<Scenario> {
  const home = mkdtempSync(join(tmpdir(), `telltale-${name}-`));
  const standalone = await startService('standalone', { TELLTALE_HOME: home, ...ENV });
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  let turns = 0;

  const run = (args: readonly string[]): string =>
    execFileSync(process.execPath, [CLI, ...args, '--json'], {
      env: { PATH: process.env['PATH'] ?? '', TELLTALE_URL: standalone.url, TELLTALE_KEY: key, TELLTALE_HOME: home },
      encoding: 'utf8',
    });
  const telltale = <T>(...args: string[]): T => JSON.parse(run(args)) as T;

  return {
    url: standalone.url,
    apiKey: key,
    telltale,
    lines: <T>(...args: string[]) => run(args).split('\n').filter(Boolean).map((line) => JSON.parse(line) as T), // prettier-ignore
    async send(events) {
      const inOrder = [...events].sort((a, b) => Number(a.ts) - Number(b.ts));
      for (let i = 0; i < inOrder.length; i += AT_ONCE) {
        const response = await fetch(`${standalone.url}/v1/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(inOrder.slice(i, i + AT_ONCE)),
        });
        expect(await response.json()).toMatchObject({ rejected: 0 });
      }
      turns += events.filter(({ kind }) => kind === 'turn').length;
      await eventually('every turn is there', () => {
        const { n } = telltale<{ n: number }>('query', 'SELECT uniqExact(turn_id) AS n FROM telltale.turns WHERE has_root');
        return Promise.resolve({ done: Number(n) === turns, seen: { n, turns } });
      }, 120_000, 1_000); // prettier-ignore
    },
    async stop() {
      await standalone.kill('SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
