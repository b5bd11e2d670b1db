import { createHash } from 'node:crypto';
import { decryptPseudonym, encryptPseudonym } from './subject-keys';

let made = 0;
const newKey = () => createHash('sha256').update(String(made++)).digest();
const whose = (subject: string) => ({ tenant: 'acme', subject, pseudonym: '[PERSON~abcdefghabcdefgh]' });

describe('encrypted originals of pseudonyms', () => {
  it('are deterministic, and bound to subject and pseudonym', () => {
    const key = newKey();
    const record = encryptPseudonym(whose('u_mia'), 'Mia Rossi', key);
    expect(encryptPseudonym(whose('u_mia'), 'Mia Rossi', key)).toEqual(record);
    expect(decryptPseudonym(record, key)).toBe('Mia Rossi');
    expect(decryptPseudonym({ ...record, subject: 'u_leo' }, key)).toBeNull();
    expect(decryptPseudonym(record, newKey())).toBeNull();
    expect(() => encryptPseudonym(whose('u_mia'), 'x', key.subarray(1))).toThrow(RangeError);
  });
});
