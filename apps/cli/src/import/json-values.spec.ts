import fc from 'fast-check';
import { jsonValues } from './json-values';

async function valuesOf(...pieces: string[]): Promise<string[]> {
  const values = [];
  const stream = async function* () {
    for (const piece of pieces) yield await Promise.resolve(piece);
  };
  for await (const { text } of jsonValues(stream(), 1_000_000)) values.push(text ?? '');
  return values;
}

describe('JSON values of a stream', () => {
  it.each([
    ['[{"a":1}, {"b":[2,{"c":"]"}]} ]\n', ['{"a":1}', '{"b":[2,{"c":"]"}]}']],
    ['{"a":1}\n{"b":2}\n\n{"c":"}{"}', ['{"a":1}', '{"b":2}', '{"c":"}{"}']],
    ['{\n  "a": "\\"}"\n}\n', ['{\n  "a": "\\"}"\n}']],
    ['[1, "x,y", null]', ['1', '"x,y"', 'null']],
    ['[]', []],
    ['', []],
    ['{"cut', ['{"cut']],
  ])('splits %j', async (text, values) => expect(await valuesOf(text)).toEqual(values));

  it('gives back any list of objects, however the text is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.boolean(),
        fc.integer({ min: 1, max: 7 }),
        async (list, asArray, size) => {
          const text = asArray ? JSON.stringify(list, null, 1) : list.map((value) => JSON.stringify(value)).join('\n');
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          expect((await valuesOf(...pieces)).map((value): unknown => JSON.parse(value))).toEqual(
            JSON.parse(JSON.stringify(list)),
          );
        },
      ),
    ));
});
