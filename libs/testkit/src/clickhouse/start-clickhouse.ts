import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestClickHouse {
  readonly url: string;
  /** Folder of the data if it is on this machine, to be searched as bytes. */
  readonly dataDir: string | null;
  readonly how: string;
  /** Kills it with SIGKILL and restarts it on the same port and data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const FRONT = join('libs', 'testkit', 'src', 'clickhouse', 'front.cjs');
/** Path of the front's file, found in a parent folder: this module may run from its source or from a bundle. */
const frontFile = (from = __dirname): string =>
  existsSync(join(from, FRONT)) || dirname(from) === from ? join(from, FRONT) : frontFile(dirname(from));
const IMAGE = 'clickhouse/clickhouse-server:25.8';

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve()),
  );

async function startFront(): Promise<TestClickHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'telltale-clickhouse-'));
  let child: ChildProcess | null = null;
  let port = 0;
  async function start(): Promise<void> {
    const started = spawn(process.execPath, [frontFile(), dataDir, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    port = await new Promise<number>((resolve, reject) => {
      started.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
      started.once('exit', (code) => reject(new Error(`the ClickHouse front exited with ${code}`)));
    });
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child) return;
    child.kill(signal);
    await ended(child);
    child = null;
  }
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    how: 'HTTP front over the in-process engine',
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function startContainer(): Promise<TestClickHouse> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({ CLICKHOUSE_USER: 'telltale', CLICKHOUSE_PASSWORD: 'telltale', CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: '1' })
    .withExposedPorts(8123)
    .withWaitStrategy(Wait.forHttp('/ping', 8123))
    .start();
  return {
    url: `http://telltale:telltale@${container.getHost()}:${container.getMappedPort(8123)}`,
    dataDir: null,
    how: IMAGE,
    kill: () => container.restart({ timeout: 0 }),
    start: () => Promise.resolve(),
    stop: () => container.stop().then(() => undefined),
  };
}

/** A ClickHouse that several processes can reach: CLICKHOUSE_URL, a container, or the front over the in-process engine. */
export async function startClickHouse(): Promise<TestClickHouse> {
  const given = process.env['CLICKHOUSE_URL'];
  const nothing = (): Promise<void> => Promise.resolve();
  if (given) return { url: given, dataDir: null, how: 'CLICKHOUSE_URL', kill: nothing, start: nothing, stop: nothing };
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0) return startContainer();
  return startFront();
}
