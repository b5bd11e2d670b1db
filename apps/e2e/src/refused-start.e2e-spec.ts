import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EndedEarly, startService, type ServiceProcess } from './harness/service-process';

jest.setTimeout(120_000);

const CLI = join(__dirname, '..', '..', '..', 'dist', 'apps', 'cli', 'main.cjs');
let home: string;
const running: ServiceProcess[] = [];
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'telltale-home-'))));
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<ServiceProcess> {
  const one = await startService('standalone', { TELLTALE_HOME: home, TELLTALE_BACKEND: 'embedded', ...env });
  running.push(one);
  return one;
}
/** What a start that is refused says, and how it ends. */
const refusal = (env: Record<string, string> = {}): Promise<{ why: unknown; lines: readonly string[] }> =>
  start(env).then(
    () => ({ why: 'it started', lines: [] }),
    (error: unknown) => {
      if (!(error instanceof EndedEarly)) throw error;
      return { why: error.why, lines: error.lines };
    },
  );
function telltale(env: Record<string, string>, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], TELLTALE_HOME: home, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], options);
  return { status, stdout, stderr };
}
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs} ${statSync(join(folder, name)).size}`)
    .sort();

describe('one process per home', () => {
  it('a second process says which one has it and how to go on, and ends with 1', async () => {
    const first = await start();
    const said = `process ${first.pid} runs Telltale over ${home} already, and a home is for one process: use that one, stop it first (kill ${first.pid}), or set TELLTALE_HOME to another folder`;
    expect(await refusal()).toEqual({ why: 1, lines: [`telltale: ${said}`] });
    expect(telltale({}, 'up')).toMatchObject({ status: 1, stderr: expect.stringContaining(`process ${first.pid}`) as string });
    const health = await fetch(`${first.url}/readyz`);
    expect(health.status).toBe(200);
  });

  it('while the process that has it is suspended, others say so and touch nothing; once it was killed the next one has it', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGSTOP');
    const before = filesIn(home);
    const said = `telltale: process ${first.pid} holds ${home} and is suspended: continue it (kill -CONT ${first.pid}) or end it (kill -KILL ${first.pid}), or set TELLTALE_HOME to another folder`;
    expect(await refusal()).toEqual({ why: 1, lines: [said] });
    for (const args of [['up'], ['query', 'SELECT 1']])
      expect(telltale({}, ...args)).toMatchObject({ status: 1, stderr: `${said}\n`, stdout: '' });
    expect(filesIn(home)).toEqual(before);
    await first.kill('SIGKILL');
    const next = await start();
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
  });

  it('of four that start together over the home of a killed one, one has it', async () => {
    await (await start()).kill('SIGKILL');
    const starts = await Promise.all([refusal(), refusal(), refusal(), refusal()]);
    expect(starts.map(({ why }) => why).sort()).toEqual([1, 1, 1, 'it started']);
  });
});

it('a home that is a file: one sentence with the fix, from the service and from the CLI', async () => {
  const file = join(home, 'file');
  writeFileSync(file, 'mine');
  const said = `telltale: TELLTALE_HOME ${file} is, or lies under, a file: set TELLTALE_HOME to a folder`;
  expect(await refusal({ TELLTALE_HOME: file })).toEqual({ why: 1, lines: [said] });
  expect(telltale({ TELLTALE_HOME: file }, 'up')).toEqual({ status: 1, stdout: '', stderr: `${said}\n` });
});

it('tables that the engine cannot open: its reason, then one sentence with the folder and the fix', async () => {
  await (await start()).kill('SIGKILL');
  writeFileSync(join(home, 'tables', 'metadata', 'telltale', 'events.sql'), 'ATTACH NOTHING');
  const { why, lines } = await refusal();
  expect(why).toBe(1);
  expect(lines.at(-1)).toBe(
    `telltale: the tables in ${home}/tables cannot be opened, or another program has them open (the line above is what the engine says): put back a copy of this folder, or move it away and start with empty tables (what was stored in them is then missing)`,
  );
  expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
});

it.each([
  ['HTTP_PORT', '0: the system chooses'],
  ['GATEWAY_GRPC_PORT', '0: the system chooses, off: no gRPC'],
])('a port in use, %s: one line with the fix, from the service and from the CLI', async (variable, choices) => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as AddressInfo;
  const said = `telltale: port ${port} of 127.0.0.1 is in use by another process: stop that one, or set ${variable} to another port (${choices})`;
  const { why, lines } = await refusal({ [variable]: String(port), LOG_LEVEL: 'error' });
  expect({ why, lines }).toEqual({ why: 1, lines: [said] });
  const more = variable === 'HTTP_PORT' ? ['--grpc-port', 'off', '--port'] : ['--port', '0', '--grpc-port'];
  expect(telltale({ LOG_LEVEL: 'error' }, 'up', ...more, String(port))).toEqual({ status: 1, stdout: '', stderr: `${said}\n` });
  await new Promise((done) => other.close(done));
});

const folder = mkdtempSync(join(tmpdir(), 'telltale-read-only-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});
(isMounted ? it : it.skip)(
  'a home on a disk that cannot be written: one sentence with the fix (skipped where this user may not mount)',
  async () => {
    for (const [path, code] of [
      [folder, 'EROFS'],
      [join(folder, 'home'), 'ENOENT'],
    ] as const) {
      const said = `telltale: TELLTALE_HOME ${path} cannot be made or written by this user (${code}): let this user write there, or set TELLTALE_HOME to another folder`;
      expect(await refusal({ TELLTALE_HOME: path })).toEqual({ why: 1, lines: [said] });
      expect(telltale({ TELLTALE_HOME: path }, 'up')).toEqual({ status: 1, stdout: '', stderr: `${said}\n` });
    }
  },
);
