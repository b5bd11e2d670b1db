import fc from 'fast-check';
import { createRedactionCounts, redactText } from '.';
import { createReplace } from './policy';
import { decryptPseudonym, encryptPseudonym } from './subject-keys';

const replace = createReplace(Buffer.from('key of acme'));
const named = (text: string, of = replace): string => redactText(text, createRedactionCounts(of), 'prose');

describe('pseudonyms in text', () => {
  it('are equal for one value in any spelling, and differ by type, value and tenant', () => {
    expect(named('olivia@example.com')).toMatch(/^\[EMAIL~[a-p]{16}\]$/);
    expect(named('ask Olivia@Example.com')).toBe(`ask ${named('olivia@example.com')}`);
    expect(named('415-555-2671')).toBe(named('(415) 555-2671'));
    expect(replace('[PERSON]', 'Olivia')).not.toBe(replace('[PLACE]', 'Olivia'));
    expect(named('olivia@example.com')).not.toBe(named('amelia@example.com'));
    expect(named('olivia@example.com', createReplace(Buffer.from('key of other')))).not.toBe(named('olivia@example.com'));
  });
  it('are never created for secrets', () => {
    expect(named('password: hunter2')).toBe('password: [SECRET]');
  });
  it('are unchanged by a second pass, masked or pseudonymized', () => {
    const pieces = fc.constantFrom('olivia@example.com', 'Olivia Petersen', '415-555-2671', '10.0.0.1', 'password: ', 'My name is ', 'DE89370400440532013000', ' ', ', ', 'key=', '\n', '14 Crown Street', '4111 1111 1111 1111'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        const once = named(parts.join(''));
        expect(named(once)).toBe(once);
        expect(redactText(once, createRedactionCounts(), 'prose')).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('an encrypted pseudonym', () => {
  const whose = { tenant: 'acme', subject: 'u_1', pseudonym: '[PERSON~abcdefghabcdefgh]' };
  const key = Buffer.alloc(32, 1);
  it('can be decrypted only with its key, and only for its subject and pseudonym', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (value, other) => {
        const record = encryptPseudonym(whose, value, key);
        expect(decryptPseudonym(record, key)).toBe(value);
        fc.pre(!Buffer.from(other).equals(key));
        expect(decryptPseudonym(record, other)).toBeNull();
        expect(decryptPseudonym({ ...record, subject: 'u_2' }, key)).toBeNull();
        expect(
          decryptPseudonym(
            { ...record, encrypted: `${record.encrypted.startsWith('A') ? 'B' : 'A'}${record.encrypted.slice(1)}` },
            key,
          ),
        ).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
  it('is deterministic and reveals nothing about its value', () => {
    expect(encryptPseudonym(whose, 'Olivia', key)).toEqual(encryptPseudonym(whose, 'Olivia', key));
    expect(encryptPseudonym(whose, 'Olivia', key).encrypted).not.toBe(encryptPseudonym(whose, 'Amelia', key).encrypted);
    expect(Buffer.from(encryptPseudonym(whose, 'Olivia', key).encrypted, 'base64url').toString('latin1')).not.toContain('Olivia');
  });
  it('is rejected with half a key', () => {
    expect(() => encryptPseudonym(whose, 'x', Buffer.alloc(16))).toThrow(RangeError);
    expect(decryptPseudonym({ ...whose, encrypted: 'AAAA' }, key)).toBeNull();
  });
});
