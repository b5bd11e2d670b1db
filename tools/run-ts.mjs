// Runs one TypeScript file of this repository: bundles it, with the path aliases, to a temporary file and loads that.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [file, ...args] = process.argv.slice(2);
const out = join(root, 'dist', 'tools', `${basename(file, '.ts')}-${process.pid}.cjs`);
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const external = Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => [name, `${name}/*`]);
mkdirSync(dirname(out), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: [file],
  outfile: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  tsconfig: 'tsconfig.base.json',
  external,
  logLevel: 'warning',
});
process.argv = [process.argv[0], file, ...args];
try {
  createRequire(import.meta.url)(out);
} finally {
  rmSync(out, { force: true });
}
