import fc from 'fast-check';
import { escapeInvisible } from './printable';

describe('escapeInvisible', () => {
  it.each([
    ['plain\ttext\nof two lines', 'plain\ttext\nof two lines'],
    ['Zürich 東京 عربي \u00a0', 'Zürich 東京 عربي \u00a0'],
    ['\u001b[31m\u009b2J', '\\u001b[31m\\u009b2J'],
    ['invoice\u202egpj.exe', 'invoice\\u202egpj.exe'],
    ['a\u200db\ufe0f\ufeff', 'a\\u200db\\ufe0f\\ufeff'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['👩‍💻 ❤️', '👩‍💻 ❤️'],
    ['\ud800', '\\ud800'],
  ])('%j becomes %j', (text, shown) => expect(escapeInvisible(text)).toBe(shown));

  it('keeps the meaning of JSON, and is idempotent', () =>
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        const shown = escapeInvisible(text);
        expect(JSON.parse(shown)).toEqual(JSON.parse(text));
        expect(escapeInvisible(shown)).toBe(shown);
      }),
    ));
});
