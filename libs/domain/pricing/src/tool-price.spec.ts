import fc from 'fast-check';
import { toolCost, unitsAt } from '.';

const at = (path: string, result: unknown): number | null => unitsAt(path, { arguments: {}, result });

describe('the units of a call of a tool', () => {
  it.each([
    ['result', 3, 3],
    ['result', '3', 3],
    ['result.pages', { pages: 2.5 }, 2.5],
    ['result.pages', '{"pages":7}', 7],
    ['result.pages', { pages: '7' }, 7],
    ['result.usage.units', { usage: { units: 1 } }, 1],
    ['result.0.n', [{ n: 4 }], 4],
    ['result.items.length', { items: ['a', 'b'] }, 2],
    ['result.content.0.text.pages', { content: [{ type: 'text', text: '{"pages":9}' }] }, 9],
  ])('at %s of %j are %d', (path, result, units) => expect(at(path, result)).toBe(units));

  it.each([
    ['result.pages', undefined],
    ['result.pages', null],
    ['result.pages', 'no JSON'],
    ['result.pages', '['.repeat(100)],
    ['result.pages', `{"pages":1,"text":"${'x'.repeat(250_000)}"}`],
    ['result.pages', { pages: null }],
    ['result.pages', { pages: true }],
    ['result.pages', { pages: -0.1 }],
    ['result.pages', { pages: NaN }],
    ['result.pages', { pages: Infinity }],
    ['result.pages', { pages: '1e999' }],
    ['result.constructor.length', {}],
    ['result.__proto__.n', {}],
    ['result.5.n', [{ n: 4 }]],
  ])('at %s of %j are unknown', (path, result) => expect(at(path, result)).toBeNull());

  it('of anything are a finite number that is at least 0, or unknown', () => {
    const word = fc.constantFrom('a', 'b', '0', 'length');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.jsonValue(), (keys, result) => {
        const units = at(['result', ...keys].join('.'), result);
        expect(units === null || (Number.isFinite(units) && units >= 0)).toBe(true);
      }),
    );
  });
});

describe('what a call of a tool costs', () => {
  it.each([
    [{ per_call_nano_usd: 5 }, null, 5],
    [{ per_call_nano_usd: 5 }, 9, 5],
    [{ per_unit_nano_usd: 3 }, 2, 6],
    [{ per_call_nano_usd: 5, per_unit_nano_usd: 3 }, 0.5, 7],
    [{ per_call_nano_usd: 5, per_unit_nano_usd: 3 }, null, null],
    [{ per_unit_nano_usd: 3 }, Number.MAX_SAFE_INTEGER, null],
  ])('at %j, of %j units, is %j', (price, units, cost) => expect(toolCost({ name: 'ocr', ...price }, units)).toBe(cost));
});
