import { createTally, redactText } from '@telltale/domain-privacy';
import { scanForLeaks } from './scan';

const said = 'Mia Rossi paid with 4111 1111 1111 1111, write to mia@example.com';

describe('the scan for leaks', () => {
  it('tells where and what kind, and nothing of the value', () => {
    const report = scanForLeaks([
      { table: 'events', column: 'name', value: 'chat gpt-4o' },
      { table: 'events', column: 'input', value: said },
    ]);
    expect(report.rows).toBe(2);
    expect(report.leaks.map(({ table, column, type, values }) => [table, column, type, values])).toEqual([
      ['events', 'input', 'PERSON', 1],
      ['events', 'input', 'CARD', 1],
      ['events', 'input', 'EMAIL', 1],
    ]);
    expect(report.leaks[2]!.places).toEqual([{ row: 1, start: said.indexOf('mia@'), end: said.length }]);
    expect(JSON.stringify(report)).not.toMatch(/Mia|Rossi|4111|example/i);
  });
  it('finds nothing in what was redacted', () => {
    const value = redactText(said, createTally(), 'prose');
    expect(scanForLeaks([{ table: 'events', column: 'output', value }]).leaks).toEqual([]);
  });
  it('leaves ids alone and keeps few places of many', () => {
    expect(scanForLeaks([{ table: 'events', column: 'trace_id', value: '4111111111111111' }]).leaks).toEqual([]);
    const many = Array.from({ length: 50 }, () => ({ table: 't', column: 'body', value: 'a@b.co' }));
    expect(scanForLeaks(many).leaks).toMatchObject([{ values: 50, places: { length: 5 } }]);
  });
});
