import { parse } from 'csv-parse/sync';
import { csvLines } from './csv';

describe('lines of CSV', () => {
  it('are read again as they were written', () => {
    const rows = [
      { name: 'plain', nano: 12 },
      { name: 'with "quotes", commas\nand a line', nano: null },
      { name: '', nano: -3.5 },
    ];
    const read: unknown = parse(csvLines(rows, ['name', 'nano']).join('\n'), { columns: true });
    expect(read).toEqual(rows.map(({ name, nano }) => ({ name, nano: nano === null ? '' : String(nano) })));
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('keep %j from being a formula', (name) => {
    expect(csvLines([{ name }], ['name'])[1]).toMatch(/^"?'/);
  });
});
