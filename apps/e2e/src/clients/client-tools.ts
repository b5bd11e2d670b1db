import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** A tool that a test needs, or why it is not there. */
export type Found = { readonly path: string } | { readonly missing: string };

/** The Python of a virtual environment with the clients in it, made once for a set of requirements; before jest reads its tests. */
export function pythonWithClients(): Found {
  if (process.env['CI'] !== 'true' && !process.env['TELLTALE_PYTHON_CLIENTS'])
    return { missing: 'installs packages: set TELLTALE_PYTHON_CLIENTS to a folder for them, or CI=true' };
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const home = process.env['TELLTALE_PYTHON_CLIENTS'] ?? join(tmpdir(), `telltale-python-clients-${hash}`);
  const python = join(home, 'bin', 'python');
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', home], { stdio: 'pipe' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS], {
      stdio: 'pipe',
    });
    return { path: python };
  } catch (error) {
    const first = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { missing: `python3 with venv and a package index is needed (${first})` };
  }
}

const JS_CLIENTS = ['@opentelemetry/sdk-trace-node', '@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/resources'];

/** The folder whose node_modules has OpenTelemetry's JavaScript SDK: this checkout, or TELLTALE_JS_CLIENTS. */
export function jsClients(): Found {
  const folders = [process.env['TELLTALE_JS_CLIENTS'], __dirname].filter((folder) => folder !== undefined);
  for (const folder of folders)
    try {
      const from = createRequire(join(folder, 'index.js'));
      for (const name of JS_CLIENTS) from.resolve(name);
      return { path: join(folder, 'node_modules') };
    } catch {
      // Looked for in the next folder.
    }
  return {
    missing: `${JS_CLIENTS.join(', ')} are not installed: npm install, or set TELLTALE_JS_CLIENTS to a folder that has them`,
  };
}

export async function runClient(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout, stderr } = await run(program, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 60_000 });
  return `${stdout}${stderr}`;
}
