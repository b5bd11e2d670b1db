import { readPythonLiteral } from './python-literal';

describe('counts written by Python', () => {
  it.each<[string, unknown]>([
    ["{'cache_read': 1024}", { cache_read: 1024 }],
    ["{'a': None, 'b': True, 'c': [1.5, -2], 'd': {'e': False}}", { a: null, b: true, c: [1.5, -2], d: { e: false } }],
    ["{'cost': 2.5e-05}", { cost: 0.000025 }],
  ])('%s is an object', (text, expected) => expect(readPythonLiteral(text)).toEqual(expected));

  it.each(['', 'plain', "it's", '{"a": 1}', "{'a': 'say \"no\"'}", "{'a': 'back\\\\slash'}", "{'a': <object>}", "{'a': 1", `{'a': ${'1'.repeat(5_000)}}`])(
    '%.20s is none',
    (text) => expect(readPythonLiteral(text)).toBeUndefined(),
  ); // prettier-ignore
});
