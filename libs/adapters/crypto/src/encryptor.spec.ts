import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, DAY_MS, MINUTE_MS, PermanentError } from '@telltale/kernel';
import fc from 'fast-check';
import { createEncryptor, masterKeyFrom, openKeyFile, openKeyFolder } from './index';

const NOW = Date.UTC(2026, 10, 23, 3);
function newClock() {
  const state = { now: NOW };
  const clock: Clock = { now: () => state.now, monotonic: () => state.now, sleep: () => Promise.resolve() };
  return { clock, pass: (ms: number) => (state.now += ms) };
}
const masterKey = Buffer.alloc(32, 7);
const createFileEncryptor = ({ folder, clock }: { folder: string; clock: Clock }) =>
  createEncryptor({ keys: openKeyFolder(folder, false), clock });
const newTestEncryptor = () => createEncryptor({ masterKey, clock: newClock().clock });
const rejection = expect.objectContaining({ code: 'rejected' }) as Error;

describe('createEncryptor', () => {
  it('decrypts what it encrypted, for any tenant and body, and never gives the same bytes twice', () => {
    const encryptor = newTestEncryptor();
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (tenant, plain) => {
        const { bytes, keyId } = encryptor.encrypt(tenant, plain);
        expect(keyId).toBe('2026-11-23');
        expect(bytes).toHaveLength(plain.length + 28);
        expect(encryptor.decrypt(tenant, keyId, bytes)).toEqual(Buffer.from(plain));
        expect(encryptor.encrypt(tenant, plain).bytes.equals(bytes)).toBe(false);
      }),
    );
  });

  it('encrypts a body given in chunks of any size', () => {
    const encryptor = newTestEncryptor();
    const pieces = [0, 1, 65_535, 65_536, 65_537, 200_000].map((size, i) => Buffer.alloc(size, i));
    const { bytes, keyId } = encryptor.encrypt('acme', pieces);
    expect(encryptor.decrypt('acme', keyId, bytes).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('rejects a body with any bit changed or cut anywhere', () => {
    const encryptor = newTestEncryptor();
    const { bytes, keyId } = encryptor.encrypt('acme', Buffer.from('a planted secret'));
    expect(bytes.includes('planted')).toBe(false);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => encryptor.decrypt('acme', keyId, changed)).toThrow(rejection);
      }),
    );
    for (let length = 0; length < bytes.length; length++)
      expect(() => encryptor.decrypt('acme', keyId, bytes.subarray(0, length))).toThrow(rejection);
  });

  it.each([
    ['another tenant', 'beta', '2026-11-23'],
    ['another day', 'acme', '2026-11-22'],
    ['no day', 'acme', ''],
    ['a path as day', 'acme', '../../etc/passwd'],
  ])('rejects %s', (_what, tenant, day) => {
    const encryptor = newTestEncryptor();
    const { bytes } = encryptor.encrypt('acme', Buffer.from('x'));
    expect(() => encryptor.decrypt(tenant, day, bytes)).toThrow(rejection);
  });

  it('decrypts with the same master key in another process, and with no other key', () => {
    const { bytes, keyId } = newTestEncryptor().encrypt('acme', Buffer.from('x'));
    expect(
      createEncryptor({ masterKey: masterKey.toString('base64'), clock: newClock().clock })
        .decrypt('acme', keyId, bytes)
        .toString(),
    ).toBe('x');
    expect(() =>
      createEncryptor({ masterKey: Buffer.alloc(32, 8), clock: newClock().clock }).decrypt('acme', keyId, bytes),
    ).toThrow(rejection);
  });

  it('works with more tenants than it caches keys', () => {
    const encryptor = newTestEncryptor();
    const encrypted = Array.from({ length: 1_100 }, (_, i) => encryptor.encrypt(`t${i}`, Buffer.from(`${i}`)));
    encrypted.forEach(({ bytes, keyId }, i) => expect(encryptor.decrypt(`t${i}`, keyId, bytes).toString()).toBe(`${i}`));
  });
});

describe('with key files', () => {
  const folders: string[] = [];
  const newFolder = () => folders[folders.push(mkdtempSync(join(tmpdir(), 'telltale-vault-'))) - 1] as string;
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  it('creates the key file once, readable by its owner only', () => {
    const path = join(newFolder(), 'keys', 'master.key');
    const key = openKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openKeyFile(path)).toEqual(key);
    expect(key).toHaveLength(32);
    expect(readdirSync(join(path, '..'))).toEqual(['master.key']);
    expect(masterKeyFrom(readFileSync(path, 'utf8'), 'file')).toEqual(key);
  });

  it.each(['', 'short', Buffer.alloc(31).toString('base64'), `${'!'.repeat(43)}=`])(
    'reports a key file with %j as damaged, advises a backup and never a new key, and leaves the file unchanged',
    (text) => {
      const path = join(newFolder(), 'master.key');
      writeFileSync(path, text);
      expect(() => openKeyFile(path)).toThrow(PermanentError);
      expect(() => openKeyFile(path)).toThrow(
        `the key file ${path} is damaged (it must hold 32 bytes as base64): restore it from a backup; with a new key, what was stored with this one cannot be read again`,
      );
      expect(() => openKeyFile(path)).not.toThrow('openssl');
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  it('creates a missing master key on a first start only; when data is stored, advises a backup', () => {
    const folder = join(newFolder(), 'keys');
    expect(() => openKeyFolder(folder, true)).toThrow(
      `the key file ${join(folder, 'master.key')} is missing, and data encrypted with it is stored: restore it from a backup`,
    );
    expect(existsSync(folder)).toBe(false);
    const { masterKey: made } = openKeyFolder(folder, false);
    expect(openKeyFolder(folder, true).masterKey).toEqual(made);
  });

  it('rejects a wrong key in a variable, and advises a new one only when nothing is stored yet', () => {
    expect(() => masterKeyFrom('short', 'TELLTALE_MASTER_KEY')).toThrow(
      'TELLTALE_MASTER_KEY must be 32 bytes as base64: set the key that stored data was written with; only where nothing is stored yet, make one with: openssl rand -base64 32',
    );
  });

  it('decrypts after a restart', () => {
    const folder = newFolder();
    const { clock } = newClock();
    const { bytes, keyId } = createFileEncryptor({ folder, clock }).encrypt('acme', Buffer.from('x'));
    expect(createFileEncryptor({ folder, clock }).decrypt('acme', keyId, bytes).toString()).toBe('x');
  });

  it('cannot decrypt a day whose secret was removed, after at most a minute, even with the master key; other days still work', () => {
    const folder = newFolder();
    const { clock, pass } = newClock();
    const encryptor = createFileEncryptor({ folder, clock });
    const first = encryptor.encrypt('acme', Buffer.from('x'));
    pass(DAY_MS);
    const second = encryptor.encrypt('acme', Buffer.from('y'));
    expect(encryptor.decrypt('acme', first.keyId, first.bytes).toString()).toBe('x');
    rmSync(join(folder, 'days', `${first.keyId}.key`));
    expect(() => createFileEncryptor({ folder, clock }).decrypt('acme', first.keyId, first.bytes)).toThrow(
      'the key of 2026-11-23 was removed',
    );
    pass(MINUTE_MS);
    expect(() => encryptor.decrypt('acme', first.keyId, first.bytes)).toThrow(rejection);
    expect(encryptor.decrypt('acme', second.keyId, second.bytes).toString()).toBe('y');
    expect(readdirSync(join(folder, 'days'))).toEqual(['2026-11-24.key']);
  });
});
