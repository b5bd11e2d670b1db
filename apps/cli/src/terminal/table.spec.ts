import { cellOf, formatTable } from './table';

describe('table', () => {
  it('aligns texts to the left and numbers to the right', () => {
    expect(
      formatTable(
        [
          { name: 'a', n: 5 },
          { name: 'long', n: 12.5 },
        ],
        80,
      ),
    ).toBe(['name     n', '────  ────', 'a        5', 'long  12.5'].join('\n'));
  });

  it('cuts the widest column to the width of the terminal', () => {
    const text = formatTable([{ id: 'x', words: 'w'.repeat(100) }], 30);
    expect(text.split('\n').map((line) => line.length)).toEqual([9, 30, 30]);
    expect(text).toContain('w…');
  });

  it('cuts nothing when nobody looks', () =>
    expect(formatTable([{ words: 'w'.repeat(500) }], Infinity)).toContain('w'.repeat(500)));
  it('has a column for every name in any row', () =>
    expect(formatTable([{ a: 1 }, { b: 2 }], 80)).toBe(['a  b', '─  ─', '1  –', '–  2'].join('\n')));
  it('says when there is nothing', () => expect(formatTable([], 80)).toBe('(no rows)'));

  it.each([
    [null, '–'],
    [0.1 + 0.2, '0.3'],
    [{ a: [1] }, '{"a":[1]}'],
    ['two\r\nlines\u001b[31m red', 'two lines\\u001b[31m red'],
    ['a\u202eb', 'a\\u202eb'],
    [false, 'false'],
  ])('writes %j as %s', (value, text) => expect(cellOf(value)).toBe(text));
});
