import fc from 'fast-check';
import { jsonErrorPosition, parseJson } from './parse-json';

describe('parseJson', () => {
  it.each([
    ['', 0],
    ['  ', 2],
    ['{', 1],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['[1 2]', 3],
    ['["a\nb"]', 3],
    ['["\\x"]', 2],
    ['{"a" 1}', 5],
    ['[01]', 2],
    ['1 x', 2],
    ['tru', 0],
    ['[1]]', 3],
    ['"abc', 4],
    ['[1}', 2],
    ['{"a":1]', 6],
    ['{]', 1],
    ['[}', 1],
    ['[1,]', 3],
    ['1,', 1],
    ['{}}', 2],
    ['{1:2}', 1],
    ['{[', 1],
    ['{"a":1,2}', 7],
    ['{"a":1,"b"}', 10],
    ['{"a"::1}', 5],
    ['{"a":{"b":[1,{"c":2}],,', 22],
    ['["\\u12g4"]', 2],
    ['["ab\\', 4],
    ['["\u001f"]', 2],
    [' \t\r\n?', 4],
    ['-', 0],
    ['[1.]', 2],
    ['[1e]', 2],
    ['nul', 0],
  ])('tells that %j breaks at %i', (text, at) => {
    expect(() => parseJson(text, 8)).toThrow(`not JSON: it breaks at position ${at} of ${text.length}`);
  });

  it('never quotes the text, unlike JSON.parse', () => {
    expect(() => parseJson('secret-token', 8)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }),
    );
  });

  it.each(['{', '[[[1]]]'])('fails permanently on %j, as undecodable', (text) => {
    expect(() => parseJson(text, 2)).toThrow(expect.objectContaining({ name: 'PermanentError', code: 'undecodable' }) as Error);
  });

  it('rejects text nested deeper than the limit', () => {
    expect(parseJson('[[[1]]]', 3)).toEqual([[[1]]]);
    expect(() => parseJson('[[[1]]]', 2)).toThrow('nests deeper than 2 levels');
    expect(() => parseJson('['.repeat(2_000_000), 64)).toThrow('nests deeper than 64');
  });

  it('finds the error position in invalid JSON, and none in valid JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (json, at, noise) => {
        expect(jsonErrorPosition(json)).toBe(json.length);
        const broken = json.slice(0, at % (json.length + 1)) + noise + json.slice(at % (json.length + 1));
        let parses = true;
        try {
          JSON.parse(broken);
        } catch {
          parses = false;
        }
        const position = jsonErrorPosition(broken);
        expect(position).toBeGreaterThanOrEqual(parses ? broken.length : 0);
        expect(position).toBeLessThanOrEqual(broken.length);
        // What stands before is not to blame.
        expect(jsonErrorPosition(broken.slice(0, position))).toBe(position);
      }),
    );
  });
});
