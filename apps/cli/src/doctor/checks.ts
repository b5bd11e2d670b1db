import { errorCodeOf, messageOf } from '@telltale/kernel';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync, statSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { homeOf, runningAt } from '../client/connect';
import { openSetup } from '../commands/setup';
import { type Io } from '../terminal/io';
import { checkClickHouse } from './clickhouse-checks';
import { failed, type Finding, ok, skipped, warning } from './finding';
import { checkKafka } from './kafka-checks';

const LEAST_NODE = [20, 19] as const;
const LEAST_DISK_BYTES = 1e9;
const EARLIEST = Date.parse('2025-01-01T00:00:00Z');
const LATEST = Date.parse('2045-01-01T00:00:00Z');

const codeOf = (error: unknown): string => String(errorCodeOf(error) ?? (error instanceof Error ? error.name : 'unknown'));

/** The releases of Telltale and of Node. */
export function checkVersions(telltale: string, version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const found = `Telltale ${telltale}, Node ${version}`;
  return isNew ? ok('versions', found) : failed('versions', found, `install Node ${LEAST_NODE.join('.')} or newer`);
}

export function checkHome(home: string): Finding {
  let folder = resolve(home);
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    if (!statSync(folder).isDirectory()) return failed('home', `${folder} is not a folder`, 'set TELLTALE_HOME to a folder');
    accessSync(folder, constants.W_OK);
    return ok('home', `${resolve(home)}${existsSync(home) ? '' : ' (will be made)'}`);
  } catch {
    return failed('home', `${folder} cannot be written to`, 'set TELLTALE_HOME to a folder you can write to');
  }
}

export function checkDisk(home: string): Finding {
  let folder = resolve(home);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free`;
  return free >= LEAST_DISK_BYTES
    ? ok('disk', found)
    : warning('disk', found, 'free some space, or set TELLTALE_HOME to another disk');
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

async function checkPort(home: string, check: string, port: number, variable: string): Promise<Finding> {
  const running = await runningAt(home);
  const isOurs = running !== null && (running.url.endsWith(`:${port}`) || running.grpcPort === port);
  if (isOurs) return ok(check, `${port}: ours, process ${running.pid}`);
  if (await isFree(port)) return ok(check, `${port} is free`);
  return warning(check, `${port} is taken by another program`, `set ${variable} to another port, or end that program`);
}

/** Ports and addresses as people gave them; a wrong one is reported, not thrown. */
function portOf(io: Io, variable: string, fallback: number): number | null {
  const text = io.env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

async function checkEngines(): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-doctor-'));
  try {
    const [{ createChdbRowStore }, { createEmbeddedBroker }, { systemClock }] = await Promise.all([
      import('@telltale/adapter-clickhouse'),
      import('@telltale/adapter-embedded'),
      import('@telltale/platform-telemetry'),
    ]);
    const rows = createChdbRowStore({ path: join(folder, 'tables') });
    const [row] = await rows.query<{ v: string }>('SELECT version() AS v');
    await rows.close();
    mkdirSync(join(folder, 'log'), { recursive: true });
    const broker = createEmbeddedBroker({ path: join(folder, 'log'), clock: systemClock, partitions: 1 });
    await broker.ping();
    await broker.close();
    return ok('engines', `ClickHouse ${row?.v ?? '?'} and the log load`);
  } catch (error) {
    return failed(
      'engines',
      `they do not load: ${codeOf(error)}`,
      'run npm ci again on this machine; glibc 2.31 or newer, or macOS, is needed',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function checkClock(now: number): Finding {
  const found = new Date(now).toISOString();
  return now > EARLIEST && now < LATEST
    ? ok('clock', found)
    : failed('clock', found, 'set the clock of this machine, e.g. by NTP; times order everything here');
}

async function checkPorts(io: Io, home: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [check, variable, fallback] of [
    ['http_port', 'HTTP_PORT', 4318],
    ['grpc_port', 'GATEWAY_GRPC_PORT', 4317],
  ] as const) {
    if (check === 'grpc_port' && io.env[variable] === 'off') continue;
    const port = portOf(io, variable, fallback);
    findings.push(
      port === null
        ? failed(check, `${variable} is not a port`, `set ${variable} to a number from 1 to 65535`)
        : await checkPort(home, check, port, variable),
    );
  }
  return findings;
}

async function checkRunning(home: string): Promise<Finding> {
  const running = await runningAt(home);
  return ok('running', running ? `${running.url}, process ${running.pid}` : 'not now; start it with: telltale up');
}

/** Kafka, ClickHouse, and what a home of an embedded Telltale needs, as the configuration says which of them are used. */
async function checkStores(io: Io, process: string | undefined): Promise<Finding[]> {
  let setup: Awaited<ReturnType<typeof openSetup>>;
  try {
    // The doctor says what is wrong itself.
    setup = await openSetup({ ...io, env: { ...io.env, LOG_LEVEL: 'silent' } });
  } catch (error) {
    return [failed('configuration', messageOf(error), 'correct these variables; docs/CONFIG.md has all of them')];
  }
  const home = homeOf(io.env);
  const usesKafka = Boolean(setup.config.KAFKA_BROKERS);
  const isCluster = usesKafka && Boolean(setup.config.CLICKHOUSE_URL);
  return [
    ...(usesKafka ? [] : [await checkRunning(home), ...(await checkPorts(io, home))]),
    isCluster ? skipped('engines', 'Kafka and a ClickHouse server are used') : await checkEngines(),
    ...(await checkKafka(setup, process)),
    ...(await checkClickHouse(setup)),
  ];
}

/** Everything that can be looked at without changing anything. `process`: whose rights are asked for; absent: those of every process. */
export async function examine(io: Io, version: string, process?: string): Promise<Finding[]> {
  const home = homeOf(io.env);
  return [checkVersions(version), checkHome(home), checkDisk(home), checkClock(Date.now()), ...(await checkStores(io, process))];
}
