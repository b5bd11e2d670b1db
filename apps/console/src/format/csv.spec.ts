import { csvOf } from './csv';

const COLUMNS = [
  { name: 'value', of: ({ value }: { value: string | number | null }) => value },
  { name: 'more', of: () => 'x' },
];
const cellsOf = (value: string | number | null): string => csvOf([{ value }], COLUMNS).split('\r\n').slice(1).join('\r\n');

describe('rows as CSV', () => {
  it.each([
    ['plain', 'plain,x\r\n'],
    ['a,b', '"a,b",x\r\n'],
    ['say "hi"', '"say ""hi""",x\r\n'],
    ['two\nlines', '"two\nlines",x\r\n'],
    [null, ',x\r\n'],
    [-3.5, '-3.5,x\r\n'],
    ['=HYPERLINK("http://evil")', '"\'=HYPERLINK(""http://evil"")",x\r\n'],
    ['@SUM(A1)', "'@SUM(A1),x\r\n"],
    ['-9007199254740993', '-9007199254740993,x\r\n'],
  ])('writes %j', (value, line) => expect(cellsOf(value)).toBe(line));

  it('has the names alone where there is no row', () => expect(csvOf([], COLUMNS)).toBe('value,more\r\n'));
});
