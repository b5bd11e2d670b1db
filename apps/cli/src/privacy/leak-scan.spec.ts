import { createPolicy, createRedactionCounts, MASK, type PrivacyPolicy, redactText } from '@telltale/domain-privacy';
import { createLeakScan, type StoredValue } from './leak-scan';

const said = 'Mia Rossi paid with 4111 1111 1111 1111, write to mia@example.com';
const scan = (...values: Omit<StoredValue, 'table'>[]) => scanUnder(MASK, ...values);
const scanUnder = (policy: PrivacyPolicy, ...values: Omit<StoredValue, 'table'>[]) => {
  const one = createLeakScan(policy);
  for (const value of values) one.look({ table: 'events', ...value });
  return one.leaks();
};

describe('the scan for leaks', () => {
  it('tells where and what kind, and nothing of the value', () => {
    const leaks = scan({ column: 'name', row: 'e1', value: 'chat gpt-4o' }, { column: 'input', row: 'e2', value: said });
    expect(leaks).toEqual(
      ['PERSON', 'CARD', 'EMAIL'].map((type) => ({ table: 'events', column: 'input', type, values: 1, rows: ['e2'] })),
    );
    expect(JSON.stringify(leaks)).not.toMatch(/Mia|Rossi|4111|example/i);
  });
  it.each(['input', 'input_preview', 'output_preview', 'error_message'])('finds names in the prose of %s', (column) => {
    expect(scan({ column, row: 't1', value: 'please call Mia Rossi back' })).toMatchObject([{ column, type: 'PERSON' }]);
  });
  it('takes for a leak what the policy of the tenant does not keep', () => {
    const value = { column: 'input', row: 'e', value: 'the weather in Lisbon?' };
    expect(scan(value)).toEqual([]);
    expect(scanUnder(createPolicy('strict'), value)).toMatchObject([{ type: 'PLACE' }]);
  });
  it('finds ids of people by the names they stand under, and none where a pseudonym does', () => {
    const stored = (id: string) => [
      { column: 'user_id', row: 'e', value: id },
      { column: 'tool_arguments', row: 'e', value: `{"user_id":"${id}","order_id":"W4817420"}` },
    ];
    expect(scan(...stored('mia_li_3668'))).toMatchObject([
      { column: 'user_id', type: 'USER_ID' },
      { column: 'tool_arguments', type: 'USER_ID', values: 1 },
    ]);
    expect(scan(...stored('u_0123456789abcdef'))).toEqual([]);
  });
  it('finds nothing in what was redacted, as prose or by its form', () => {
    const tally = createRedactionCounts();
    expect(scan({ column: 'output', row: 'e', value: redactText(said, tally, 'prose') }, { column: 'name', row: 'e', value: redactText(said, tally) })).toEqual([]); // prettier-ignore
  });
  it('leaves ids alone and keeps few rows of many', () => {
    for (const column of [
      'trace_id',
      'id',
      'prompt_hash',
      'request_simhash',
      'error_fingerprint',
      'error_fingerprints',
      'requested_by_span_id',
      'merged_into',
    ])
      // prettier-ignore
      expect(scan({ column, row: 'e', value: '4111111111111111' })).toEqual([]);
    const many = Array.from({ length: 50 }, (_, i) => ({ column: 'body', row: `e${i}`, value: 'a@b.co' }));
    expect(scan(...many)).toMatchObject([{ values: 50, rows: { length: 5 } }]);
  });
});
