import { eventually } from '@telltale/testkit';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPython, ROOT } from '../harness/python-sdk';

jest.setTimeout(240_000);
const CLI = join(ROOT, 'dist', 'apps', 'cli', 'main.cjs');
const TOOL = 'search_products';

/** All that a demo would leave behind is in here. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-with-sdk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const envOf = (path: string): NodeJS.ProcessEnv => ({ PATH: path, TMPDIR: folder });

/** Lines of `ps` for the chatbots that this process has started. */
const chatbotsOf = (pid: number | undefined): string[] =>
  execFileSync('ps', ['-eo', 'ppid=,pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('loop.py') && Number(line.trim().split(/\s+/)[0]) === pid);
const pidOf = (line: string): number => Number(line.trim().split(/\s+/)[1]);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** `telltale demo --with-sdk` as a terminal runs it: a group of processes, all of which Ctrl-C reaches. */
function startDemo(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [CLI, 'demo', '--with-sdk', ...args], {
    env: envOf(process.env['PATH'] ?? ''),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const printed = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (printed.out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (printed.err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const saw = (text: string, where: 'out' | 'err'): Promise<unknown> =>
    eventually(`it prints ${text}`, () => {
      if (child.exitCode !== null) throw new Error(`it has ended:\n${printed.err}`);
      return Promise.resolve({ done: printed[where].includes(text), seen: printed });
    }, 200_000, 100); // prettier-ignore
  const interrupt = (): void => void process.kill(-(child.pid ?? 0), 'SIGINT');
  return { child, printed, ended, saw, interrupt };
}

describeWithPython('telltale demo --with-sdk', () => {
  it('shows a slow tool, the anomaly, the directive, the detail of that tool alone and its end', async () => {
    const { child, printed, ended, saw, interrupt } = startDemo('--json', '--keep-running');
    await saw('"seconds"', 'out');
    const [bot = ''] = chatbotsOf(child.pid);
    expect(isAlive(pidOf(bot))).toBe(true);
    interrupt();
    expect(await ended).toBe(0);
    expect(isAlive(pidOf(bot))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);

    const loop = JSON.parse(printed.out) as Record<string, Record<string, unknown>>;
    expect(loop).toMatchObject({
      slow: { tool: TOOL },
      anomaly: { summary: expect.stringMatching(/tool search_products of chatbot took/) as string },
      directive: { target: JSON.stringify({ service_name: 'chatbot', tool_name: TOOL }) },
      debug_lines: { before: 0 },
    });
    const { slow, anomaly, directive, expired, debug_lines: lines } = loop;
    const times = [slow?.['at'], anomaly?.['at'], directive?.['at'], expired?.['at']].map(String);
    expect([...times].sort()).toEqual(times);
    expect(Number(lines?.['during'])).toBeGreaterThanOrEqual(3);
    // The SDK ends it on a clock of its own.
    expect(Number(lines?.['after'])).toBeLessThanOrEqual(2);
    const detail = loop['detail'] as unknown as { body: string }[];
    expect(detail.filter(({ body }) => !body.startsWith('query plan:'))).toEqual([]);
    for (const mark of ['slow', 'anomaly', 'directive', 'applied', 'detail', 'expired'])
      expect(printed.err).toMatch(new RegExp(`\\d\\d:\\d\\d:\\d\\d\\.\\d{3} +-?\\d+\\.\\d s  ${mark} `));
  });

  it('ends at Ctrl-C in the middle, and leaves nothing behind', async () => {
    const { child, printed, ended, saw, interrupt } = startDemo();
    await saw(' slow ', 'out');
    const [bot = ''] = chatbotsOf(child.pid);
    expect(isAlive(pidOf(bot))).toBe(true);
    interrupt();
    expect({ code: await ended, err: printed.err }).toEqual({ code: 1, err: expect.stringContaining('stopped before the loop was over') as string });
    expect(isAlive(pidOf(bot))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  }); // prettier-ignore
});

it('telltale demo --with-sdk says what to install where there is no python3, before it starts anything', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [CLI, 'demo', '--with-sdk'], { env: envOf(folder), encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/python3 does not run here\n {2}→ install Python 3\.9 or later/);
}); // prettier-ignore
