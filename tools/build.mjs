// Bundles every deployable into dist/apps/<name>/main.cjs; packages stay outside. Takes well under a second.
import { build } from 'esbuild';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const external = Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]);
// Nest asks for these only when they are used.
external.push(
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'class-validator',
  'class-transformer',
  'testcontainers',
  '@testcontainers/*',
);

const apps = readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'src', 'main.ts')));
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(apps.map((app) => [`${app}/main`, `apps/${app}/src/main.ts`])),
  outdir: 'dist/apps',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'linked',
  tsconfig: 'tsconfig.base.json',
  external,
  logLevel: 'warning',
});
