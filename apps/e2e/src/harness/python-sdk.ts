import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Root of the repository. */
export const ROOT = join(__dirname, '..', '..', '..', '..');
const IS_RECENT = 'import sys; sys.exit(sys.version_info < (3, 9))';

/** Describes what runs programs with the Python SDK; left out where there is no Python for it, but not in CI. */
export function describeWithPython(title: string, tests: () => void): void {
  const hasPython = spawnSync('python3', ['-c', IS_RECENT], { stdio: 'ignore' }).status === 0;
  const isRun = hasPython || process.env['CI'] === 'true';
  (isRun ? describe : describe.skip)(hasPython ? title : `${title} (left out: no python3 of 3.9 or later)`, tests);
}

/** Environment of such a program: the SDK as it is here, and no files beside it. */
export const withPythonSdk = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  PYTHONPATH: join(ROOT, 'sdk', 'python', 'src'),
  PYTHONDONTWRITEBYTECODE: '1',
  ...more,
});
