import fc from 'fast-check';
import { findInText } from './find-in-text';

describe('places of a text', () => {
  it.each([
    ['a needle, a NEEDLE', 'needle', [2, 12]],
    ['\u{1f600}\u{1f600}x', 'X', [2]],
    ['1.5 (a+b) [c] a-b \\d', '(a+b) [c] a-b \\d', [4]],
    ['aaa', 'b', []],
  ])('in %j of %j are at %j', (text, wanted, offsets) => {
    const { total, matches } = findInText(text, wanted, 10);
    expect([total, matches.map(({ offset }) => offset)]).toEqual([offsets.length, offsets]);
  });

  it('are found wherever it was put, by any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }), (before, wanted) => {
        const { matches } = findInText(`${before}${wanted}`, wanted, 1_000);
        expect(matches.at(-1)?.excerpt).toContain(Array.from(wanted)[0]);
      }),
    );
  });

  it('are counted beyond the first', () => {
    expect(findInText('x'.repeat(500), 'x', 50)).toMatchObject({ total: 500, matches: { length: 50 } });
  });
});
