import { createLangfuseReader, type LangfuseItem } from '@telltale/domain-normalize';
import { isPermanent, parseJson } from '@telltale/kernel';
import { type Item, type Refused } from './item';
import { jsonValues } from './json-values';
import { type FileItem, linesOf, type TextFile } from './read-file';

/** A value of the file: a page of the public API holds up to a hundred traces, each with all it was given. */
export const MAX_VALUE_BYTES = 32 * 1024 * 1024;
const MAX_DEPTH = 128;

/**
 * Whether a file that begins so has a record a line: then a broken one ends with its line. Its first line is a whole object, or at least not the
 * beginning of one that is stretched over lines.
 */
const beginsLines = (head: string, isCut: boolean): boolean => !isCut && head.startsWith('{') && !/[[{,:]$/.test(head);

/** Looks at the first line that is not empty, which may be long; the pieces are given back whole. */
async function lookInto(pieces: AsyncIterable<string>): Promise<{ isLines: boolean; whole: AsyncIterable<string> }> {
  const iterator = pieces[Symbol.asyncIterator]();
  const seen: string[] = [];
  const head: string[] = [];
  let chars = 0;
  let isEnd = false;
  while (!isEnd && chars <= MAX_VALUE_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    seen.push(next.value);
    const text = chars === 0 ? next.value.trimStart() : next.value;
    const lineEnd = text.indexOf('\n');
    isEnd = lineEnd >= 0 || (chars === 0 && text.startsWith('['));
    head.push(lineEnd >= 0 ? text.slice(0, lineEnd) : text);
    chars += text.length;
  }
  async function* whole(): AsyncGenerator<string> {
    yield* seen;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { isLines: beginsLines(head.join('').trim(), !isEnd && chars > MAX_VALUE_BYTES), whole: whole() };
}

async function* piecesOf(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

type Parsed = { readonly value: unknown } | { readonly problem: string };

function parsed(text: string): Parsed {
  try {
    return { value: parseJson(text, MAX_DEPTH) };
  } catch (error) {
    if (isPermanent(error)) return { problem: error.message };
    throw error;
  }
}

/** The values of one line: as a rule one; pages that were written one after another without a line break are several. */
async function valuesIn(text: string): Promise<Parsed[]> {
  const whole = parsed(text);
  if ('value' in whole) return [whole];
  const parts: Parsed[] = [];
  for await (const part of jsonValues(piecesOf(text), MAX_VALUE_BYTES)) parts.push(parsed(part.text ?? ''));
  return parts.length > 1 && parts.every((part) => 'value' in part) ? parts : [whole];
}

const placeOf = (name: string, line: number): string => (name === 'record' ? `line ${line}` : `${name} (line ${line})`);

function itemOf(item: LangfuseItem, line: number): Item | Refused {
  const name = placeOf(item.name, line);
  return 'event' in item ? { text: JSON.stringify(item.event), name } : { refused: `${name}: ${item.problem}` };
}

const tooLong = (line: number): Refused => ({
  refused: `the value at line ${line} is longer than ${MAX_VALUE_BYTES} bytes: export smaller pages (limit), or one record a line (JSONL)`,
});

type Reader = ReturnType<typeof createLangfuseReader>;

/** The events of a file as Langfuse exports it: an array, a record a line, pages of the public API, traces with their observations. */
export async function* langfuseItems(file: TextFile, reader: Reader): AsyncGenerator<Item | Refused> {
  const { isLines, whole } = await lookInto(file.pieces);
  const values: AsyncIterable<FileItem> = isLines ? linesOf(whole, MAX_VALUE_BYTES) : jsonValues(whole, MAX_VALUE_BYTES);
  for await (const { text, line } of values) {
    if (text === null) {
      yield tooLong(line);
      continue;
    }
    for (const part of await valuesIn(text)) {
      if ('problem' in part) yield { refused: `line ${line}: ${part.problem}` };
      else for (const item of reader.read(part.value)) yield itemOf(item, line);
    }
  }
}

/** One reader for all files of an import: traces and observations may lie in different ones. */
export const newLangfuseReader = (service: string): Reader => createLangfuseReader({ service });
