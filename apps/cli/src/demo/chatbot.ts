import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../terminal/errors';
import { type Io } from '../terminal/io';

const EXAMPLE = join('examples', 'python-chatbot');
const SDK = join('sdk', 'python', 'src');
const OLDEST_PYTHON = [3, 9] as const;
const STOP_MS = 10_000;
const KEPT_CHARS = 4_000;

export interface Chatbot {
  makeSlow(tool: string): void;
  makeNormal(tool: string): void;
  /** Rejects when it ends without having been stopped. */
  readonly failed: Promise<never>;
  /** Ends it, at the latest after ten seconds. */
  stop(): Promise<void>;
}

/** The folder of the repository above this module, which runs from its source or from a bundle; null in an installation without examples. */
function repository(from: string = __dirname): string | null {
  if (existsSync(join(from, EXAMPLE, 'loop.py')) && existsSync(join(from, SDK))) return from;
  return from === dirname(from) ? null : repository(dirname(from));
}

/** The folder that the chatbot is started from; an error that says what to do where it cannot run. */
export function chatbotFolder(io: Io): string {
  const root = repository();
  if (root === null)
    throw new CliError(
      `--with-sdk needs ${EXAMPLE} and ${SDK}, and this installation has none`,
      'run it from a checkout of the repository, after npm ci',
    );
  const fix = `install Python ${OLDEST_PYTHON.join('.')} or later as python3 (python.org, apt-get install python3, brew install python3), or run the demo without --with-sdk`;
  const script = 'import sys; print(sys.version_info[0], sys.version_info[1])';
  const { status, stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8', env: { ...io.env } });
  if (status !== 0) throw new CliError('--with-sdk runs a chatbot in Python, and python3 does not run here', fix);
  const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1]))
    throw new CliError(`--with-sdk runs a chatbot in Python, and python3 is ${major}.${minor} here`, fix);
  return root;
}

/** What the SDK would read besides is left out, so that the demo is the same everywhere. */
const environment = (env: Io['env'], more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TELLTALE_|OTEL_|PYTHON)|_proxy$/i.test(name))),
  ...more,
});

/** Starts `examples/python-chatbot` with the Python SDK of this repository. It lives no longer than this process, whatever ends that. */
export function startChatbot(io: Io, root: string, url: string, apiKey: string): Chatbot {
  const child: ChildProcess = spawn('python3', ['loop.py', '--telltale'], {
    cwd: join(root, EXAMPLE),
    env: environment(io.env, { TELLTALE_URL: url, TELLTALE_API_KEY: apiKey, PYTHONPATH: join(root, SDK), PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' }),
    stdio: ['pipe', 'ignore', 'pipe'],
  }); // prettier-ignore
  let said = '';
  let isStopped = false;
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_CHARS)));
  // Its input breaks when it ends; why it ended is reported below.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`${signal ?? code}: ${said.trim().split('\n').at(-1) ?? ''}`));
  });
  const failed = ended.then((why): Promise<never> => {
    if (isStopped) return new Promise(() => undefined);
    throw new CliError(
      `the chatbot in Python has ended (${why})`,
      `see why: cd ${join(root, EXAMPLE)}, and there: python3 bot.py`,
    );
  });
  failed.catch(() => undefined);
  const say = (line: string): void => void child.stdin?.write(`${line}\n`);
  return {
    makeSlow: (tool) => say(`slow ${tool}`),
    makeNormal: (tool) => say(`normal ${tool}`),
    failed,
    async stop() {
      isStopped = true;
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
