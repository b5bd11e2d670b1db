import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLI = join(__dirname, '..', '..', '..', 'dist', 'apps', 'cli', 'main.cjs');
const home = mkdtempSync(join(tmpdir(), 'telltale-home-files-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs `telltale up` until it has said everything about its start; its output is no terminal. */
async function up(): Promise<string> {
  const child = spawn(process.execPath, [CLI, 'up', '--port', '0', '--grpc-port', 'off'], {
    env: { PATH: process.env['PATH'], TELLTALE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
  await new Promise<void>((done, reject) => {
    child.stdout.on('data', () => out.includes('ask about it') && done());
    void ended.then(() => reject(new Error(`up ended early: ${out}`)));
  });
  child.kill('SIGTERM');
  await ended;
  return out;
}
const secrets = (): string[] => [
  'api-key',
  ...readdirSync(join(home, 'keys'), { recursive: true, encoding: 'utf8' }).map((name) => join('keys', name)),
];
const modes = (): string[] =>
  ['.', ...secrets()].map((name) => {
    const stats = lstatSync(join(home, name));
    return `${stats.isDirectory() ? 'folder' : 'file'} ${(stats.mode & 0o777).toString(8)}`;
  });

it('a first start says where the key is and never the key; each start closes the home and its secrets to other users', async () => {
  chmodSync(home, 0o755);
  const out = await up();
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  expect(out).toContain(`API key: in ${home}/api-key`);
  expect(out).not.toContain(key);
  expect(secrets()).toContain('keys/master.key');
  expect(new Set(modes())).toEqual(new Set(['folder 700', 'file 600']));

  for (const name of ['.', ...secrets()]) chmodSync(join(home, name), statSync(join(home, name)).isDirectory() ? 0o755 : 0o644);
  expect(await up()).not.toContain(key);
  expect(new Set(modes())).toEqual(new Set(['folder 700', 'file 600']));
}, 60_000);
