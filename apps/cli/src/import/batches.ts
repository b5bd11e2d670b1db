import { CliError } from '../terminal/errors';
import { jsonValues } from './json-values';
import { linesOf, type TextFile } from './read-file';

export const IMPORT_FORMATS = ['openai-chat', 'ndjson', 'otlp-json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** One request. `names[i]` says where item i stands in the file. */
export interface Batch {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  readonly names: readonly string[];
}

const NDJSON = 'application/x-ndjson';
const MAX_ITEMS = 1_000;
const MAX_CHARS = 1_000_000;

async function* packed(
  items: AsyncIterable<{ readonly text: string; readonly name: string }>,
  path: string,
): AsyncGenerator<Batch> {
  let texts: string[] = [];
  let names: string[] = [];
  let chars = 0;
  const flush = (): Batch => {
    const batch = { path, contentType: NDJSON, body: texts.join('\n'), names };
    texts = [];
    names = [];
    chars = 0;
    return batch;
  };
  for await (const { text, name } of items) {
    if (texts.length > 0 && (chars + text.length > MAX_CHARS || texts.length >= MAX_ITEMS)) yield flush();
    texts.push(text);
    names.push(name);
    chars += text.length;
  }
  if (texts.length > 0) yield flush();
}

async function* lines(file: TextFile): AsyncGenerator<{ text: string; name: string }> {
  for await (const { text, line } of linesOf(file.pieces)) yield { text, name: `line ${line}` };
}

/** Values may stretch over lines in the file; a request has one a line. */
async function* values(file: TextFile, noun: string): AsyncGenerator<{ text: string; name: string }> {
  let number = 0;
  for await (const text of jsonValues(file.pieces)) {
    number++;
    yield { text: oneLine(text), name: `${noun} ${number}` };
  }
}

function oneLine(text: string): string {
  if (!text.includes('\n')) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.replace(/[\r\n]+/g, ' '); // Not JSON: the door says so, and names it.
  }
}

function signalOf(text: string, name: string): 'traces' | 'logs' {
  if (text.includes('"resourceSpans"') || text.includes('"resource_spans"')) return 'traces';
  if (text.includes('"resourceLogs"') || text.includes('"resource_logs"')) return 'logs';
  throw new CliError(
    `${name} has neither resourceSpans nor resourceLogs`,
    'choose the right --format: openai-chat, ndjson or otlp-json',
  );
}

async function* otlp(file: TextFile): AsyncGenerator<Batch> {
  let number = 0;
  for await (const text of jsonValues(file.pieces)) {
    const name = `request ${++number}`;
    yield { path: `/v1/${signalOf(text, name)}`, contentType: 'application/json', body: text, names: [name] };
  }
}

/** The file as requests to the door of its format. */
export function batchesOf(file: TextFile, format: ImportFormat): AsyncGenerator<Batch> {
  if (format === 'ndjson') return packed(lines(file), '/v1/events');
  if (format === 'openai-chat') return packed(values(file, 'conversation'), '/v1/conversations');
  return otlp(file);
}
