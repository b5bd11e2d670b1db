import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..', '..');

it('a query that the engine cannot cancel does not prevent the process from exiting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-stuck-'));
  const script = join(__dirname, 'stuck-query.fixture.ts');
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'run-ts.mjs'), script, folder], { cwd: ROOT, stdio: 'inherit' });
  const began = performance.now();
  const how = await new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  expect(how).toBe('SIGKILL');
  expect(performance.now() - began).toBeLessThan(25_000);
  rmSync(folder, { recursive: true, force: true });
}, 90_000);
