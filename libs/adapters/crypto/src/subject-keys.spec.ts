import { PermanentError } from '@telltale/kernel';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSubjectKeys } from './subject-keys';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'subject-keys-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const files = (): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)); // prettier-ignore

describe('a folder of subject keys', () => {
  it('creates a key once per tenant and subject, shares it with the next process, and removes it on forget', () => {
    const keys = openSubjectKeys(folder);
    expect(keys.keyOf('acme', 'u_1')).toBeNull();
    const key = keys.makeKeyOf('acme', 'u_1');
    expect(key).toHaveLength(32);
    expect([keys.keyOf('acme', 'u_1'), openSubjectKeys(folder).makeKeyOf('acme', 'u_1')]).toEqual([key, key]);
    expect([keys.keyOf('other', 'u_1'), keys.keyOf('acme', 'u_2')]).toEqual([null, null]);
    expect([keys.forget('acme', 'u_1'), keys.keyOf('acme', 'u_1'), keys.forget('acme', 'u_1')]).toEqual([true, null, false]);
    expect(keys.makeKeyOf('acme', 'u_1')).not.toEqual(key);
  });
  it('reveals no names and is readable by its owner only', () => {
    openSubjectKeys(folder).makeKeyOf('acme', 'mia@example.com');
    expect(files().join()).not.toMatch(/mia|acme/);
    expect(statSync(files()[0] ?? '').mode & 0o077).toBe(0);
  });
  it('leaves nothing of a forgotten key, and keeps the others', () => {
    const keys = openSubjectKeys(folder);
    keys.makeKeyOf('acme', 'mia');
    const leo = keys.makeKeyOf('acme', 'leo');
    keys.forget('acme', 'mia');
    expect(files().map((file) => Buffer.from(readFileSync(file, 'utf8'), 'base64'))).toEqual([leo]);
  });
  it('reports a damaged key as an error and creates no new one', () => {
    const keys = openSubjectKeys(folder);
    keys.makeKeyOf('acme', 'mia');
    const [file = ''] = files();
    chmodSync(file, 0o600);
    writeFileSync(file, 'cut');
    expect(() => keys.makeKeyOf('acme', 'mia')).toThrow(PermanentError);
  });
});
