const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export type Change = 'same' | 'changed' | 'added' | 'removed';

/** One value of two that are compared; `added` and `removed` as seen from the second. */
export interface Difference {
  /** `items[2].name`; empty for the whole. */
  readonly path: string;
  readonly change: Change;
  readonly before: unknown;
  readonly after: unknown;
}

const MAX_DIFFERENCES = 5_000;
const MAX_DEPTH = 60;
const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

const under = (path: string, key: string): string =>
  PLAIN_KEY.test(key) ? (path === '' ? key : `${path}.${key}`) : `${path}[${JSON.stringify(key)}]`;

/** The entries of a value that has some: by key, or by place. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (Array.isArray(value)) return value.length === 0 ? null : new Map(value.map((one: unknown, i) => [`[${i}]`, one]));
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  return entries.length === 0 ? null : new Map(entries);
}

/** As one line of JSON. Producers can send what is nested deeper than an engine can write. */
export function compact(value: unknown): string {
  if (value === undefined) return '';
  try {
    return JSON.stringify(value);
  } catch {
    return '(nested too deep to be shown as one line)';
  }
}
function areEqual(a: unknown, b: unknown): boolean {
  try {
    return JSON.stringify(a) === JSON.stringify(b);
  } catch {
    return false;
  }
}

/** What differs between two values, leaf by leaf in the order of the first; at most 5,000 leaves. */
export function diffJson(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  const add = (path: string, change: Change, a: unknown, b: unknown): void => {
    if (found.length < MAX_DIFFERENCES) found.push({ path, change, before: a, after: b });
  };
  function compare(path: string, a: unknown, b: unknown, depth: number): void {
    if (found.length >= MAX_DIFFERENCES) return;
    const [left, right] = [entriesOf(a), entriesOf(b)];
    const isAlike = left && right && Array.isArray(a) === Array.isArray(b);
    if (!isAlike || depth >= MAX_DEPTH) return add(path, areEqual(a, b) ? 'same' : 'changed', a, b);
    const step = (key: string): string => (Array.isArray(a) ? `${path}${key}` : under(path, key));
    for (const [key, value] of left)
      if (right.has(key)) compare(step(key), value, right.get(key), depth + 1);
      else add(step(key), 'removed', value, undefined);
    for (const [key, value] of right) if (!left.has(key)) add(step(key), 'added', undefined, value);
  }
  compare('', before, after, 0);
  return found;
}

/** JSON in a text; undefined where it is none, or a bare word or number that reads better as text. */
export function jsonOf(text: string): unknown {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const MAX_CELLS = 1_000_000;

/** Two texts line by line: the least that must be taken out and put in. Where too much differs, all of it counts as changed. */
export function diffLines(before: string, after: string): Difference[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const line = (change: Change, text: string | undefined): Difference => ({ path: '', change, before: change === 'added' ? undefined : text, after: change === 'removed' ? undefined : text }); // prettier-ignore
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  return [
    ...a.slice(0, head).map((text) => line('same', text)),
    ...(left.length * right.length > MAX_CELLS
      ? [...left.map((text) => line('removed', text)), ...right.map((text) => line('added', text))]
      : between(left, right, line)),
    ...a.slice(a.length - tail).map((text) => line('same', text)),
  ];
}

/** By the longest common subsequence. */
function between(a: readonly string[], b: readonly string[], line: (change: Change, text: string | undefined) => Difference): Difference[] {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const found: Difference[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push(line('same', a[i]));
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) found.push(line('removed', a[i++]));
    else found.push(line('added', b[j++]));
  }
  return found;
} // prettier-ignore
