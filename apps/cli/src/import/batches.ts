import { isRecord } from '@telltale/kernel';
import { type Item, type Refused } from './item';
import { jsonValues } from './json-values';
import { langfuseItems, newLangfuseReader } from './langfuse';
import { type FileItem, linesOf, type TextFile } from './read-file';

export const IMPORT_FORMATS = ['openai-chat', 'ndjson', 'otlp-json', 'langfuse'] as const;
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
const MAX_BATCH_BYTES = 1_000_000;

const tooLong = (name: string, maxBytes: number): Refused => ({
  refused: `${name} is longer than ${maxBytes} bytes, the largest request (GATEWAY_MAX_BODY_BYTES): shorten its longest field, or choose the right --format`,
});

async function* packed(items: AsyncIterable<Item | Refused>, path: string, maxBytes: number): AsyncGenerator<Batch | Refused> {
  let texts: string[] = [];
  let names: string[] = [];
  let bytes = 0;
  const flush = (): Batch => {
    const batch = { path, contentType: NDJSON, body: texts.join('\n'), names };
    texts = [];
    names = [];
    bytes = 0;
    return batch;
  };
  for await (const item of items) {
    if ('refused' in item) {
      yield item;
      continue;
    }
    const { text, name } = item;
    const size = text === null ? 0 : Buffer.byteLength(text) + 1;
    if (text === null || size - 1 > maxBytes) {
      yield tooLong(name, maxBytes);
      continue;
    }
    if (texts.length > 0 && (bytes + size > Math.min(MAX_BATCH_BYTES, maxBytes) || texts.length >= MAX_ITEMS)) yield flush();
    texts.push(text);
    names.push(name);
    bytes += size;
  }
  if (texts.length > 0) yield flush();
}

async function* lines(file: TextFile, maxBytes: number): AsyncGenerator<Item> {
  for await (const { text, line } of linesOf(file.pieces, maxBytes)) yield { text, name: `line ${line}` };
}

/** Values may stretch over lines in the file; a request has one a line. */
async function* values(file: TextFile, noun: string, maxBytes: number): AsyncGenerator<Item> {
  let number = 0;
  for await (const { text, line } of jsonValues(file.pieces, maxBytes)) {
    number++;
    yield { text: text && oneLine(text), name: `${noun} ${number} (line ${line})` };
  }
}

/** Line breaks of JSON stand between its tokens only; nothing is parsed, so every number stays as it was written. */
const oneLine = (text: string): string => text.replace(/[\r\n]+[ \t\r\n]*/g, ' ');

const SIGNALS = [
  ['traces', /"resourceSpans"|"resource_spans"/],
  ['logs', /"resourceLogs"|"resource_logs"/],
] as const;

async function* otlp(file: TextFile, maxBytes: number): AsyncGenerator<Batch | Refused> {
  let number = 0;
  const nameOf = ({ line }: FileItem): string => `request ${++number} (line ${line})`;
  for await (const item of jsonValues(file.pieces, maxBytes)) {
    const name = nameOf(item);
    const { text } = item;
    const [signal] = SIGNALS.find(([, pattern]) => text !== null && pattern.test(text)) ?? [];
    if (text === null) yield tooLong(name, maxBytes);
    else if (signal) yield { path: `/v1/${signal}`, contentType: 'application/json', body: text, names: [name] };
    else yield { refused: `${name} has neither resourceSpans nor resourceLogs: choose the right --format` };
  }
}

/** What conversations are given that do not say it themselves. */
export interface ConversationDefaults {
  readonly model?: string;
  readonly provider?: string;
}

/** A conversation with its defaults put before its own fields; what is no object stays for the gateway to refuse. */
export function withDefaults(text: string, defaults: ConversationDefaults): string {
  let conversation: unknown;
  try {
    conversation = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isRecord(conversation)) return text;
  const own = conversation;
  const missing = Object.entries(defaults).filter(([name]) => own[name] === undefined || own[name] === '' || own[name] === null);
  if (missing.length === 0) return text;
  const rest = text.slice(text.indexOf('{') + 1);
  const fields = missing.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  // Of a name that is there twice the last counts: an empty one of its own would.
  return missing.some(([name]) => name in own)
    ? JSON.stringify({ ...own, ...Object.fromEntries(missing) })
    : `{${fields}${Object.keys(own).length > 0 ? ',' : ''}${rest}`;
}

async function* conversations(file: TextFile, maxBytes: number, defaults: ConversationDefaults): AsyncGenerator<Item> {
  for await (const { text, name } of values(file, 'conversation', maxBytes))
    yield { text: text && withDefaults(text, defaults), name };
}

/** How the files of one import become requests to the gateway, and what is not sent because it is over `maxBytes` or of another format. */
export function createBatcher(
  format: ImportFormat,
  maxBytes: number,
  service: string,
  defaults: ConversationDefaults = {},
): (file: TextFile) => AsyncGenerator<Batch | Refused> {
  if (format === 'ndjson') return (file) => packed(lines(file, maxBytes), '/v1/events', maxBytes);
  if (format === 'openai-chat') return (file) => packed(conversations(file, maxBytes, defaults), '/v1/conversations', maxBytes);
  if (format === 'otlp-json') return (file) => otlp(file, maxBytes);
  const reader = newLangfuseReader(service);
  return (file) => packed(langfuseItems(file, reader), '/v1/events', maxBytes);
}
