import fc from 'fast-check';
import { errorFields, snapshot } from './snapshot';

class Point {
  constructor(readonly x: number) {}
}

describe('a snapshot', () => {
  it.each([
    ['plain data', { a: [1, 'b', null, true, { c: undefined }] }, { a: [1, 'b', null, true, {}] }],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['no date', new Date(NaN), null],
    ['an error', new TypeError('x'), { name: 'TypeError', message: 'x' }],
    ['bytes', new Uint8Array(3), '[3 bytes]'],
    ['a map', new Map<unknown, unknown>([['a', 1], [2, new Set([3])]]), { a: 1, 2: [3] }],
    ['an instance', new Point(1), { x: 1 }],
    ['what says how it is written', { toJSON: () => ({ a: 1 }) }, { a: 1 }],
    ['what fails to', { toJSON: () => { throw new Error('no'); } }, '[unreadable]'],
    ['a large number', 10n, '10'],
    ['a function', { f: () => 1 }, {}],
    ['a promise', { p: Promise.resolve(1) }, { p: '[promise]' }],
    ['a proxy that refuses', new Proxy({}, { ownKeys: () => { throw new Error('no'); } }), '[unreadable]'],
  ])('of %s', (_, value, expected) => {
    expect(snapshot(value, 10_000).value).toEqual(expected);
  }); // prettier-ignore

  it('ends where an object holds itself, or is very deep', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    let deep: unknown = 1;
    for (let n = 0; n < 1_000; n++) deep = [deep];
    expect(snapshot(loop, 1_000).value).toEqual({ self: '[circular]' });
    expect(JSON.stringify(snapshot(deep, 10_000).value)).toContain('[too deep]');
  });

  it('shows twice what stands in two places', () => {
    const shared = { a: 1 };
    expect(snapshot([shared, shared], 1_000).value).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it('does not become another object by a name', () => {
    const { value } = snapshot(JSON.parse('{"__proto__":{"admin":true}}'), 1_000);
    expect((value as { admin?: boolean }).admin).toBeUndefined();
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true}}');
  });

  it('says what it leaves out', () => {
    expect(snapshot('x'.repeat(100), 10)).toEqual({ value: `${'x'.repeat(10)}[90 more characters]`, bytes: 12 });
    expect(
      (
        snapshot(
          Array.from({ length: 600 }, (_, n) => n),
          100_000,
        ).value as unknown[]
      ).at(-1),
    ).toBe('[100 more]');
  });

  it('of JSON is the same JSON, and about as large as it says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (json) => {
        const { value, bytes } = snapshot(json, 1_000_000);
        expect(JSON.stringify(value)).toBe(JSON.stringify(json));
        expect(bytes).toBeGreaterThanOrEqual(JSON.stringify(json).length / 8 - 10);
      }),
    );
  });

  it('stays within its bound, and never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }), fc.integer({ min: 0, max: 500 }), (any, most) => {
        const { value } = snapshot(any, most);
        expect((JSON.stringify(value) ?? '').length).toBeLessThan(most * 12 + 2_000);
      }),
    ); // prettier-ignore
  });
});

it.each([
  [new RangeError('far'), { type: 'RangeError', message: 'far', stack: expect.stringContaining('RangeError: far') as string }],
  ['text', { type: 'string', message: 'text' }],
  [undefined, { type: 'undefined', message: 'undefined' }],
  [Object.create(null), { type: 'unknown', message: '[unreadable]' }],
])('tells of a thrown %p what it was', (thrown, expected) => {
  expect(errorFields(thrown)).toEqual(expected);
});
