import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeHome, makeHome } from './home';

const root = mkdtempSync(join(tmpdir(), 'telltale-close-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const modeOf = (path: string): number => statSync(path).mode & 0o7777;

function folderWith(name: string, mode: number, files: readonly string[]): string {
  const home = join(root, name);
  mkdirSync(home);
  for (const file of files) writeFileSync(join(home, file), '', { mode: 0o644 });
  chmodSync(home, mode);
  return home;
}

describe('a home', () => {
  it('is created accessible to its owner only, with its parent folders', () => {
    const home = join(root, 'a', 'b');
    makeHome(home);
    expect([modeOf(home), modeOf(join(root, 'a'))]).toEqual([0o700, 0o700]);
  });

  it.each<[string, string[], number, number]>([
    ['empty', [], 0o755, 0o700],
    ['ours', ['api-key', 'lock.3', 'other'], 0o755, 0o700],
    ['with things of others alone', ['photo.jpg'], 0o755, 0o755],
    ['that all users share', ['api-key'], 0o1777, 0o1777],
  ])('%s: other users may do in it what they may after a start', (name, files, before, after) => {
    const home = folderWith(name, before, files);
    expect(closeHome(home)).toEqual([]);
    expect(modeOf(home)).toBe(after);
    const key = files.filter((file) => file === 'api-key').map((file) => modeOf(join(home, file)));
    expect(key.every((mode) => mode === 0o600)).toBe(true);
  });

  it('is restricted through a link to it; targets of links in it are unchanged', () => {
    const home = folderWith('real', 0o755, ['standalone.json']);
    const elsewhere = folderWith('elsewhere', 0o755, ['key']);
    symlinkSync(join(elsewhere, 'key'), join(home, 'api-key'));
    symlinkSync(elsewhere, join(home, 'keys'));
    symlinkSync(home, join(root, 'link'));
    closeHome(join(root, 'link'));
    expect(modeOf(home)).toBe(0o700);
    expect([modeOf(elsewhere), modeOf(join(elsewhere, 'key'))]).toEqual([0o755, 0o644]);
  });
});
