import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './python-sdk';

/** Makes `folder` the folder of a program in Node: with the packages of `modules` and, installed from its tarball, the Node SDK. */
export function makeNodeApp(folder: string, modules: string): void {
  const own = join(folder, 'node_modules');
  const sdk = join(own, '@telltale', 'sdk');
  mkdirSync(sdk, { recursive: true });
  for (const name of readdirSync(modules)) if (!name.startsWith('.')) symlinkSync(join(modules, name), join(own, name));
  const env = { ...process.env, npm_config_cache: join(folder, 'npm-cache'), npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(ROOT, 'sdk', 'node'), env, stdio: ['ignore', 'pipe', 'inherit'] });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', sdk]);
  rmSync(join(folder, tarball));
} // prettier-ignore

/** Puts a program into such a folder, where it finds its packages. */
export function addProgram(folder: string, file: string): string {
  const path = join(folder, basename(file));
  copyFileSync(file, path);
  return path;
}
