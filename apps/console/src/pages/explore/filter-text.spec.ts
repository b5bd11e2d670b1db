import { quoted, termsOf, valuesIn, withoutTerm, withTerm, withTermTurned, withValue, withValueToggled } from './filter-text';

describe('the text of filters', () => {
  it('has terms, with quotes around spaces', () => {
    const terms = termsOf('  status:error -name:"a \\"b\\" c",d duration_ms>=2s lost ');
    expect(terms.map(({ text }) => text)).toEqual(['status:error', '-name:"a \\"b\\" c",d', 'duration_ms>=2s', 'lost']);
    expect(terms[1]).toMatchObject({ field: 'name', operator: ':', isNegated: true, values: ['a "b" c', 'd'] });
    expect(terms[2]).toMatchObject({ field: 'duration_ms', operator: '>=', values: ['2s'] });
    expect(terms[3]).toMatchObject({ field: '', operator: '' });
  });

  it.each(['plain', 'a b', 'a,b', '"', '\\', '*', 'x*', '', '-x', "'; --", 'ünï', '\n'])('reads back the value %j that it writes', (value) => {
    expect(valuesIn(`status:ok name:${quoted(value)} x:y`, 'name')).toEqual([value]);
  }); // prettier-ignore

  it('takes a value in and out, beside others of its field', () => {
    const one = withValueToggled('status:error', 'intent', 'a b');
    const two = withValueToggled(one, 'intent', 'refund');
    expect([one, two]).toEqual(['status:error intent:"a b"', 'status:error intent:"a b",refund']);
    expect(withValueToggled(two, 'intent', 'a b')).toBe('status:error intent:refund');
    expect(withValueToggled('intent:refund', 'intent', 'refund')).toBe('');
    // A pattern is no value, and stays.
    expect(withValueToggled('intent:re*', 'intent', 'refund')).toBe('intent:re* intent:refund');
  });

  it('adds a term once, turns one round, takes one out', () => {
    expect(withTerm('a:b', 'a:b')).toBe('a:b');
    expect(withValue('a:b', 'c', 'd e', true)).toBe('a:b -c:"d e"');
    expect(withTermTurned('a:b -c:d', 1)).toBe('a:b c:d');
    expect(withTermTurned('a:b -c:d', 0)).toBe('-a:b -c:d');
    expect(withoutTerm('a:b -c:d e>1', 1)).toBe('a:b e>1');
  });
});
