import { exactIntegers, linesOf } from './json-lines';

describe('rows as JSON lines', () => {
  it.each([
    ['{"a":9007199254740992}', '{"a":"9007199254740992"}'],
    ['{"a":-9223372036854775808,"b":[18446744073709551615,1]}', '{"a":"-9223372036854775808","b":["18446744073709551615",1]}'],
    ['{"a":9007199254740991}', '{"a":9007199254740991}'],
    ['{"a":0.12345678901234567,"b":1.7976931348623157e308}', '{"a":0.12345678901234567,"b":1.7976931348623157e308}'],
    ['{"a\\"9007199254740993":"9007199254740993 \\" 9007199254740993"}', '{"a\\"9007199254740993":"9007199254740993 \\" 9007199254740993"}'],
  ])('keeps the digits of %s', (line, exact) => {
    expect(exactIntegers(line)).toBe(exact);
    expect(() => JSON.parse(exact)).not.toThrow();
  }); // prettier-ignore

  it('splits a long result at its lines', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ i, text: 'ä'.repeat(i % 90) }));
    const pieces: string[][] = [];
    for await (const piece of linesOf(Buffer.from(`${lines.join('\n')}\n`))) pieces.push([...piece]);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.flat()).toEqual(lines);
  });
});
