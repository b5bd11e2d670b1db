import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, DAY_MS, MINUTE_MS, PermanentError } from '@telltale/kernel';
import fc from 'fast-check';
import { createSeal, masterKeyFrom, openKeyFile, openKeyFolder } from './index';

const NOW = Date.UTC(2026, 10, 23, 3);
function newClock() {
  const state = { now: NOW };
  const clock: Clock = { now: () => state.now, monotonic: () => state.now, sleep: () => Promise.resolve() };
  return { clock, pass: (ms: number) => (state.now += ms) };
}
const masterKey = Buffer.alloc(32, 7);
const createFileSeal = ({ folder, clock }: { folder: string; clock: Clock }) =>
  createSeal({ keys: openKeyFolder(folder, false), clock });
const newTestSeal = () => createSeal({ masterKey, clock: newClock().clock });
const rejection = expect.objectContaining({ code: 'rejected' }) as Error;

describe('createSeal', () => {
  it('opens what it sealed, for any tenant and body, and no two seals are alike', () => {
    const seal = newTestSeal();
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (tenant, plain) => {
        const { bytes, keyDay } = seal.seal(tenant, plain);
        expect(keyDay).toBe('2026-11-23');
        expect(bytes).toHaveLength(plain.length + 28);
        expect(seal.open(tenant, keyDay, bytes)).toEqual(Buffer.from(plain));
        expect(seal.seal(tenant, plain).bytes.equals(bytes)).toBe(false);
      }),
    );
  });

  it('seals a body that comes in pieces, whatever their sizes', () => {
    const seal = newTestSeal();
    const pieces = [0, 1, 65_535, 65_536, 65_537, 200_000].map((size, i) => Buffer.alloc(size, i));
    const { bytes, keyDay } = seal.seal('acme', pieces);
    expect(seal.open('acme', keyDay, bytes).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('rejects a body with any bit changed or cut anywhere', () => {
    const seal = newTestSeal();
    const { bytes, keyDay } = seal.seal('acme', Buffer.from('a planted secret'));
    expect(bytes.includes('planted')).toBe(false);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => seal.open('acme', keyDay, changed)).toThrow(rejection);
      }),
    );
    for (let length = 0; length < bytes.length; length++)
      expect(() => seal.open('acme', keyDay, bytes.subarray(0, length))).toThrow(rejection);
  });

  it.each([
    ['another tenant', 'beta', '2026-11-23'],
    ['another day', 'acme', '2026-11-22'],
    ['no day', 'acme', ''],
    ['a path as day', 'acme', '../../etc/passwd'],
  ])('rejects %s', (_what, tenant, day) => {
    const seal = newTestSeal();
    const { bytes } = seal.seal('acme', Buffer.from('x'));
    expect(() => seal.open(tenant, day, bytes)).toThrow(rejection);
  });

  it('opens with the same master key in another process, and with no other', () => {
    const { bytes, keyDay } = newTestSeal().seal('acme', Buffer.from('x'));
    expect(
      createSeal({ masterKey: masterKey.toString('base64'), clock: newClock().clock })
        .open('acme', keyDay, bytes)
        .toString(),
    ).toBe('x');
    expect(() => createSeal({ masterKey: Buffer.alloc(32, 8), clock: newClock().clock }).open('acme', keyDay, bytes)).toThrow(
      rejection,
    );
  });

  it('holds more tenants than it remembers keys', () => {
    const seal = newTestSeal();
    const sealed = Array.from({ length: 1_100 }, (_, i) => seal.seal(`t${i}`, Buffer.from(`${i}`)));
    sealed.forEach(({ bytes, keyDay }, i) => expect(seal.open(`t${i}`, keyDay, bytes).toString()).toBe(`${i}`));
  });
});

describe('with files', () => {
  const folders: string[] = [];
  const newFolder = () => folders[folders.push(mkdtempSync(join(tmpdir(), 'telltale-vault-'))) - 1] as string;
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  it('makes the key file once, for its owner alone', () => {
    const path = join(newFolder(), 'keys', 'master.key');
    const key = openKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openKeyFile(path)).toEqual(key);
    expect(key).toHaveLength(32);
    expect(readdirSync(join(path, '..'))).toEqual(['master.key']);
    expect(masterKeyFrom(readFileSync(path, 'utf8'), 'file')).toEqual(key);
  });

  it.each(['', 'short', Buffer.alloc(31).toString('base64'), `${'!'.repeat(43)}=`])(
    'a key file with %j in it is damaged: the advice is a backup, never a new key, and the file stays as it is',
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

  it('a master key that is missing is made on a first start only: with data there, the advice is a backup', () => {
    const folder = join(newFolder(), 'keys');
    expect(() => openKeyFolder(folder, true)).toThrow(
      `the key file ${join(folder, 'master.key')} is missing, and data sealed with it is stored: restore it from a backup`,
    );
    expect(existsSync(folder)).toBe(false);
    const { masterKey: made } = openKeyFolder(folder, false);
    expect(openKeyFolder(folder, true).masterKey).toEqual(made);
  });

  it('a key in a variable is refused without the advice to make a new one where data is stored', () => {
    expect(() => masterKeyFrom('short', 'TELLTALE_MASTER_KEY')).toThrow(
      'TELLTALE_MASTER_KEY must be 32 bytes as base64: set the key that stored data was written with; only where nothing is stored yet, make one with: openssl rand -base64 32',
    );
  });

  it('opens after a restart', () => {
    const folder = newFolder();
    const { clock } = newClock();
    const { bytes, keyDay } = createFileSeal({ folder, clock }).seal('acme', Buffer.from('x'));
    expect(createFileSeal({ folder, clock }).open('acme', keyDay, bytes).toString()).toBe('x');
  });

  it('cannot open a day whose secret was removed, a minute later at most, even with the master key; other days stay', () => {
    const folder = newFolder();
    const { clock, pass } = newClock();
    const seal = createFileSeal({ folder, clock });
    const first = seal.seal('acme', Buffer.from('x'));
    pass(DAY_MS);
    const second = seal.seal('acme', Buffer.from('y'));
    expect(seal.open('acme', first.keyDay, first.bytes).toString()).toBe('x');
    rmSync(join(folder, 'days', `${first.keyDay}.key`));
    expect(() => createFileSeal({ folder, clock }).open('acme', first.keyDay, first.bytes)).toThrow(
      'the key of 2026-11-23 is gone',
    );
    pass(MINUTE_MS);
    expect(() => seal.open('acme', first.keyDay, first.bytes)).toThrow(rejection);
    expect(seal.open('acme', second.keyDay, second.bytes).toString()).toBe('y');
    expect(readdirSync(join(folder, 'days'))).toEqual(['2026-11-24.key']);
  });
});
