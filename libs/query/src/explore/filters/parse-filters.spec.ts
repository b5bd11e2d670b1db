import * as fc from 'fast-check';
import { FilterProblem, parseFilters, termOf } from './parse-filters';

const exact = (...texts: string[]) => texts.map((text) => ({ form: 'exact', text }));

/** The terms of a text, or why it is refused. */
function readOf(text: string): object {
  try {
    return parseFilters(text);
  } catch (error) {
    return error as object;
  }
}

describe('filters as people type them', () => {
  it.each([
    ['', []],
    ['  status:error ', [{ field: 'status', operator: ':', negated: false, values: exact('error') }]],
    ['-intent:refund,"where is it"', [{ field: 'intent', operator: ':', negated: true, values: exact('refund', 'where is it') }]],
    ['duration_ms>=2s', [{ field: 'duration_ms', operator: '>=', negated: false, values: exact('2s') }]],
    ['name:sea* error_type:*', [{ field: 'name', operator: ':', negated: false, values: [{ form: 'prefix', text: 'sea' }] }, { field: 'error_type', operator: ':', negated: false, values: [{ form: 'any', text: '' }] }]],
    ['name:"*"', [{ field: 'name', operator: ':', negated: false, values: exact('*') }]],
    ['flag.new-prompt:on', [{ field: 'flag.new-prompt', operator: ':', negated: false, values: exact('on') }]],
    ['name:http://a/b?c=d', [{ field: 'name', operator: ':', negated: false, values: exact('http://a/b?c=d') }]],
    ['name:""', [{ field: 'name', operator: ':', negated: false, values: exact('') }]],
  ])('%j', (text, expected) => expect(parseFilters(text)).toEqual(expected)); // prettier-ignore

  it.each(['refund', 'a:', ':a', 'a:b,', 'a:"b', 'a:"b"c', 'a:b"c', '-', "a';--", 'a>'])('refuses %j with a fix', (text) => {
    expect(() => parseFilters(text)).toThrow(FilterProblem);
  });

  it('reads back every value that it writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        expect(parseFilters(`status:ok ${termOf('name', value) ?? ''} -kind:log`)[1]).toEqual({ field: 'name', operator: ':', negated: false, values: exact(value) }); // prettier-ignore
      }),
    );
  });
  it('writes no term of a field that a term cannot name', () =>
    expect([termOf('dimension.a plan', 'x'), termOf('dimension.plan', 'x')]).toEqual([null, 'dimension.plan:x']));

  it('reads any text, or refuses it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect([FilterProblem, Array]).toContain(readOf(text).constructor);
      }),
    );
  });
});
