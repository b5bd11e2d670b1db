import fc from 'fast-check';
import { createPolicy, createRedactionCounts, type PrivacyMode, type PrivacyTypes, redactText, redactToText } from '.';
import { createReplace } from './policy';
import { decryptPseudonym, encryptPseudonym } from './subject-keys';

const replace = createReplace(Buffer.from('key of acme'));
const named = (text: string, of = replace): string => redactText(text, createRedactionCounts({ replace: of }), 'prose');

const under = (mode: PrivacyMode, text: unknown, types?: PrivacyTypes): string =>
  redactToText(text, createRedactionCounts({ kept: createPolicy(mode, types).kept }), 'prose');

describe('what a policy keeps', () => {
  const said = 'My name is Mia Rossi. Is it raining in Lisbon? Write to mia@example.com, not to Siemens. The password: hunter2';
  it.each<[PrivacyMode, PrivacyTypes, string]>([
    ['mask', {}, 'My name is [PERSON]. Is it raining in Lisbon? Write to [EMAIL], not to Siemens. The password: [SECRET]'],
    ['strict', {}, 'My name is [PERSON]. Is it raining in [PLACE]? Write to [EMAIL], not to [ORGANISATION]. The password: [SECRET]'],
    ['secrets_only', {}, 'My name is Mia Rossi. Is it raining in Lisbon? Write to mia@example.com, not to Siemens. The password: [SECRET]'],
    ['mask', { place: 'mask', email: 'keep' }, 'My name is [PERSON]. Is it raining in [PLACE]? Write to mia@example.com, not to Siemens. The password: [SECRET]'],
    ['secrets_only', { person: 'mask' }, 'My name is [PERSON]. Is it raining in Lisbon? Write to mia@example.com, not to Siemens. The password: [SECRET]'],
  ])('%s, %j', (mode, types, stored) => expect(under(mode, said, types)).toBe(stored)); // prettier-ignore

  it.each([
    ['a name', 'Please call Mia Rossi, Lisbon', 'Please call [PERSON], [PLACE]'],
    ['a street', '14 Crown Street, Boston', '[ADDRESS]'],
  ])('is no place that is joined to %s', (_, text, stored) => expect(under('mask', text)).toBe(stored));

  it('holds for fields that are known by their names, too', () => {
    const value = { city: 'Xyz', first_name: 'Qwx', phone: '4155552671' };
    expect(under('mask', value)).toBe('{"city":"Xyz","first_name":"[PERSON]","phone":"[PHONE]"}');
    expect(under('strict', value)).toBe('{"city":"[PLACE]","first_name":"[PERSON]","phone":"[PHONE]"}');
    expect(under('secrets_only', value)).toBe('{"city":"Xyz","first_name":"Qwx","phone":"4155552671"}');
  });

  it('stays as it is in a second pass', () => {
    const pieces = fc.constantFrom('Mia Rossi', 'Lisbon', 'Siemens', ', ', ' ', '. In ', '14 Crown Street', 'mia@example.com', '\n', 'password: x9', 'My name is '); // prettier-ignore
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        const once = under('mask', parts.join(''));
        expect(under('mask', once)).toBe(once);
        expect(once).not.toContain('[redaction failed]');
      }),
      { numRuns: 2_000 },
    );
  });
});

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
