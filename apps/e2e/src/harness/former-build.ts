import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './python-sdk';

export interface FormerBuild {
  /** Folder of a checkout with its `dist`. */
  readonly root: string;
  /** The release that it is of; null: there is none yet, and it is a copy of this build. */
  readonly release: string | null;
  remove(): void;
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** The newest release before this commit. A shallow clone knows no tags, and is as if there were none. */
function lastRelease(): string | null {
  try {
    return git('describe', '--tags', '--abbrev=0', '--match', 'v*') || null;
  } catch {
    return null;
  }
}

/** The build that an upgrade begins with: that of the last release, or this one once more, where there is no release. */
export function makeFormerBuild(): FormerBuild {
  const root = mkdtempSync(join(tmpdir(), 'telltale-former-'));
  const release = lastRelease();
  try {
    if (release === null) {
      for (const part of ['dist', join('deploy', 'clickhouse')]) {
        mkdirSync(join(root, part), { recursive: true });
        cpSync(join(ROOT, part), join(root, part), { recursive: true });
      }
      symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    } else {
      const archive = join(root, 'release.tar');
      git('archive', '--output', archive, release);
      execFileSync('tar', ['-xf', archive, '-C', root]);
      rmSync(archive);
      execFileSync('npm', ['ci', '--ignore-scripts=false', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    }
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
  return { root, release, remove: () => rmSync(root, { recursive: true, force: true }) };
} // prettier-ignore
