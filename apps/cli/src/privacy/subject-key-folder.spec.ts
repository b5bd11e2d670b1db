import { createPseudonymBook, createSubjectKeysInMemory, type SubjectKeys } from '@telltale/domain-privacy';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSubjectKeyFolder } from './subject-key-folder';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'subject-keys-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const files = (): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)); // prettier-ignore

const adapters: [string, () => SubjectKeys][] = [
  ['memory', createSubjectKeysInMemory],
  ['a folder', () => createSubjectKeyFolder(folder)],
];
describe.each(adapters)('keys of subjects in %s', (_, open) => {
  it('are kept by tenant and subject, and gone when forgotten', () => {
    const keys = open();
    const key = randomBytes(32);
    expect(keys.keyOf('acme', 'u_1')).toBeNull();
    keys.keep('acme', 'u_1', key);
    expect(Buffer.from(keys.keyOf('acme', 'u_1') ?? [])).toEqual(key);
    expect(keys.keyOf('other', 'u_1')).toBeNull();
    expect(keys.keyOf('acme', 'u_2')).toBeNull();
    expect(keys.forget('acme', 'u_1')).toBe(true);
    expect(keys.keyOf('acme', 'u_1')).toBeNull();
    expect(keys.forget('acme', 'u_1')).toBe(false);
  });
  it('make what was stored with them unreadable for good, for that subject alone', () => {
    const book = createPseudonymBook(open(), () => randomBytes(32));
    const whose = (subject: string) => ({ tenant: 'acme', subject, pseudonym: '[PERSON~abcdefghabcdefgh]' });
    const mia = book.note(whose('u_mia'), 'Mia Rossi');
    const leo = book.note(whose('u_leo'), 'Leo Rossi');
    expect([book.reveal(mia), book.reveal(leo)]).toEqual(['Mia Rossi', 'Leo Rossi']);
    expect(book.forget('acme', 'u_mia')).toBe(true);
    expect([book.reveal(mia), book.reveal(leo)]).toEqual([null, 'Leo Rossi']);
    // A person who comes back has another key: what was there before stays unreadable.
    const again = book.note(whose('u_mia'), 'Mia Rossi');
    expect([book.reveal(mia), book.reveal(again)]).toEqual([null, 'Mia Rossi']);
  });
});

describe('the folder of keys', () => {
  it('is read again by the next process, tells no names and is for its owner alone', () => {
    const key = randomBytes(32);
    createSubjectKeyFolder(folder).keep('acme', 'mia@example.com', key);
    expect(createSubjectKeyFolder(folder).keyOf('acme', 'mia@example.com')).toEqual(key);
    expect(files().join()).not.toMatch(/mia|acme/);
    expect(statSync(files()[0] ?? '').mode & 0o077).toBe(0);
  });
  it('holds nothing of a key that was forgotten', () => {
    const keys = createSubjectKeyFolder(folder);
    keys.keep('acme', 'mia', Buffer.alloc(32, 7));
    keys.keep('acme', 'leo', Buffer.alloc(32, 8));
    keys.forget('acme', 'mia');
    expect(files().map((file) => readFileSync(file).toString('hex'))).toEqual([Buffer.alloc(32, 8).toString('hex')]);
  });
});
