// Runs every suite this machine can run, says what it leaves out and why, and ends with the sum of all suites.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { testPythonSdk } from './python-sdk.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ci = process.env.CI === 'true';
const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const kafka = process.env.KAFKA_BROKERS
  ? 'KAFKA_BROKERS'
  : works('docker', 'info')
    ? 'Docker'
    : works('java', '-version') && works('mvn', '--version')
      ? 'Java and Maven'
      : null;

/** Jest may take so long to end after it has written its result. */
const LEFT_RUNNING_MS = 60_000;
/**
 * In a browser, beside whatever else the machine does, a page may be late: a file of these that fails runs once more, and that is said. What
 * is about hostile texts and other people's rows has to hold the first time.
 */
const AGAIN = /\/apps\/e2e\/src\/console\/(?!hostile|share)/;
/** Where more of them fail, it is no accident of the machine. */
const MOST_AGAIN = 2;

const left = [];
const groups = [
  { projects: ['unit', 'int'], args: ['--maxWorkers=2'] },
  { projects: ['e2e'], args: ['--runInBand'] },
];
if (kafka) groups.push({ projects: ['kafka'], args: ['--runInBand'] }, { projects: ['crash'], args: ['--runInBand'] });
else if (ci) throw new Error('no Kafka can be started here: give KAFKA_BROKERS, Docker, or Java 17 with Maven');
else left.push('suites kafka and crash: they need a broker (KAFKA_BROKERS, Docker, or Java 17 with Maven)');
if (process.env.TELLTALE_KUBE_APISERVER === '1') groups.push({ projects: ['kube'], args: ['--runInBand'] });
else
  left.push(
    'suite kube: it builds an API server of Kubernetes from source, some ten minutes at first (TELLTALE_KUBE_APISERVER=1, with Go and helm)',
  );
const data = process.env.TELLTALE_DATA ?? join(root, '..', 'shared', 'data');
if (!existsSync(data)) {
  if (ci) throw new Error(`no test data at ${data}: set TELLTALE_DATA`);
  left.push(`tests over real data: no folder ${data} (set TELLTALE_DATA)`);
}

const scratch = mkdtempSync(join(tmpdir(), 'telltale-test-'));
const failed = [];
const unsteady = [];
const sum = { passed: 0, failed: 0, skipped: 0 };
try {
  if (!works(process.execPath, join(root, 'tools', 'build.mjs')))
    throw new Error('the build failed: run `npm run build` to see why');
  for (const { projects, args } of groups) {
    process.stderr.write(`\n== ${projects.join(' and ')}${projects.includes('kafka') ? ` (${kafka})` : ''}\n`);
    const run = await runJest(projects, [...args, ...process.argv.slice(2)]);
    const files = await runAgain(projects, args, run.files);
    const tests = files.flatMap(({ assertionResults }) => assertionResults);
    const found = files.flatMap(failures);
    if (run.problem) found.push(`${projects.join(' and ')}: ${run.problem}`);
    failed.push(...found);
    sum.failed += found.length;
    sum.passed += tests.filter(({ status }) => status === 'passed').length;
    const skipped = tests.filter(({ status }) => status === 'pending');
    sum.skipped += skipped.length;
    for (const title of new Set(
      skipped.map(({ ancestorTitles, title }) => [...ancestorTitles, title].find((part) => part.includes('left out')) ?? title),
    ))
      left.push(title);
  }
  process.stderr.write('\n== Python SDK\n');
  const python = await testPythonSdk(root, scratch, ci);
  if (python.left) left.push(python.left);
  failed.push(...(python.failures ?? []));
  for (const of of ['passed', 'failed', 'skipped']) sum[of] += python[of] ?? 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const line of left) console.log(`left out: ${line}`);
for (const line of unsteady) console.log(`passed the second time: ${line}`);
for (const line of failed) console.log(`failed: ${line}`);
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;

/** Results of its files, and what is wrong beside them. What a test left running is ended once Jest has written its result. */
async function runJest(projects, args) {
  const out = join(scratch, `${projects.join('-')}.json`);
  rmSync(out, { force: true });
  // Machines are shared: what hangs is found as well by four times the default.
  const options = ['--json', `--outputFile=${out}`, '--passWithNoTests', '--testTimeout=20000', ...args];
  const ended = await new Promise((resolve, reject) => {
    const jest = spawn(
      process.execPath,
      [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--selectProjects', ...projects, ...options],
      {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, TELLTALE_DATA: data },
      },
    );
    const watch = setInterval(() => {
      if (!existsSync(out)) return;
      clearInterval(watch);
      setTimeout(() => jest.kill('SIGKILL'), LEFT_RUNNING_MS).unref();
    }, 1_000);
    jest.on('error', reject);
    jest.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? `${signal}: a test has left something running`);
    });
  });
  if (!existsSync(out)) return { files: [], problem: 'Jest ended without a result' };
  const files = JSON.parse(readFileSync(out, 'utf8')).testResults;
  return { files, problem: ended !== 0 && files.every(hasPassed) ? `Jest ended with ${ended}` : null };
}

/** The same files, with the second result of those that failed and passed then, from their beginning. */
async function runAgain(projects, args, files) {
  const wrong = files.filter((one) => !hasPassed(one) && AGAIN.test(one.name));
  if (wrong.length === 0 || wrong.length > MOST_AGAIN) return files;
  const again = await runJest(projects, [...args, '--runTestsByPath', ...wrong.map(({ name }) => name)]);
  return files.map((one) => {
    const second = again.files.find(({ name }) => name === one.name);
    if (hasPassed(one) || !second || !hasPassed(second)) return one;
    unsteady.push(...failures(one));
    return second;
  });
}

function hasPassed({ status }) {
  return status !== 'failed';
}

/** A line for each test of a file that failed, with how its message begins; of a file that could not be run, one. */
function failures({ name, status: ended, message, assertionResults }) {
  const file = relative(root, name);
  const tests = assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0) return ended === 'failed' ? [`${file}: ${reason(message)}`] : [];
  return tests.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${reason(failureMessages.join('\n'))}`);
}

function reason(message) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.slice(0, 4).join(' ').slice(0, 300);
}
