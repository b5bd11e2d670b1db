import { createHash } from 'node:crypto';
import { openPseudonym, sealPseudonym } from './subject-keys';

let made = 0;
const newKey = () => createHash('sha256').update(String(made++)).digest();
const whose = (subject: string) => ({ tenant: 'acme', subject, pseudonym: '[PERSON~abcdefghabcdefgh]' });

describe('what pseudonyms stand for', () => {
  it('is the same bytes when sealed again, and bound to its place', () => {
    const key = newKey();
    const record = sealPseudonym(whose('u_mia'), 'Mia Rossi', key);
    expect(sealPseudonym(whose('u_mia'), 'Mia Rossi', key)).toEqual(record);
    expect(openPseudonym(record, key)).toBe('Mia Rossi');
    expect(openPseudonym({ ...record, subject: 'u_leo' }, key)).toBeNull();
    expect(openPseudonym(record, newKey())).toBeNull();
    expect(() => sealPseudonym(whose('u_mia'), 'x', key.subarray(1))).toThrow(RangeError);
  });
});
