import { describeWithKafka, requireKafka, startClickHouse, type TestClickHouse, type TestKafka } from '@telltale/testkit';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Runs what the README says of a cluster, word for word but for the two addresses, in an empty folder.

jest.setTimeout(300_000);
const ROOT = join(__dirname, '..', '..', '..', '..');
const DEADLINE_MS = 240_000;
const PORTS = [4317, 4318, 4319, 4331, 4332, 4333, 4334, 4335];

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

function blockOf(title: string): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  return /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
/** Runs a script; everything that it started ends with it, or at the deadline. */
const bash = (script: string, cwd: string): Promise<Ended> =>
  new Promise((resolve) => {
    const env = Object.fromEntries(['PATH', 'HOME', 'LANG'].map((name) => [name, process.env[name] ?? '']));
    const withEnd = `trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT; set -eu\n${script}`;
    const child = spawn('bash', ['-c', withEnd], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = (): unknown => child.pid && process.kill(-child.pid, 'SIGTERM');
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    deadline.addEventListener('abort', end);
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    child.once('close', (code) => {
      deadline.removeEventListener('abort', end);
      resolve({ code, out, err });
    });
  });

describeWithKafka('the README, from nothing to a cluster on one machine', () => {
  let kafka: TestKafka;
  let clickhouse: TestClickHouse;
  let folder: string;
  beforeAll(async () => {
    [kafka, clickhouse] = await Promise.all([requireKafka(), startClickHouse()]);
    folder = mkdtempSync(join(tmpdir(), 'telltale-readme-'));
    for (const name of ['dist', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
    const messages = [{ role: 'user', content: 'Where is my order?' }, { role: 'assistant', content: 'On its way.' }]; // prettier-ignore
    writeFileSync(join(folder, 'chats.json'), JSON.stringify([{ messages }, { messages: [...messages, ...messages] }]));
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await clickhouse.stop();
    await kafka.stop();
  }, 60_000);

  it('starts eight processes with default ports, imports conversations and answers a question about them', async () => {
    for (const port of PORTS) expect({ port, isFree: await isFree(port) }).toEqual({ port, isFree: true });
    const block = blockOf('A cluster');
    for (const address of ['localhost:9092', 'http://localhost:8123']) expect(block).toContain(address);
    const steps = block.replaceAll('localhost:9092', kafka.brokers.join(',')).replaceAll('http://localhost:8123', clickhouse.url);
    const { code, out, err } = await bash(steps, folder);
    const logs = ['gateway', 'enricher', 'insights'].map((name) => join(folder, `${name}.log`)).filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8').slice(-2_000)); // prettier-ignore
    expect({ code, err, logs: code === 0 ? [] : logs }).toEqual({ code: 0, err: expect.not.stringContaining('refused') as string, logs: [] }); // prettier-ignore
    const rows = out.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { kind: string; n: number }); // prettier-ignore
    expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['llm', 'turn']));
    expect(rows.find(({ kind }) => kind === 'turn')?.n).toBe(3);
  });
});
