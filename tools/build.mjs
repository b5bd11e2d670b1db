// Bundles every deployable into dist/apps/<name>/main.cjs; packages stay outside. The console becomes files that a browser loads. Takes a few seconds.
import { build } from 'esbuild';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildPages } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const external = Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]);
// A benchmark starts a browser with it, where there is one.
external.push('playwright-core');
// Nest asks for these only when they are used.
external.push(
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'class-validator',
  'class-transformer',
  'testcontainers',
  '@testcontainers/*',
);

const common = { absWorkingDir: root, platform: 'node', target: 'node20', outExtension: { '.js': '.cjs' }, logLevel: 'warning' };
const bundled = { ...common, bundle: true, tsconfig: 'tsconfig.base.json', external };

/**
 * What a program loads only when it needs it goes into files of its own: in one file each module would be wrapped to be started late, and what is
 * wrapped runs a third slower. Only ES modules can be split, so that is done first.
 */
async function buildInParts(entryPoints, outdir) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const parts = mkdtempSync(join(root, 'dist', 'parts-'));
  try {
    await build({ ...bundled, entryPoints, outdir: parts, format: 'esm', splitting: true, sourcemap: 'inline' });
    rmSync(join(root, outdir), { recursive: true, force: true });
    const files = readdirSync(parts).map((file) => join(parts, file));
    await build({ ...common, entryPoints: files, outdir, format: 'cjs', sourcemap: 'linked' });
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

const apps = readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'src', 'main.ts')));
// The command line, and what it loads when it is asked for.
const programs = ['cli', 'eval', 'bench'];
const services = apps.filter((app) => !programs.includes(app));
await Promise.all([
  build({
    ...bundled,
    entryPoints: {
      ...Object.fromEntries(services.map((app) => [`${app}/main`, `apps/${app}/src/main.ts`])),
      // A thread of standalone.
      'standalone/tasks': 'apps/standalone/src/tasks.ts',
    },
    outdir: 'dist/apps',
    format: 'cjs',
    sourcemap: 'linked',
  }),
  buildPages({ configFile: join(root, 'apps', 'console', 'vite.config.mjs'), logLevel: 'warn' }),
  ...programs.map((app) => buildInParts({ main: `apps/${app}/src/main.ts` }, `dist/apps/${app}`)),
]);
