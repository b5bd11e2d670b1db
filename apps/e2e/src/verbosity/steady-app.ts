import { type RowStore } from '@telltale/streaming';
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, withPythonSdk } from '../harness/python-sdk';
import { eventually } from '../harness/service-process';

const NODE_SDK = join(ROOT, 'sdk', 'node');

/** Compiles the package of the Node SDK, as `npm pack` does. */
export const buildNodeSdk = (): void => void execFileSync(process.execPath, [join(NODE_SDK, 'build.mjs')], { stdio: 'ignore' });

/** What a program says at its end. */
export interface LastReport {
  readonly round: number;
  /** Longest round, which writes two lines. */
  readonly slowest_ms: number;
  readonly lost: Readonly<Record<string, number>>;
  readonly waiting: number;
}

/** A program that writes an informative and a debug line every 20 ms in a turn of its own, through one of the SDKs. */
export interface SteadyApp {
  readonly service: string;
  /** Rounds so far. */
  rounds(): number;
  /** When a round was, by the true clock; NaN for one that was not. */
  timeOf(round: number): number;
  /** Sets the wall clock of the program so far off the true one. */
  setClock(offsetMs: number): void;
  /** Ends it once it has sent what it has; fails where it did not end by itself. */
  stop(): Promise<LastReport>;
  /** For a test that has failed. */
  kill(): void;
}

let started = 0;

export function startSteadyApp(of: 'python' | 'node', url: string, apiKey: string, clockOffsetMs = 0): SteadyApp {
  // Each has a name of its own, so that what is stored of one is not taken for another's.
  const service = `steady-${of}-${++started}`;
  const [command, file] = of === 'python' ? ['python3', 'steady.py'] : [process.execPath, 'steady.cjs'];
  const child = spawn(command, [join(__dirname, file)], {
    env: withPythonSdk({
      TELLTALE_URL: url,
      TELLTALE_API_KEY: apiKey,
      TELLTALE_SERVICE: service,
      TELLTALE_NODE_SDK: join(NODE_SDK, 'dist', 'index.js'),
      STEADY_CLOCK_MS: String(clockOffsetMs),
    }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const times: number[] = [];
  let last: LastReport | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as { round: number; at: number } | LastReport;
    if ('lost' in report) last = report;
    else times[report.round] = report.at;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    service,
    rounds: () => Math.max(0, times.length - 1),
    timeOf: (round) => times[round] ?? NaN,
    setClock: (offsetMs) => void child.stdin.write(`clock ${offsetMs}\n`),
    async stop() {
      child.stdin.end();
      const code = await ended;
      if (code !== 0 || last === null) throw new Error(`${service} ended (${code}) without its last report:\n${said}`);
      return last;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Waits until programs have done so many rounds more: they are not blocked. */
export const goOn = (apps: readonly SteadyApp[], rounds: number): Promise<unknown> => {
  const from = apps.map((app) => app.rounds());
  return eventually(
    `${rounds} further rounds`,
    () => {
      const seen = apps.map((app, i) => app.rounds() - (from[i] ?? 0));
      return Promise.resolve({ done: seen.every((more) => more >= rounds), seen });
    },
    60_000,
    50,
  );
};

/** What is stored of a program: its rounds by line, and those of which the debug line was sent, with the directives that it names. */
export async function storedRounds(rows: RowStore, { service }: SteadyApp) {
  const lines = await rows.query<{ body: string; ids: readonly string[] }>(
    `SELECT body, directive_ids AS ids FROM telltale.events WHERE service_name = '${service}' AND kind = 'log' AND body REGEXP '^(line|detail) [0-9]+$'`,
  );
  const of = (word: string) =>
    lines
      .filter(({ body }) => body.startsWith(word))
      .map(({ body, ids }) => ({ round: Number(body.split(' ')[1]), ids }))
      .sort((a, b) => a.round - b.round);
  return { lines: of('line').map(({ round }) => round), details: of('detail') };
}

/** Whole numbers from one to another. */
export const through = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
