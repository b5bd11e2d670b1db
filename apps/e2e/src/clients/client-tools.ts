import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A tool that a test needs, or why it is not there. */
export type Found = { readonly path: string } | { readonly missing: string };

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
/** A folder that holds what `files` ask for, made once for a set of them; `variable` names another. */
function folderFor(variable: string, name: string, files: readonly string[]): string | null {
  const given = process.env[variable];
  if (process.env['CI'] !== 'true' && !given) return null;
  return given ?? join(tmpdir(), `telltale-${name}-clients-${hashOf(files)}`);
}
const notAsked = (variable: string): Found => ({
  missing: `installs packages: set ${variable} to a folder for them, or CI=true`,
});
const firstLine = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));

/** The Python of a virtual environment with what `requirements` names in it, in the folder that `variable` names; installed before jest reads its tests. */
function pythonWith(requirements: string, name: string, variable: string): Found {
  const home = folderFor(variable, name, [requirements]);
  if (!home) return notAsked(variable);
  const python = join(home, 'bin', 'python');
  // Written last, so that a folder that has it is whole, and several tests that ask for it install once.
  const installed = join(home, `installed-${hashOf([requirements])}`);
  if (existsSync(installed)) return { path: python };
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', home], { stdio: 'pipe' });
    // Modules are compiled when they are imported: few of them are.
    const options = ['--quiet', '--disable-pip-version-check', '--no-compile'];
    execFileSync(python, ['-m', 'pip', 'install', ...options, '-r', requirements], { stdio: 'pipe' });
    writeFileSync(installed, '');
    return { path: python };
  } catch (error) {
    return { missing: `python3 with venv and a package index is needed (${firstLine(error)})` };
  }
}

export const pythonWithClients = (): Found =>
  pythonWith(join(__dirname, 'requirements.txt'), 'python', 'TELLTALE_PYTHON_CLIENTS');
export const pythonWithGateways = (): Found =>
  pythonWith(join(__dirname, '..', 'sdks', 'requirements-gateways.txt'), 'python-gateways', 'TELLTALE_PYTHON_GATEWAYS');
export const pythonWithKafka = (): Found =>
  pythonWith(join(__dirname, '..', 'captures', 'requirements-kafka.txt'), 'python-kafka', 'TELLTALE_PYTHON_KAFKA');
export const pythonWithSchemathesis = (): Found =>
  pythonWith(join(__dirname, '..', 'contract', 'requirements.txt'), 'schemathesis', 'TELLTALE_SCHEMATHESIS');
export const pythonWithHadolint = (): Found =>
  pythonWith(join(__dirname, '..', 'images', 'requirements.txt'), 'hadolint', 'TELLTALE_HADOLINT');

const JS_FILES = ['package.json', 'package-lock.json'];

/** A node_modules with OpenTelemetry's JavaScript SDK in it; apart from ours, so that who installs Telltale does not install it. */
export function jsClients(): Found {
  const from = (file: string): string => join(__dirname, 'javascript', file);
  const home = folderFor('TELLTALE_JS_CLIENTS', 'javascript', JS_FILES.map(from));
  if (!home) return notAsked('TELLTALE_JS_CLIENTS');
  const modules = join(home, 'node_modules');
  // Written last by npm, so a folder that has it is whole.
  if (existsSync(join(modules, '.package-lock.json'))) return { path: modules };
  try {
    mkdirSync(home, { recursive: true });
    for (const file of JS_FILES) copyFileSync(from(file), join(home, file));
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home, stdio: 'pipe' });
    return { path: modules };
  } catch (error) {
    return { missing: `npm with a package index is needed (${firstLine(error)})` };
  }
}

export async function runClient(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout, stderr } = await run(program, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 60_000 });
  return `${stdout}${stderr}`;
}

/** Left out with the reason where the tool is absent; a failure in CI, where it must be there. */
export function describeWith(found: Found, name: string, tests: (path: string) => void): void {
  const { missing, path } = { missing: '', path: '', ...found };
  (missing && process.env['CI'] !== 'true' ? describe.skip : describe)(missing ? `${name} (left out: ${missing})` : name, () => {
    tests(path);
    beforeAll(() => {
      if (missing) throw new Error(missing);
    });
  });
}
