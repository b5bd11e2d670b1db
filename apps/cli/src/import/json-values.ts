import { CliError } from '../terminal/errors';

const MAX_VALUE_CHARS = 64 * 1024 * 1024;

/**
 * The JSON values of a text that comes in pieces, as text: the elements of one array, or values one after another. Looks at
 * brackets and quotes only, so a file of any size goes through in the memory of its largest value.
 */
export async function* jsonValues(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let value = '';
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let isArray: boolean | null = null;
  for await (const piece of pieces) {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const c = piece.charCodeAt(i);
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (c === 92) isEscaped = true;
        else if (c === 34) inString = false;
        continue;
      }
      if (c === 34) inString = true;
      else if (c === 123 || c === 91) {
        if (isArray === null) {
          isArray = c === 91;
          if (isArray) {
            from = i + 1;
            continue;
          }
        }
        depth++;
      } else if (c === 125 || c === 93) depth--;
      const isEnd = depth < 0 || (depth === 0 && (c === 125 || c === 93)) || (depth === 0 && isArray === true && c === 44);
      if (!isEnd) continue;
      const text = (value + piece.slice(from, depth < 0 || c === 44 ? i : i + 1)).trim();
      value = '';
      from = i + 1;
      if (text !== '') yield text;
      if (depth < 0) {
        depth = 0;
        isArray = null;
      }
    }
    value += piece.slice(from);
    if (value.length > MAX_VALUE_CHARS)
      throw new CliError(`one value of the file is over ${MAX_VALUE_CHARS} characters`, 'split it, or choose the right --format');
  }
  if (value.trim() !== '') yield value.trim();
}
