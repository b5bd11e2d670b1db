/** A copy of plain data, and about how many bytes it takes as JSON. What the application changes later does not change it. */
export interface Snapshot {
  readonly value: unknown;
  readonly bytes: number;
}

const MAX_DEPTH = 12;
const MAX_ENTRIES = 500;

interface Budget {
  left: number;
  readonly open: Set<object>;
}

const isPrimitive = (value: unknown): boolean => value === null || (typeof value !== 'object' && typeof value !== 'function');

/** Copies at most about `maxBytes` of `value`. Never throws, whatever the value does when it is read. */
export function snapshot(value: unknown, maxBytes: number): Snapshot {
  const budget: Budget = { left: maxBytes, open: new Set() };
  const copy = copyOf(value, budget, 0);
  return { value: copy, bytes: maxBytes - budget.left };
}

function textWithin(text: string, budget: Budget): string {
  const room = Math.max(0, budget.left);
  budget.left -= Math.min(text.length, room) + 2;
  return text.length <= room ? text : `${text.slice(0, room)}[${text.length - room} more characters]`;
}

function copyOf(value: unknown, budget: Budget, depth: number): unknown {
  if (isPrimitive(value)) {
    if (typeof value === 'string') return textWithin(value, budget);
    budget.left -= 8;
    if (typeof value === 'bigint') return String(value);
    return typeof value === 'symbol' ? undefined : value;
  }
  if (typeof value === 'function') return undefined;
  const object = value as object;
  if (budget.open.has(object)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (budget.left <= 0) return '[cut off]';
  budget.open.add(object);
  try {
    return copyObject(object, budget, depth);
  } catch {
    return '[unreadable]';
  } finally {
    budget.open.delete(object);
  }
}

function copyObject(object: object, budget: Budget, depth: number): unknown {
  budget.left -= 2;
  if (Array.isArray(object)) return copyList(object, budget, depth);
  if (object instanceof Date) {
    budget.left -= 24;
    return Number.isNaN(object.getTime()) ? null : object.toISOString();
  }
  if (object instanceof Error) return copyError(object, budget);
  if (ArrayBuffer.isView(object)) return `[${object.byteLength} bytes]`;
  if (object instanceof ArrayBuffer) return `[${object.byteLength} bytes]`;
  if (object instanceof Set) return copyList([...first(object)], budget, depth);
  if (object instanceof Map) return copyEntries(first(object) as Iterable<[unknown, unknown]>, object.size, budget, depth);
  if (object instanceof Promise) return '[promise]';
  const { toJSON } = object as { toJSON?: unknown };
  if (typeof toJSON === 'function') return copyOf(toJSON.call(object), budget, depth + 1);
  const keys = Object.keys(object);
  return copyEntries(entriesOf(object as Record<string, unknown>, keys), keys.length, budget, depth);
}

function* first<T>(values: Iterable<T>): Generator<T> {
  let count = 0;
  for (const value of values) {
    if (count++ >= MAX_ENTRIES) return;
    yield value;
  }
}

function* entriesOf(object: Record<string, unknown>, keys: readonly string[]): Generator<[string, unknown]> {
  for (const key of keys) {
    let value: unknown;
    try {
      value = object[key];
    } catch {
      value = '[unreadable]';
    }
    yield [key, value];
  }
}

function copyList(list: readonly unknown[], budget: Budget, depth: number): unknown[] {
  const copy: unknown[] = [];
  for (const item of list.slice(0, MAX_ENTRIES)) {
    if (budget.left <= 0) break;
    copy.push(copyOf(item, budget, depth + 1));
  }
  if (copy.length < list.length) copy.push(`[${list.length - copy.length} more]`);
  return copy;
}

function copyEntries(entries: Iterable<[unknown, unknown]>, size: number, budget: Budget, depth: number): unknown {
  const copy: Record<string, unknown> = {};
  let count = 0;
  for (const [key, value] of entries) {
    if (count >= MAX_ENTRIES || budget.left <= 0) {
      copy['[more]'] = size - count;
      break;
    }
    const name = typeof key === 'string' ? key : String(key);
    budget.left -= name.length + 4;
    const copied = copyOf(value, budget, depth + 1);
    // A name such as __proto__ must not change what the copy is.
    if (name === '__proto__')
      Object.defineProperty(copy, name, { value: copied, enumerable: true, writable: true, configurable: true });
    else if (copied !== undefined) copy[name] = copied;
    count++;
  }
  return copy;
}

function copyError(error: Error, budget: Budget): unknown {
  return { name: textWithin(String(error.name), budget), message: textWithin(String(error.message), budget) };
}

const MAX_STACK_CHARS = 16_384;
const MAX_MESSAGE_CHARS = 8_192;

/** What an event says of a thrown value. */
export function errorFields(thrown: unknown): { type: string; message: string; stack?: string } {
  try {
    if (thrown instanceof Error)
      return {
        type: String(thrown.name || thrown.constructor.name),
        message: String(thrown.message).slice(0, MAX_MESSAGE_CHARS),
        ...(typeof thrown.stack === 'string' ? { stack: thrown.stack.slice(0, MAX_STACK_CHARS) } : {}),
      };
    return { type: typeof thrown, message: String(thrown).slice(0, MAX_MESSAGE_CHARS) };
  } catch {
    return { type: 'unknown', message: '[unreadable]' };
  }
}
