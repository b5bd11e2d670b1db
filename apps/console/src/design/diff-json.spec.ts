import fc from 'fast-check';
import { diffJson, diffLines, jsonOf } from './diff-json';

const changes = (before: unknown, after: unknown) => diffJson(before, after).map(({ path, change }) => [path, change]);

describe('what differs between two JSON values', () => {
  it.each<[string, unknown, unknown, [string, string][]]>([
    ['a value', { booking: 'BK-1', seat: 4 }, { booking: 'PAX-1', seat: 4 }, [['booking', 'changed'], ['seat', 'same']]],
    ['keys of one only', { a: 1, b: 2 }, { b: 2, c: 3 }, [['a', 'removed'], ['b', 'same'], ['c', 'added']]],
    ['what is deep inside', { a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }, 5] } }, [['a.b[0].c', 'changed'], ['a.b[1]', 'added']]],
    ['another type', { a: [1] }, { a: { 0: 1 } }, [['a', 'changed']]],
    ['keys that are no names', { 'x y': 1 }, { 'x y': 2 }, [['["x y"]', 'changed']]],
    ['nothing', [], [], [['', 'same']]],
    ['null and absent', { a: null }, {}, [['', 'changed']]],
  ])('is %s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  }); // prettier-ignore

  it('is nothing between a value and itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(diffJson(value, structuredClone(value)).filter(({ change }) => change !== 'same')).toEqual([]),
      ),
    );
  });

  it('has an end however deep and large they are', () => {
    const deep = (leaf: string): unknown => JSON.parse(`${'[1,'.repeat(5_000)}"${leaf}"${']'.repeat(5_000)}`) as unknown;
    expect(diffJson(deep('a'), deep('b')).at(-1)?.change).toBe('changed');
    const wide = (n: number): unknown => Array.from({ length: 20_000 }, (_, i) => i + n);
    expect(diffJson(wide(0), wide(1))).toHaveLength(5_000);
  });
});

describe('what differs between two texts', () => {
  it('is line by line', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc').map(({ change, before, after }) => [change, before ?? after])).toEqual([['same', 'a'], ['removed', 'b'], ['added', 'x'], ['same', 'c']]); // prettier-ignore
  });

  it('gives both texts back', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const found = diffLines(before, after);
        expect(found.flatMap((one) => (one.change === 'added' ? [] : [one.before])).join('\n')).toBe(before);
        expect(found.flatMap((one) => (one.change === 'removed' ? [] : [one.after])).join('\n')).toBe(after);
      }),
    );
  });
});

it.each([['{"a":1}', { a: 1 }], [' [1]', [1]], ['12', undefined], ['plain', undefined], ['{broken', undefined]])('JSON in %j is %j', (text, value) => {
  expect(jsonOf(text)).toEqual(value);
}); // prettier-ignore
