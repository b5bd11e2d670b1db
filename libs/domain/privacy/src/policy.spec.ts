import fc from 'fast-check';
import { createReplace } from './policy';
import { createTally, redactText } from './redact-text';
import { openPseudonym, sealPseudonym } from './subject-keys';

const replace = createReplace(Buffer.from('key of acme'));
const named = (text: string, of = replace): string => redactText(text, createTally(of), 'prose');

describe('pseudonyms in text', () => {
  it('are the same for one value however it is written, and others for another type, value or tenant', () => {
    expect(named('olivia@example.com')).toMatch(/^\[EMAIL~[a-p]{16}\]$/);
    expect(named('ask Olivia@Example.com')).toBe(`ask ${named('olivia@example.com')}`);
    expect(named('415-555-2671')).toBe(named('(415) 555-2671'));
    expect(replace('[PERSON]', 'Olivia')).not.toBe(replace('[PLACE]', 'Olivia'));
    expect(named('olivia@example.com')).not.toBe(named('amelia@example.com'));
    expect(named('olivia@example.com', createReplace(Buffer.from('key of other')))).not.toBe(named('olivia@example.com'));
  });
  it('are never made of secrets', () => {
    expect(named('password: hunter2')).toBe('password: [SECRET]');
  });
  it('go through again unchanged, masked or pseudonymised', () => {
    const pieces = fc.constantFrom('olivia@example.com', 'Olivia Petersen', '415-555-2671', '10.0.0.1', 'password: ', 'My name is ', 'DE89370400440532013000', ' ', ', ', 'key=', '\n', '14 Crown Street', '4111 1111 1111 1111'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        const once = named(parts.join(''));
        expect(named(once)).toBe(once);
        expect(redactText(once, createTally(), 'prose')).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a sealed pseudonym', () => {
  const whose = { tenant: 'acme', subject: 'u_1', pseudonym: '[PERSON~abcdefghabcdefgh]' };
  const key = Buffer.alloc(32, 1);
  it('opens with its key alone, and only where it belongs', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (value, other) => {
        const record = sealPseudonym(whose, value, key);
        expect(openPseudonym(record, key)).toBe(value);
        fc.pre(!Buffer.from(other).equals(key));
        expect(openPseudonym(record, other)).toBeNull();
        expect(openPseudonym({ ...record, subject: 'u_2' }, key)).toBeNull();
        expect(
          openPseudonym({ ...record, sealed: `${record.sealed.startsWith('A') ? 'B' : 'A'}${record.sealed.slice(1)}` }, key),
        ).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
  it('is the same bytes again, and says nothing of its value', () => {
    expect(sealPseudonym(whose, 'Olivia', key)).toEqual(sealPseudonym(whose, 'Olivia', key));
    expect(sealPseudonym(whose, 'Olivia', key).sealed).not.toBe(sealPseudonym(whose, 'Amelia', key).sealed);
    expect(Buffer.from(sealPseudonym(whose, 'Olivia', key).sealed, 'base64url').toString('latin1')).not.toContain('Olivia');
  });
  it('is refused with half a key', () => {
    expect(() => sealPseudonym(whose, 'x', Buffer.alloc(16))).toThrow(RangeError);
    expect(openPseudonym({ ...whose, sealed: 'AAAA' }, key)).toBeNull();
  });
});
