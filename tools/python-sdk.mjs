// Runs lint, types and tests of the Python SDK in a virtual environment of their own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The Python of an environment with what the tests need, made once for a set of requirements; null where none can be made. */
function pythonFor(home) {
  const requirements = join(home, 'requirements-dev.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const environment = process.env.TELLTALE_PYTHON_SDK ?? join(tmpdir(), `telltale-python-sdk-${hash}`);
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python) && !works('python3', '-m', 'venv', environment)) return null;
  return works(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements) ? python : null;
}

/** Sum of what ran, or why it was left out. */
export function testPythonSdk(root, scratch, ci) {
  const home = join(root, 'sdk', 'python');
  if (!ci && !process.env.TELLTALE_PYTHON_SDK)
    return { left: 'tests of the Python SDK: they install packages: set TELLTALE_PYTHON_SDK to a folder for them, or CI=true' };
  const python = pythonFor(home);
  if (python === null) {
    if (ci) throw new Error('tests of the Python SDK need python3 with venv and a package index');
    return { left: 'tests of the Python SDK: python3 with venv and a package index is needed' };
  }
  const run = (...args) =>
    spawnSync(python, ['-m', ...args], { cwd: home, stdio: ['ignore', process.stderr, 'inherit'], env: { ...process.env, PYTHONPATH: join(home, 'src'), PYTHONDONTWRITEBYTECODE: '1' } }); // prettier-ignore
  const report = join(scratch, 'python.xml');
  const checks = [run('ruff', 'check', '--no-cache', '.'), run('mypy', '--cache-dir', join(scratch, 'mypy')), run('pytest', '-p', 'no:cacheprovider', `--junitxml=${report}`)]; // prettier-ignore
  const counts = /<testsuite [^>]*>/.exec(existsSync(report) ? readFileSync(report, 'utf8') : '')?.[0] ?? '';
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(counts)?.[1] ?? 0);
  const [failed, skipped] = [count('failures') + count('errors'), count('skipped')];
  // What failed without a test is a failure, too.
  const broken = checks.filter(({ status }, i) => status !== 0 && !(i === 2 && failed > 0)).length;
  return { passed: count('tests') - failed - skipped, failed: failed + broken, skipped };
}
