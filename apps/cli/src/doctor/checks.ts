import { errorCodeOf } from '@telltale/kernel';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync, statSync, mkdtempSync } from 'node:fs';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { homeOf, runningAt } from '../client/connect';
import { type Io } from '../terminal/io';

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly found: string;
  /** What to do; empty when there is nothing. */
  readonly fix: string;
}

const LEAST_NODE = [20, 19] as const;
const LEAST_DISK_BYTES = 1e9;
const EARLIEST = Date.parse('2025-01-01T00:00:00Z');
const LATEST = Date.parse('2045-01-01T00:00:00Z');
const REACH_MS = 3_000;

const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, fix: '' });
const failed = (check: string, found: string, fix: string): Finding => ({ check, state: 'failed', found, fix });
const codeOf = (error: unknown): string => String(errorCodeOf(error) ?? (error instanceof Error ? error.name : 'unknown'));

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isNew ? ok('node', version) : failed('node', version, `install Node ${LEAST_NODE.join('.')} or newer`);
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
    : { check: 'disk', state: 'warning', found, fix: 'free some space, or set TELLTALE_HOME to another disk' };
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
  return {
    check,
    state: 'warning',
    found: `${port} is taken by another program`,
    fix: `set ${variable} to another port, or end that program`,
  };
}

/** Ports and addresses as people gave them; a wrong one is reported, not thrown. */
function portOf(io: Io, variable: string, fallback: number): number | null {
  const text = io.env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

const reach = (host: string, port: number): Promise<string | null> =>
  new Promise((done) => {
    const socket = connectTcp({ host, port, timeout: REACH_MS });
    const end = (problem: string | null): void => {
      socket.destroy();
      done(problem);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(`no answer in ${REACH_MS} ms`));
    socket.once('error', (error) => end(codeOf(error)));
  });

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

async function checkKafka(brokers: string): Promise<Finding> {
  const problems: string[] = [];
  for (const broker of brokers.split(',').map((part) => part.trim())) {
    const [host = '', port = ''] = broker.split(/:(?=\d+$)/);
    const problem = /^\d+$/.test(port) ? await reach(host, Number(port)) : 'is not host:port';
    if (problem !== null) problems.push(`${broker}: ${problem}`);
  }
  return problems.length === 0
    ? ok('kafka', `${brokers} can be reached`)
    : failed('kafka', problems.join('; '), 'correct KAFKA_BROKERS, or start the brokers');
}

async function checkClickHouse(url: string): Promise<Finding> {
  let ping: URL;
  try {
    ping = new URL('/ping', url);
  } catch {
    return failed('clickhouse', 'CLICKHOUSE_URL is not a URL', 'write it as http(s)://user:password@host:8123');
  }
  const where = ping.host;
  ping.username = ping.password = '';
  try {
    const { ok: answered, status } = await fetch(ping, { signal: AbortSignal.timeout(REACH_MS) });
    return answered
      ? ok('clickhouse', `${where} answers`)
      : failed('clickhouse', `${where} answers ${status}`, 'is it ClickHouse that answers at CLICKHOUSE_URL?');
  } catch {
    return failed('clickhouse', `${where} does not answer`, 'correct CLICKHOUSE_URL, or start ClickHouse');
  }
}

/** ClickHouse's own logs: none may grow without end. */
export async function checkSystemLogs(url: string): Promise<Finding> {
  const check = 'clickhouse logs';
  const fix =
    'copy deploy/clickhouse/config.d/telltale-system-logs.xml to /etc/clickhouse-server/config.d/, or start with MIGRATIONS=apply as a user who may alter them';
  const { createClickHouseRowStore } = await import('@telltale/adapter-clickhouse');
  const rows = createClickHouseRowStore({ url, requestTimeoutMs: REACH_MS });
  try {
    const { unlimited } = await rows.limitSystemLogs(0);
    const megabytes = Math.ceil(unlimited.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
    return unlimited.length === 0
      ? ok(check, 'all have a limit, or are off')
      : {
          check,
          state: 'warning',
          found: `${unlimited.map(({ table }) => table).join(', ')} grow without end (${megabytes} MB)`,
          fix,
        };
  } catch (error) {
    return {
      check,
      state: 'warning',
      found: `cannot be looked at: ${codeOf(error)}`,
      fix: 'let the user of CLICKHOUSE_URL read system.tables',
    };
  } finally {
    await rows.close();
  }
}

export function checkClock(now: number): Finding {
  const found = new Date(now).toISOString();
  return now > EARLIEST && now < LATEST
    ? ok('clock', found)
    : failed('clock', found, 'set the clock of this machine, e.g. by NTP; times order everything here');
}

/** Everything that can be looked at without changing anything. */
export async function examine(io: Io): Promise<Finding[]> {
  const home = homeOf(io.env);
  const { KAFKA_BROKERS: brokers, CLICKHOUSE_URL: clickhouse } = io.env;
  const findings = [checkNode(process.versions.node), checkHome(home), checkDisk(home), checkClock(Date.now())];
  const running = await runningAt(home);
  findings.push(ok('running', running ? `${running.url}, process ${running.pid}` : 'not now; start it with: telltale up'));
  for (const [check, variable, fallback] of [
    ['http port', 'HTTP_PORT', 4318],
    ['grpc port', 'GATEWAY_GRPC_PORT', 4317],
  ] as const) {
    // prettier-ignore
    if (check === 'grpc port' && io.env[variable] === 'off') continue;
    const port = portOf(io, variable, fallback);
    findings.push(
      port === null
        ? failed(check, `${variable} is not a port`, `set ${variable} to a number from 1 to 65535`)
        : await checkPort(home, check, port, variable),
    );
  }
  findings.push(await checkEngines());
  if (brokers) findings.push(await checkKafka(brokers));
  if (clickhouse) {
    const server = await checkClickHouse(clickhouse);
    findings.push(server);
    if (server.state === 'ok') findings.push(await checkSystemLogs(clickhouse));
  }
  return findings;
}
