// Runs lint, types and tests of the Python SDK in virtual environments of their own: with the Python that is `python3`, and its tests with each other version of this machine.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const SUPPORTED = /^3\.(9|1[0-4])$/;

const versionOf = (command) => {
  const asked = spawnSync(command, ['-c', 'import sys, venv; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : null;
};

/** A command for each supported version: `python3` itself, then python3.N on the path, then what pyenv has. */
function pythons() {
  const kept = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const commands = ['python3', ...[9, 10, 11, 12, 13, 14].map((minor) => `python3.${minor}`)];
  if (existsSync(kept)) commands.push(...readdirSync(kept).map((version) => join(kept, version, 'bin', 'python')));
  const found = new Map();
  for (const command of commands) {
    const version = versionOf(command);
    if (version !== null && SUPPORTED.test(version) && !found.has(version)) found.set(version, command);
  }
  return found;
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    child.on('error', () => resolve(1));
    child.on('exit', (status) => resolve(status ?? 1));
  });
}

/** The Python of an environment with what the tests need, made once for a set of requirements; null where none can be made. */
async function environmentOf(home, version, command) {
  const requirements = join(home, 'requirements-dev.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const environment = `${process.env.TELLTALE_PYTHON_SDK ?? join(tmpdir(), `telltale-python-sdk-${hash}`)}-${version}`;
  const python = join(environment, 'bin', 'python');
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  if (!existsSync(python) && (await run(command, ['-m', 'venv', environment], quiet)) !== 0) return null;
  const installed = await run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    quiet,
  );
  return installed === 0 ? python : null;
}

async function checkWith(home, scratch, version, python, modules) {
  const report = join(scratch, `python-${version}.xml`);
  const env = { ...process.env, PYTHONPATH: join(home, 'src'), PYTHONDONTWRITEBYTECODE: '1' };
  const failing = [];
  for (const [module, ...args] of [...modules, ['pytest', '-p', 'no:cacheprovider', `--junitxml=${report}`]]) {
    const status = await run(python, ['-m', module, ...args], { cwd: home, stdio: ['ignore', process.stderr, 'inherit'], env });
    if (status !== 0) failing.push(module);
  }
  const counts = /<testsuite [^>]*>/.exec(existsSync(report) ? readFileSync(report, 'utf8') : '')?.[0] ?? '';
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(counts)?.[1] ?? 0);
  const [failed, skipped] = [count('failures') + count('errors'), count('skipped')];
  // What failed without a test is a failure, too.
  const broken = failing.filter((module) => !(module === 'pytest' && failed > 0)).length;
  const failures = failing.map((module) => `Python SDK: ${module} with Python ${version}, see above`);
  return { passed: count('tests') - failed - skipped, failed: failed + broken, skipped, failures };
}

/** Sum of what ran, and what was left out and why. */
export async function testPythonSdk(root, scratch, ci) {
  const home = join(root, 'sdk', 'python');
  if (!ci && !process.env.TELLTALE_PYTHON_SDK)
    return { left: 'tests of the Python SDK: they install packages: set TELLTALE_PYTHON_SDK to a folder for them, or CI=true' };
  const [first, ...others] = [...pythons()];
  const python = first && (await environmentOf(home, ...first));
  if (!python) {
    if (ci) throw new Error('tests of the Python SDK need python3 (3.9 to 3.14) with venv and a package index');
    return { left: 'tests of the Python SDK: python3 (3.9 to 3.14) with venv and a package index is needed' };
  }
  const checks = [
    ['ruff', 'check', '--no-cache', '.'],
    ['mypy', '--cache-dir', join(scratch, 'mypy')],
  ];
  const results = [await checkWith(home, scratch, first[0], python, checks)];
  const left = [];
  // Mostly waiting: two versions at once.
  async function takeOthers() {
    for (let next; (next = others.shift());) {
      const [version, command] = next;
      const path = await environmentOf(home, version, command);
      if (path) results.push(await checkWith(home, scratch, version, path, []));
      else left.push(version);
    }
  }
  await Promise.all([takeOthers(), takeOthers()]);
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: results.flatMap(({ failures }) => failures),
    ...(left.length > 0 && { left: `tests of the Python SDK with Python ${left.join(', ')}: no environment could be made` }),
  };
}
