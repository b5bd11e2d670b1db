import { readBill } from './bill-file';

const LINE = { day: '2026-11-22', provider: '', model: 'gpt-4o', usd: 1.5 };

describe('a bill', () => {
  it.each([
    ['CSV', 'day,model,usd\n2026-11-22,gpt-4o,1.5\n'],
    ['CSV of other names, quoted, in dollars', '\ufeffusage_date_utc,model,workspace,cost_usd\n2026-11-22,"gpt-4o",a,$1.5\n'],
    ['JSON', '[{"date":"2026-11-22","model":"gpt-4o","cost":1.5}]'],
    ['lines of JSON', '{"date":"2026-11-22T13:00:00Z","model":"gpt-4o","cost":1}\n\n{"date":"2026-11-22","model":"gpt-4o","cost":0.5,"currency":"usd"}\n'],
    ['a page of OpenAI’s costs', JSON.stringify({ object: 'page', data: [{ start_time: Date.parse('2026-11-22') / 1_000, results: [{ line_item: 'gpt-4o', amount: { value: 1.5, currency: 'usd' } }] }] })],
  ])('is read from %s', (_, text) => expect(readBill(text)).toEqual([LINE])); // prettier-ignore

  it('is summed by day, provider and model', () => {
    const text =
      'day,provider,model,usd\n2026-11-22,openai,gpt-4o,1\n2026-11-22,openai,gpt-4o,2\n2026-11-22,azure,gpt-4o,4\n2026-11-23,openai,gpt-4o,-1\n';
    expect(readBill(text).map(({ day, provider, usd }) => [day.slice(8), provider, usd])).toEqual([['22', 'openai', 3], ['22', 'azure', 4], ['23', 'openai', -1]]); // prettier-ignore
  });

  const GOOD = 'day,model,usd\n2026-11-22,gpt-4o,1\n';
  it.each([
    ['an amount that is none', `${GOOD}2026-11-23,gpt-4o,abc\n`, /^line 3: "abc" is not an amount/],
    ['no day', `${GOOD},gpt-4o,1\n`, /^line 3: there is no day/],
    ['a day that is none', `${GOOD}22.11.2026,gpt-4o,1\n`, /^line 3: "22.11.2026" is not a day/],
    ['another currency', 'day,model,usd,currency\n2026-11-22,gpt-4o,1,USD\n2026-11-23,gpt-4o,1,EUR\n', /^line 3: the currency is EUR/],
    ['a column too many', `${GOOD}2026-11-23,gpt-4o,1,2\n`, /no CSV: .*line 3/],
    ['no lines', 'day,model,usd\n', /has no lines/],
    ['no columns of a bill', 'a,b\n1,2\n', /^line 2: there is no day; .*usage_date/],
    ['a line that is not JSON', '{"date":"2026-11-22","model":"m","cost":1}\n{oops\n', /^line 2: is not JSON/],
    ['an item that is no object', '[{"date":"2026-11-22","model":"m","cost":1}, 5]', /^item 2: is no object/],
  ])('with %s counts not at all, and the line is named', (_, text, message) => expect(() => readBill(text)).toThrow(message)); // prettier-ignore
});
