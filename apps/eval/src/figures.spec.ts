import { printFigures } from './figures';

describe('figures', () => {
  it('are one table of single values and one for each that has parts', () => {
    const lines: string[] = [];
    const figures = {
      mean: 0.5,
      wrong: ['one', 'two'],
      none: {},
      per_set: { Apache: 1, Zoo: 0.25 },
      per_type: { mine: { spans: 3, model: { found: 2, of: 3 }, kinds: { llm: 2, tool: 1 }, differs: ['a', 'b'] } },
    };
    printFigures({ out: (line) => lines.push(line), columns: 80 }, figures);
    const rows = lines.join('\n').split('\n').map((line) => line.split(/ {2,}/)); // prettier-ignore
    expect(rows.filter(([first]) => first !== '' && !first?.startsWith('─'))).toEqual([
      ['figure', 'value'],
      ['mean', '0.5'],
      ['wrong'],
      ['one'],
      ['two'],
      ['per_set', 'value'],
      ['Apache', '1'],
      ['Zoo', '0.25'],
      ['per_type', 'spans', 'model', 'kinds', 'differs'],
      ['mine', '3', '2 of 3', '2 llm, 1 tool', 'a; b'],
    ]);
  });
});
