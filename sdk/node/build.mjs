// Compiles src to dist as CommonJS with types. The ES modules only hand it on, so a process that uses both has one SDK, not two.
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tsconfig.json')], { stdio: 'inherit' });
copyFileSync(join(root, '..', 'rules', 'sdk-rules.json'), join(dist, 'sdk-rules.json'));
for (const entry of ['index', 'pino']) {
  writeFileSync(join(dist, `${entry}.mjs`), `export * from './${entry}.js';\n`);
  writeFileSync(join(dist, `${entry}.d.mts`), `export * from './${entry}.js';\n`);
}
// Node gives an ES module all of a CommonJS one as its default; pino looks for the function.
appendFileSync(join(dist, 'pino.mjs'), "import all from './pino.js';\nexport default all.default;\n");
appendFileSync(
  join(dist, 'pino.d.mts'),
  "import all = require('./pino.js');\ndeclare const transport: typeof all.default;\nexport default transport;\n",
);
