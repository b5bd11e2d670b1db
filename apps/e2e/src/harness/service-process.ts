import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export { eventually } from '@telltale/testkit';

const ROOT = join(__dirname, '..', '..', '..', '..');
const START_MS = 60_000;

export interface ServiceProcess {
  readonly name: string;
  /** Base URL of its HTTP receiver. */
  readonly url: string;
  readonly grpcPort: number;
  /** Everything it wrote to stderr so far. */
  readonly lines: readonly string[];
  readonly pid: number;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves with the exit code or signal once it has ended. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/**
 * Starts the bundle of an app as a process of its own, and waits until it says that it has started; rejects when it ends first. `root`: of
 * another build.
 */
export function startService(
  name: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  root = ROOT,
): Promise<ServiceProcess> {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'dist', 'apps', name, 'main.cjs'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HTTP_PORT: '0', GATEWAY_GRPC_PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${name} did not start in ${START_MS} ms:\n${lines.slice(-20).join('\n')}`));
    }, START_MS);
    if (child.stderr)
      createInterface({ input: child.stderr }).on('line', (line) => {
        lines.push(line);
        if (!line.includes('"msg":"started"')) return;
        clearTimeout(timer);
        const { url, grpcPort } = JSON.parse(line) as { url: string; grpcPort?: number };
        resolve({
          name,
          url,
          grpcPort: grpcPort ?? 0,
          lines,
          pid: child.pid ?? -1,
          ended,
          async kill(signal) {
            child.kill(signal);
            await ended;
          },
        });
      });
    void ended.then((why) => {
      clearTimeout(timer);
      reject(new EndedEarly(name, why, lines));
    });
  });
}

export class EndedEarly extends Error {
  constructor(
    name: string,
    readonly why: number | NodeJS.Signals,
    readonly lines: readonly string[],
  ) {
    super(`${name} ended (${why}) before it had started: ${lines.at(-1) ?? 'no output'}\n${lines.slice(-20).join('\n')}`);
  }
}

/** Lets time pass where the test is about time itself: a moment to be killed at, an outage of some length. */
export const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
