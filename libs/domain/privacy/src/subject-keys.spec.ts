import { createHash } from 'node:crypto';
import { createPseudonymBook, createSubjectKeysInMemory, openPseudonym, sealPseudonym } from './subject-keys';

let made = 0;
const newKey = () => createHash('sha256').update(String(made++)).digest();
const whose = (subject: string) => ({ tenant: 'acme', subject, pseudonym: '[PERSON~abcdefghabcdefgh]' });

describe('what pseudonyms stand for', () => {
  it('is unreadable for good once its subject is forgotten, for that subject alone', () => {
    const book = createPseudonymBook(createSubjectKeysInMemory(newKey));
    const mia = book.note(whose('u_mia'), 'Mia Rossi');
    const leo = book.note(whose('u_leo'), 'Leo Rossi');
    expect([book.reveal(mia), book.reveal(leo)]).toEqual(['Mia Rossi', 'Leo Rossi']);
    expect([book.forget('acme', 'u_mia'), book.forget('acme', 'u_mia')]).toEqual([true, false]);
    expect([book.reveal(mia), book.reveal(leo)]).toEqual([null, 'Leo Rossi']);
    // A person who comes back has another key: what was there before stays unreadable.
    const again = book.note(whose('u_mia'), 'Mia Rossi');
    expect([book.reveal(mia), book.reveal(again)]).toEqual([null, 'Mia Rossi']);
  });
  it('is the same bytes when sealed again, and bound to its place', () => {
    const key = newKey();
    const record = sealPseudonym(whose('u_mia'), 'Mia Rossi', key);
    expect(sealPseudonym(whose('u_mia'), 'Mia Rossi', key)).toEqual(record);
    expect(openPseudonym({ ...record, subject: 'u_leo' }, key)).toBeNull();
    expect(openPseudonym(record, newKey())).toBeNull();
    expect(() => sealPseudonym(whose('u_mia'), 'x', key.subarray(1))).toThrow(RangeError);
  });
});
