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
const FORM = { format: 'native', encoding: 'json' };
const createFileEncryptor = ({ folder, clock }: { folder: string; clock: Clock }) =>
  createEncryptor({ keys: openKeyFolder(folder, false), clock });
const newTestEncryptor = () => createEncryptor({ masterKey, clock: newClock().clock });
const rejection = expect.objectContaining({ code: 'rejected' }) as Error;

describe('createEncryptor', () => {
  it('decrypts what it encrypted, for any tenant and body, and never gives the same bytes twice', () => {
    const encryptor = newTestEncryptor();
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (tenant, plain) => {
        const { bytes, keyId } = encryptor.encrypt(tenant, plain, FORM);
        expect(keyId).toBe('2026-11-23');
        expect(bytes).toHaveLength(plain.length + 28);
        expect(encryptor.decrypt(tenant, keyId, bytes, FORM)).toEqual(Buffer.from(plain));
        expect(encryptor.encrypt(tenant, plain, FORM).bytes.equals(bytes)).toBe(false);
      }),
    );
  });

  it('encrypts a body given in chunks of any size', () => {
    const encryptor = newTestEncryptor();
    const pieces = [0, 1, 65_535, 65_536, 65_537, 200_000].map((size, i) => Buffer.alloc(size, i));
    const { bytes, keyId } = encryptor.encrypt('acme', pieces, FORM);
    expect(encryptor.decrypt('acme', keyId, bytes, FORM).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('rejects a body with any bit changed or cut anywhere', () => {
    const encryptor = newTestEncryptor();
    const { bytes, keyId } = encryptor.encrypt('acme', Buffer.from('a planted secret'), FORM);
    expect(bytes.includes('planted')).toBe(false);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => encryptor.decrypt('acme', keyId, changed, FORM)).toThrow(rejection);
      }),
    );
    for (let length = 0; length < bytes.length; length++)
      expect(() => encryptor.decrypt('acme', keyId, bytes.subarray(0, length), FORM)).toThrow(rejection);
  });

  it.each([
    ['another tenant', 'beta', '2026-11-23'],
    ['another day', 'acme', '2026-11-22'],
    ['no day', 'acme', ''],
    ['a path as day', 'acme', '../../etc/passwd'],
  ])('rejects %s', (_what, tenant, day) => {
    const encryptor = newTestEncryptor();
    const { bytes } = encryptor.encrypt('acme', Buffer.from('x'), FORM);
    expect(() => encryptor.decrypt(tenant, day, bytes, FORM)).toThrow(rejection);
  });

  it('decrypts with the same master key in another process, and with no other key', () => {
    const { bytes, keyId } = newTestEncryptor().encrypt('acme', Buffer.from('x'), FORM);
    expect(
      createEncryptor({ masterKey: masterKey.toString('base64'), clock: newClock().clock })
        .decrypt('acme', keyId, bytes, FORM)
        .toString(),
    ).toBe('x');
    expect(() =>
      createEncryptor({ masterKey: Buffer.alloc(32, 8), clock: newClock().clock }).decrypt('acme', keyId, bytes, FORM),
    ).toThrow(rejection);
  });

  it.each([
    ['another format', { ...FORM, format: 'openai-chat' }],
    ['another encoding', { ...FORM, encoding: 'protobuf' }],
    ['a format that takes a part of the encoding', { format: 'native\u0000json', encoding: '' }],
  ])('rejects a body that is said to be of %s', (_what, form) => {
    const encryptor = newTestEncryptor();
    const { bytes, keyId } = encryptor.encrypt('acme', Buffer.from('x'), FORM);
    expect(() => encryptor.decrypt('acme', keyId, bytes, form)).toThrow(rejection);
  });

  it('decrypts in every step of a rotation what any process encrypts then, and with the old key no more once it is gone', () => {
    const [former, next] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)] as const;
    const { clock } = newClock();
    const open = (key: Buffer, ...otherMasterKeys: Buffer[]) => createEncryptor({ masterKey: key, otherMasterKeys, clock });
    const steps = [
      [open(former), open(former, next)],
      [open(former, next), open(next, former)],
      [open(next, former), open(next)],
    ];
    const text = (reader: ReturnType<typeof open>, writer: ReturnType<typeof open>): string => {
      const { bytes, keyId } = writer.encrypt('acme', Buffer.from('x'), FORM);
      return reader.decrypt('acme', keyId, bytes, FORM).toString();
    };
    for (const processes of steps)
      for (const reader of processes) for (const writer of processes) expect(text(reader, writer)).toBe('x');
    expect(() => text(open(next), open(former))).toThrow(rejection);
    expect(() => open(next, Buffer.alloc(31))).toThrow('a master key has 31 bytes; it must have 32');
  });

  it('works with more tenants than it caches keys', () => {
    const encryptor = newTestEncryptor();
    const encrypted = Array.from({ length: 1_100 }, (_, i) => encryptor.encrypt(`t${i}`, Buffer.from(`${i}`), FORM));
    encrypted.forEach(({ bytes, keyId }, i) => expect(encryptor.decrypt(`t${i}`, keyId, bytes, FORM).toString()).toBe(`${i}`));
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
    const { bytes, keyId } = createFileEncryptor({ folder, clock }).encrypt('acme', Buffer.from('x'), FORM);
    expect(createFileEncryptor({ folder, clock }).decrypt('acme', keyId, bytes, FORM).toString()).toBe('x');
  });

  it('cannot decrypt a day whose secret was removed, after at most a minute, even with the master key; other days still work', () => {
    const folder = newFolder();
    const { clock, pass } = newClock();
    const encryptor = createFileEncryptor({ folder, clock });
    const first = encryptor.encrypt('acme', Buffer.from('x'), FORM);
    pass(DAY_MS);
    const second = encryptor.encrypt('acme', Buffer.from('y'), FORM);
    expect(encryptor.decrypt('acme', first.keyId, first.bytes, FORM).toString()).toBe('x');
    rmSync(join(folder, 'days', `${first.keyId}.key`));
    expect(() => createFileEncryptor({ folder, clock }).decrypt('acme', first.keyId, first.bytes, FORM)).toThrow(
      'the key of 2026-11-23 was removed',
    );
    pass(MINUTE_MS);
    expect(() => encryptor.decrypt('acme', first.keyId, first.bytes, FORM)).toThrow(rejection);
    expect(encryptor.decrypt('acme', second.keyId, second.bytes, FORM).toString()).toBe('y');
    expect(readdirSync(join(folder, 'days'))).toEqual(['2026-11-24.key']);
  });
});
