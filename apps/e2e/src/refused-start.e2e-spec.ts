import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
const telltale = (...args: string[]): { status: number | null; stderr: string; stdout: string } =>
  spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], TELLTALE_HOME: home } });
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
    expect(telltale('up')).toMatchObject({ status: 1, stderr: expect.stringContaining(`process ${first.pid}`) as string });
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
      expect(telltale(...args)).toMatchObject({ status: 1, stderr: `${said}\n`, stdout: '' });
    expect(filesIn(home)).toEqual(before);
    await first.kill('SIGKILL');
    const next = await start();
    expect((JSON.parse(readFileSync(join(home, 'standalone.json'), 'utf8')) as { pid: number }).pid).toBe(next.pid);
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
  home = file;
  expect(telltale('up')).toMatchObject({ status: 1, stderr: `${said}\n` });
});
