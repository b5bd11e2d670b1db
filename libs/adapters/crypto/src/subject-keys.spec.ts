import { PermanentError } from '@telltale/kernel';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSubjectKeys } from './subject-keys';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'subject-keys-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const files = (): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)); // prettier-ignore

describe('keys of subjects in a folder', () => {
  it('are made once by tenant and subject, the same for the next process, and gone when forgotten', () => {
    const keys = openSubjectKeys(folder);
    expect(keys.keyOf('acme', 'u_1')).toBeNull();
    const key = keys.makeKeyOf('acme', 'u_1');
    expect(key).toHaveLength(32);
    expect([keys.keyOf('acme', 'u_1'), openSubjectKeys(folder).makeKeyOf('acme', 'u_1')]).toEqual([key, key]);
    expect([keys.keyOf('other', 'u_1'), keys.keyOf('acme', 'u_2')]).toEqual([null, null]);
    expect([keys.forget('acme', 'u_1'), keys.keyOf('acme', 'u_1'), keys.forget('acme', 'u_1')]).toEqual([true, null, false]);
    expect(keys.makeKeyOf('acme', 'u_1')).not.toEqual(key);
  });
  it('tell no names and are for their owner alone', () => {
    openSubjectKeys(folder).makeKeyOf('acme', 'mia@example.com');
    expect(files().join()).not.toMatch(/mia|acme/);
    expect(statSync(files()[0] ?? '').mode & 0o077).toBe(0);
  });
  it('leave nothing of a key that was forgotten, and the others alone', () => {
    const keys = openSubjectKeys(folder);
    keys.makeKeyOf('acme', 'mia');
    const leo = keys.makeKeyOf('acme', 'leo');
    keys.forget('acme', 'mia');
    expect(files().map((file) => Buffer.from(readFileSync(file, 'utf8'), 'base64'))).toEqual([leo]);
  });
  it('that are broken are an error and not another key', () => {
    const keys = openSubjectKeys(folder);
    keys.makeKeyOf('acme', 'mia');
    const [file = ''] = files();
    chmodSync(file, 0o600);
    writeFileSync(file, 'cut');
    expect(() => keys.makeKeyOf('acme', 'mia')).toThrow(PermanentError);
  });
});
