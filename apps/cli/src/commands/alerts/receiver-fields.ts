import { readFileSync } from 'node:fs';
import { isReference, SECRET_FIELDS } from '@telltale/contracts';
import { errorCodeOf, isRecord } from '@telltale/kernel';
import { parse } from 'yaml';
import { UsageError } from '../../terminal/errors';

const LISTS = ['to'];

function contentOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`--from ${file} cannot be read (${String(errorCodeOf(error))})`, 'give the path of a file, or - for standard input');
  }
} // prettier-ignore

/** The fields of a file in YAML or JSON. The parser's message is left out: it quotes the file, which holds secrets. */
export function fieldsOfFile(file: string): Record<string, unknown> {
  const content = contentOf(file);
  try {
    const value: unknown = parse(content);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new UsageError(`--from ${file} is not YAML with fields`, 'give lines such as url: https://example.com/hook');
}

function valueOf(field: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return LISTS.includes(field) ? text.split(',').map((part) => part.trim()) : text;
  }
}

/** `field=value …` of a command line, where no secret may stand: everybody on the machine can see it. */
export function fieldsOfWords(words: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    words.map((word): [string, unknown] => {
      const at = word.indexOf('=');
      if (at < 1) throw new UsageError(`${word} is not field=value`, 'give such as min_severity=critical');
      const [field, text] = [word.slice(0, at), word.slice(at + 1)];
      if (SECRET_FIELDS.some((secret) => secret === field) && !isReference(text))
        throw new UsageError(`${field} on the command line can be seen by everybody on this machine`, `give it in a file, or on standard input: printf '${field}: %s' "$VALUE" | telltale alerts add … --from -`);
      return [field, valueOf(field, text)];
    }),
  );
} // prettier-ignore

const MATCH = /^\s*(\w+)\s*(!=|=|\bin\b)\s*(.+?)\s*$/;

/** `service=shop`, `severity!=info` or `kind in (behavior, cost)`. */
export function matcherOf(text: string): { readonly field: string; readonly op: string; readonly value: string | string[] } {
  const [, field = '', op = '', value = ''] = MATCH.exec(text) ?? [];
  if (op === '')
    throw new UsageError(`--match ${text} is no matcher`, "give such as --match service=shop, 'severity!=info' or 'kind in (behavior, cost)'"); // prettier-ignore
  if (op !== 'in') return { field, op, value };
  const list = /^\((.*)\)$/.exec(value)?.[1] ?? value;
  return { field, op, value: list.split(',').map((part) => part.trim()) };
}
