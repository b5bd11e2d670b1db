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
const sum = { passed: 0, failed: 0, skipped: 0 };
try {
  if (!works(process.execPath, join(root, 'tools', 'build.mjs')))
    throw new Error('the build failed: run `npm run build` to see why');
  for (const { projects, args } of groups) {
    const out = join(scratch, `${projects.join('-')}.json`);
    process.stderr.write(`\n== ${projects.join(' and ')}${projects.includes('kafka') ? ` (${kafka})` : ''}\n`);
    const ended = await runJest(
      [
        join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
        '--selectProjects',
        ...projects,
        '--json',
        `--outputFile=${out}`,
        '--passWithNoTests',
        // Machines are shared: what hangs is found as well by four times the default.
        '--testTimeout=20000',
        ...args,
        ...process.argv.slice(2),
      ],
      out,
    );
    if (!existsSync(out)) {
      sum.failed++;
      failed.push(`${projects.join(' and ')}: Jest ended without a result`);
      continue;
    }
    const result = JSON.parse(readFileSync(out, 'utf8'));
    sum.passed += result.numPassedTests;
    sum.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    sum.skipped += result.numPendingTests;
    failed.push(...result.testResults.flatMap(failures));
    const skipped = result.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'pending'),
    );
    for (const title of new Set(
      skipped.map(({ ancestorTitles, title }) => [...ancestorTitles, title].find((part) => part.includes('left out')) ?? title),
    ))
      left.push(title);
    if (ended !== 0 && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) {
      sum.failed++;
      failed.push(`${projects.join(' and ')}: Jest ended with ${ended}`);
    }
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
for (const line of failed) console.log(`failed: ${line}`);
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;

/** Its exit code or signal. What a test left running would keep it for as long as that runs: it is ended once it has written its result. */
function runJest(args, out) {
  return new Promise((resolve, reject) => {
    const jest = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TELLTALE_DATA: data },
    });
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
