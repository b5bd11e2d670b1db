import fc from 'fast-check';
import { closingQuote, countJsonValues, isDeeperThan, isRecord } from './json';

/** Depth and values of what JSON.parse makes of it. */
function shapeOf(value: unknown): { depth: number; values: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 1 };
  const inner = Object.values(value).map(shapeOf);
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    values: 1 + inner.reduce((sum, { values }) => sum + values, 0),
  };
}

describe('text of JSON', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['{}', false],
    [undefined, false],
    [() => 1, false],
  ])('%j is a record: %s', (value, expected) => expect(isRecord(value)).toBe(expected));

  it.each([
    ['[[1]]', 2, false],
    ['[[1]]', 1, true],
    ['{"a":{"b":1}}', 1, true],
    ['[[],[],[]]', 2, false],
    ['{"a":{},"b":{}}', 2, false],
    ['"[[[["', 0, false],
    ['["\\"[[[["]', 1, false],
    ['["a\\\\"]', 0, true],
    ['["a\\\\",[1]]', 1, true],
    ['["never closed [[[', 1, false],
  ])('%s nests deeper than %d: %s', (text, limit, deeper) => expect(isDeeperThan(text, limit)).toBe(deeper));

  it.each([
    ['1', 9, 1],
    ['[1,2,3]', 9, 4],
    ['{"a":[1,{"b":2}]}', 9, 5],
    ['",,,,[[[["', 9, 1],
    ['["a,b","c\\",d"]', 9, 3],
    ['[1,2,3,4,5,6,7]', 3, 4],
    ['[1,"never closed, , ,', 9, 3],
  ])('values of %s, counted up to %d: %d', (text, limit, values) => expect(countJsonValues(text, limit)).toBe(values));

  it('its depth and an upper bound of its values are those of what is parsed of it', () =>
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const { depth, values } = shapeOf(JSON.parse(text));
        expect([isDeeperThan(text, depth), depth > 0 && isDeeperThan(text, depth - 1)]).toEqual([false, depth > 0]);
        expect(countJsonValues(text, 1_000_000)).toBeGreaterThanOrEqual(values);
      }),
    ));

  it.each([
    ['"abc"', 1, 4],
    ['"a\\"b"', 1, 5],
    ['"a\\\\"', 1, 4],
    ['"a\\\\\\"b"', 1, 7],
    ['"abc', 1, -1],
    ['"a\\"', 1, -1],
    ['\\"', 1, 1],
    ['\\\\"', 1, -1],
  ])('the quote that ends %s is at %d → %d', (text, from, at) => expect(closingQuote(text, from)).toBe(at));
});
