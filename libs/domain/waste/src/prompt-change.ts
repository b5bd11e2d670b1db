export const PROMPT_CHANGES = ['time', 'date', 'uuid', 'number', 'random id', 'order', 'text'] as const;

/** Where two prompts that should begin the same differ first. */
export interface PromptChange {
  readonly kind: (typeof PROMPT_CHANGES)[number];
  /** Where it begins, in characters of the stored prompt. */
  readonly at: number;
  /** What stands before it in both. */
  readonly behind: string;
  /** Its shape in the earlier and the later one: digits as 0, letters as a. */
  readonly before: string;
  readonly after: string;
}

const BEHIND_CHARS = 30;
const SHOWN_CHARS = 40;
/** Looked at for the same words in another order. */
const ORDER_CHARS = 3_000;
const PART = /[\w:.+-]/;

const SHAPES: readonly (readonly [kind: PromptChange['kind'], shape: RegExp])[] = [
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['time', /\d{1,2}:\d{2}(?::\d{2})?|^1[5-9]\d{8}(?:\d{3})?$/],
  ['date', /^\d{4}-\d{2}-\d{2}$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/],
  ['number', /^[+-]?\d+(?:[.,]\d+)*%?$/],
  ['random id', /^(?=.*\d)(?=.*[a-z])[\w-]{8,}$/i],
];

const shapeOf = (text: string): string =>
  text.slice(0, SHOWN_CHARS).replace(/\d/g, '0').replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a');

function tokenAround(text: string, at: number): readonly [token: string, from: number] {
  let from = at;
  let to = at;
  while (from > 0 && at - from < SHOWN_CHARS && PART.test(text.charAt(from - 1))) from--;
  while (to < text.length && to - at < SHOWN_CHARS && PART.test(text.charAt(to))) to++;
  return [text.slice(from, to), from];
}

const wordsFrom = (text: string, at: number): string => (text.slice(at, at + ORDER_CHARS).match(/\w+/g) ?? []).sort().join(' ');

/** What changes between two prompts; null when one is the beginning of the other. */
export function promptChange(earlier: string, later: string): PromptChange | null {
  const both = Math.min(earlier.length, later.length);
  let at = 0;
  while (at < both && earlier.charCodeAt(at) === later.charCodeAt(at)) at++;
  if (at >= both) return null;
  const [before, from] = tokenAround(earlier, at);
  const [after] = tokenAround(later, at);
  const isReordered = earlier !== later && wordsFrom(earlier, from) === wordsFrom(later, from);
  const shape = SHAPES.find(([, of]) => of.test(before) && of.test(after))?.[0];
  return {
    kind: isReordered ? 'order' : (shape ?? 'text'),
    at: from,
    behind: earlier.slice(Math.max(0, from - BEHIND_CHARS), from),
    before: shapeOf(before),
    after: shapeOf(after),
  };
}
