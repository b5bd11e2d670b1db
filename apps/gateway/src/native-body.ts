import { setImmediate } from 'node:timers/promises';
import { isPermanent, parseJson, partitionOf } from '@telltale/kernel';
import { type GatewayLimits } from './deps';
import { findItems, findLines, isBlankText, type ItemTexts, parseItem } from './item-texts';
import { type ItemChecks } from './item-checks';
import { createProblems, type Problems } from './problems';
import { IngestError } from './ingest-error';

export interface NativeItem<Value = unknown> {
  /** As it was sent. */
  readonly text: string;
  readonly bytes: number;
  /** Items with one key go to one partition. */
  readonly key: string;
  readonly value: Value;
}

export interface NativeBody<Value> {
  readonly good: readonly NativeItem<Value>[];
  readonly problems: Problems;
  /** True when the text itself is a JSON array of all valid items. */
  readonly isWhole: boolean;
}

type Limits = Pick<GatewayLimits, 'maxItems' | 'maxJsonDepth' | 'maxRecordBytes'>;

/** About this much is parsed and checked before other requests have their turn. */
const SLICE_BYTES = 128 * 1024;
/** What an item costs beside its bytes. */
const ITEM_COST_BYTES = 500;

function itemsOf(text: string, contentType: string, { maxItems, maxJsonDepth }: Limits): ItemTexts {
  const type = contentType.toLowerCase();
  if (isBlankText(text)) return { form: 'lines', items: [] };
  if (/ndjson|jsonl|json-seq|x-json-stream/.test(type)) return findLines(text, maxItems);
  if (type === '' || type.includes('json')) return findItems(text, maxItems, maxJsonDepth);
  throw new IngestError(
    'unsupported',
    'Content-Type must be application/json (an array or one object) or application/x-ndjson (one object a line)',
  );
}

/** Reads a body item by item, in slices; an item that cannot be taken is a problem of its own. */
export async function readItems<Value>(
  text: string,
  contentType: string,
  limits: Limits,
  { check, keyOf }: ItemChecks<Value>,
): Promise<NativeBody<Value>> {
  const { form, items } = itemsOf(text, contentType, limits);
  const problems = createProblems();
  const good: NativeItem<Value>[] = [];
  let sinceTurn = 0;
  for (const [index, item] of items.entries()) {
    sinceTurn += item.to - item.from + ITEM_COST_BYTES;
    if (sinceTurn > SLICE_BYTES) {
      sinceTurn = 0;
      await setImmediate();
    }
    const own = text.slice(item.from, item.to);
    const bytes = Buffer.byteLength(own);
    // Two brackets turn it into an array.
    if (bytes + 2 > limits.maxRecordBytes) {
      problems.add({ index, field: '', message: `is over ${limits.maxRecordBytes} bytes by itself; shorten its longest field` });
      continue;
    }
    let parsed: unknown;
    try {
      parsed = form === 'lines' ? parseJson(own, limits.maxJsonDepth) : parseItem(text, item);
    } catch (error) {
      if (form !== 'lines' || !isPermanent(error)) throw error;
      problems.add({ index, field: '', message: error.message });
      continue;
    }
    const checked = check(parsed);
    if ('message' in checked) problems.add({ index, ...checked });
    else good.push({ text: own, bytes, key: keyOf(checked.value, own), value: checked.value });
  }
  return { good, problems, isWhole: form === 'array' && problems.count === 0 };
}

export interface ItemPart {
  readonly bytes: Buffer;
  readonly key: string | null;
}

function pack(items: readonly NativeItem[], maxBytes: number): NativeItem[][] {
  const parts: NativeItem[][] = [];
  let size = Infinity;
  for (const item of items) {
    if (size + item.bytes + 1 > maxBytes) {
      parts.push([]);
      size = 1;
    }
    parts.at(-1)?.push(item);
    size += item.bytes + 1;
  }
  return parts;
}

/**
 * JSON arrays of at most `maxBytes`, in order. Items are grouped by the partition of their key, and each array gets a key of that
 * partition. With one partition, an array has a key only when all its items share it.
 */
export function packNative(
  { good, isWhole }: NativeBody<unknown>,
  text: string,
  maxBytes: number,
  partitions: number,
): ItemPart[] {
  const byPartition = new Map<number, NativeItem[]>();
  for (const item of good) {
    const partition = partitionOf(item.key, partitions);
    const items = byPartition.get(partition);
    if (items) items.push(item);
    else byPartition.set(partition, [item]);
  }
  const parts = [...byPartition.values()].flatMap((items) => pack(items, maxBytes));
  const isOne = isWhole && parts.length === 1;
  return parts.map((items) => {
    const key = items[0]?.key ?? null;
    return {
      bytes: Buffer.from(isOne ? text : `[${items.map((item) => item.text).join(',')}]`),
      key: partitions > 1 || items.every((item) => item.key === key) ? key : null,
    };
  });
}
