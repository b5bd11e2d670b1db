import fc from 'fast-check';
import { jsonValues } from './json-values';
import { type FileItem, linesOf } from './read-file';

const LIMIT = 8 * 1024 * 1024;
const MIB = 1024 * 1024;

async function* streamOf(pieces: Iterable<string>): AsyncGenerator<string> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
async function allOf(items: AsyncIterable<FileItem>): Promise<FileItem[]> {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('lines of a file', () => {
  it('are the lines that are not empty, with their number, however the text is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z{} é]{0,9}$/)),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        async (lines, lineBreak, hasLast, size) => {
          const text = lines.join(lineBreak) + (hasLast ? lineBreak : '');
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          const expected = lines.flatMap((line, i) => (line.trim() === '' ? [] : [{ text: line.trim(), line: i + 1 }]));
          expect(await allOf(linesOf(streamOf(pieces), LIMIT))).toEqual(expected);
        },
      ),
    ));

  it.each([
    ['é'.repeat(5), 9, false],
    ['é'.repeat(5), 10, true],
    ['a'.repeat(11), 10, false],
  ])('%j has more than %i bytes, or not', async (text, limit, fits) =>
    expect(await allOf(linesOf(streamOf([text]), limit))).toEqual([{ text: fits ? text : null, line: 1 }]),
  );
});

/** 40 MB in pieces of 2 KB: time that grows with the square of a line would end in the test's own timeout, by far. */
function* long(before: string, after: string): Generator<string> {
  yield before;
  for (let i = 0; i < 20 * 1024; i++) yield 'x'.repeat(2 * 1024);
  yield after;
}

describe('an item of 40 MB', () => {
  it('in a file of lines is skipped without being held, and those around it are not', async () => {
    const heap = process.memoryUsage().heapUsed;
    const found = await allOf(linesOf(streamOf(long('{"a":1}\n', '\n{"b":2}')), LIMIT));
    expect(found).toEqual([{ text: '{"a":1}', line: 1 }, { text: null, line: 2 }, { text: '{"b":2}', line: 3 }]); // prettier-ignore
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(64 * MIB);
  });

  it.each([
    ['[{"a":1},\n\n{"long":"', '"},\n{"b":2}]'],
    ['{"a":1}\n\n{"long":"', '"}\n{"b":2}'],
  ])(
    'in a file of values is skipped: %s … %s',
    async (before, after) =>
    expect(await allOf(jsonValues(streamOf(long(before, after)), LIMIT))).toEqual([{ text: '{"a":1}', line: 1 }, { text: null, line: 3 }, { text: '{"b":2}', line: 4 }]), // prettier-ignore
  );
});
