import { createDice } from '@telltale/kernel';
import { createRedactionCounts, redactPlain } from './redact-plain';

const WORDS = 'account address hotel parcel date phone zip call code pin born ip card name passport tax mobile order iban policy licence fax room'.split(' '); // prettier-ignore

describe('a chain of words and numbers', () => {
  it('masks the number that a word names, and not those after it', () => {
    expect(redactPlain('account 76688 address 80564 hotel 41259 parcel 29058 date 32652', createRedactionCounts())).toBe(
      'account [ACCOUNT] address 80564 hotel 41259 parcel 29058 date 32652',
    );
  });

  it('is the same when it is masked again, and never given up', () => {
    const dice = createDice(3);
    const number = (): string => String(Math.floor(dice.uniform() * 10 ** (3 + Math.floor(dice.uniform() * 9))));
    const word = (): string => WORDS[Math.floor(dice.uniform() * WORDS.length)] ?? '';
    for (let i = 0; i < 500; i++) {
      const text = Array.from({ length: 3 + Math.floor(dice.uniform() * 6) }, () => `${word()} ${number()}`).join(' ');
      const tally = createRedactionCounts();
      const once = redactPlain(text, tally);
      expect([text, tally.failed, redactPlain(once, createRedactionCounts())]).toEqual([text, 0, once]);
    }
  });
});
