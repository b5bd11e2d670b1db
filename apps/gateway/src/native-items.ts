import { type OtlpProblem } from '@telltale/contracts';
import { isPermanent, parseJson } from '@telltale/kernel';
import { type z } from 'zod';
import { Refusal } from './refusal';

/** One thing wrong with one item. */
export type ItemProblem = OtlpProblem;

export interface NativeItem {
  readonly index: number;
  readonly value: unknown;
  /** As it was sent, where that is at hand. */
  readonly text: string | null;
}
export interface NativeBody {
  readonly items: readonly NativeItem[];
  readonly problems: readonly ItemProblem[];
  /** True when the text itself is a JSON array of all the items. */
  readonly isArray: boolean;
}

function readLines(text: string, maxDepth: number): NativeBody {
  const items: NativeItem[] = [];
  const problems: ItemProblem[] = [];
  let index = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    try {
      items.push({ index, value: parseJson(trimmed, maxDepth), text: trimmed });
    } catch (error) {
      if (!isPermanent(error)) throw error;
      problems.push({ index, field: '', message: error.message });
    }
    index++;
  }
  return { items, problems, isArray: false };
}

/** One JSON array, one object, or one object a line. Content type decides; `application/json` may hold lines too. */
export function readItems(text: string, contentType: string, maxDepth: number): NativeBody {
  const type = contentType.toLowerCase();
  if (text.trim() === '') return { items: [], problems: [], isArray: false };
  if (/ndjson|jsonl|json-seq|x-json-stream/.test(type)) return readLines(text, maxDepth);
  if (type !== '' && !type.includes('json')) {
    throw new Refusal(
      'unsupported',
      'Content-Type must be application/json (an array or one object) or application/x-ndjson (one object a line)',
    );
  }
  let parsed: unknown;
  try {
    parsed = parseJson(text, maxDepth);
  } catch (error) {
    const lines = text.trimStart().startsWith('{') && text.trim().includes('\n') ? readLines(text, maxDepth) : null;
    if (lines && lines.items.length > 0 && lines.problems.length === 0) return lines;
    throw error;
  }
  if (Array.isArray(parsed))
    return { items: parsed.map((value: unknown, index) => ({ index, value, text: null })), problems: [], isArray: true };
  return { items: [{ index: 0, value: parsed, text: text.trim() }], problems: [], isArray: false };
}

/** Splits good items from bad ones, naming the first wrong field of each. */
export function checkItems(
  { items, problems }: NativeBody,
  schema: z.ZodType,
): { readonly good: NativeItem[]; readonly problems: ItemProblem[] } {
  const good: NativeItem[] = [];
  const found = [...problems];
  for (const item of items) {
    const result = schema.safeParse(item.value);
    const issue = result.error?.issues[0];
    if (!issue) good.push(item);
    else found.push({ index: item.index, field: issue.path.map(String).join('.').slice(0, 100), message: issue.message });
  }
  return { good, problems: found.sort((a, b) => a.index - b.index) };
}

export interface PackedItems {
  readonly parts: readonly { readonly bytes: Buffer; readonly items: readonly NativeItem[] }[];
  readonly problems: readonly ItemProblem[];
}

/** JSON arrays of at most `maxBytes`, in order; items that are larger by themselves are named. */
export function packItems(items: readonly NativeItem[], maxBytes: number): PackedItems {
  const parts: { bytes: Buffer; items: NativeItem[] }[] = [];
  const problems: ItemProblem[] = [];
  let texts: string[] = [];
  let held: NativeItem[] = [];
  let size = 1;
  const flush = (): void => {
    if (held.length) parts.push({ bytes: Buffer.from(`[${texts.join(',')}]`), items: held });
    texts = [];
    held = [];
    size = 1;
  };
  for (const item of items) {
    const text = item.text ?? JSON.stringify(item.value);
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes + 1 > maxBytes) {
      problems.push({ index: item.index, field: '', message: `is over ${maxBytes} bytes by itself; shorten its longest field` });
      continue;
    }
    if (size + bytes > maxBytes) flush();
    texts.push(text);
    held.push(item);
    size += bytes;
  }
  flush();
  return { parts, problems };
}
