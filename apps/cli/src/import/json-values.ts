import { createItemText, type FileItem } from './read-file';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const isOpening = (c: number): boolean => c === 123 || c === 91;
const isClosing = (c: number): boolean => c === 125 || c === 93;

/**
 * The JSON values of a text that comes in pieces, as text: the elements of one array, or values one after another. Looks at
 * brackets and quotes only, so a file of any size goes through in the memory of its largest value; a value over the limit is
 * skipped without being held.
 */
export async function* jsonValues(pieces: AsyncIterable<string>, maxBytes: number): AsyncGenerator<FileItem> {
  const current = createItemText(maxBytes);
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let isArray: boolean | null = null;
  let line = 1;
  let startLine = 0;
  const end = (): FileItem | null => {
    const text = current.end();
    const item = text === '' ? null : { text, line: startLine };
    startLine = 0;
    return item;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const c = piece.charCodeAt(i);
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (c === BACKSLASH) isEscaped = true;
        else if (c === QUOTE) inString = false;
        continue;
      }
      if (c <= 32) {
        if (c === 10) line++;
        continue;
      }
      if (isArray === null && isOpening(c)) {
        isArray = c === 91;
        if (isArray) {
          from = i + 1;
          continue;
        }
      }
      if (startLine === 0) startLine = line;
      if (c === QUOTE) inString = true;
      else if (isOpening(c)) depth++;
      else if (isClosing(c)) depth--;
      const isEnd = depth < 0 || (depth === 0 && (isClosing(c) || (c === COMMA && isArray === true)));
      if (!isEnd) continue;
      current.add(piece.slice(from, depth < 0 || c === COMMA ? i : i + 1));
      from = i + 1;
      const item = end();
      if (item) yield item;
      if (depth < 0) {
        depth = 0;
        isArray = null;
      }
    }
    current.add(piece.slice(from));
  }
  const item = end();
  if (item) yield item;
}
