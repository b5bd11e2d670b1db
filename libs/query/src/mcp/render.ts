import { cleanText } from './clean-text';
import { beginningOf, countThatFit, cutLine, jsonBytes, MAX_RESULT_BYTES } from './fit';
import { type Shown, type TextWindow } from './tag';

export interface Frame {
  readonly tool: string;
  readonly next: string;
  /** Names the block of logged text: nobody who wrote a log can know it. */
  readonly nonce: string;
  /** Lines of `items` before the first. */
  readonly skipped: number;
  /** Says how to go on after so many lines; null when there is nothing after the last one. */
  readonly cursorAfter: (lines: number) => string | null;
}

/** For the JSON around the text. */
const ENVELOPE_BYTES = 100;
/** For a cursor and what is said around it. */
const MORE_BYTES = 160;

const count = (n: number): string => n.toLocaleString('en');

const block = (lines: readonly string[], nonce: string): string[] =>
  lines.length === 0 ? [] : [`<logged id="${nonce}">`, ...lines, `</logged id="${nonce}">`];

const moreOf = (tool: string, cursor: string): string =>
  `more: ${tool} with the same arguments and cursor=${JSON.stringify(cursor)}`;

function textOf(frame: Frame, title: string, lines: readonly string[], after: readonly string[]): string {
  return [title, ...block(lines, frame.nonce), ...after, `next: ${frame.next}`].join('\n');
}

const fits = (text: string): boolean => jsonBytes(text) <= MAX_RESULT_BYTES - ENVELOPE_BYTES;

/** The window as far as there is room, in whole characters. */
function renderWindow(frame: Frame, { head = [] }: Shown, { text, offset, size }: TextWindow): string {
  const room = MAX_RESULT_BYTES - ENVELOPE_BYTES - jsonBytes(textOf(frame, '', head, [])) - 400;
  const shown = beginningOf(cleanText(text), room);
  // What was cleaned away has no length of its own, so the end is counted in the text as it is stored.
  const used = shown === cleanText(text) ? Array.from(text).length : storedLength(text, shown);
  const end = offset + used;
  const title = `${frame.tool}: characters ${count(offset)} to ${count(end)} of ${count(size)}`;
  const after = end < size ? [`left out: ${count(size - end)} characters after these`, `more: ${frame.tool} with the same arguments and offset=${end}`] : []; // prettier-ignore
  return textOf(frame, title, [...head, shown], [...(offset > 0 ? [`left out: ${count(offset)} characters before these; a lower offset shows them`] : []), ...after]); // prettier-ignore
}

/** How many characters of `stored` give `shown` when they are cleaned. */
function storedLength(stored: string, shown: string): number {
  const characters = Array.from(stored);
  let [low, high] = [Array.from(shown).length, characters.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (cleanText(characters.slice(0, middle).join('')).length < shown.length) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A result of at most MAX_RESULT_BYTES, in whole items; what has no room is named, with the way to it. */
export function render(frame: Frame, shown: Shown): string {
  if (shown.window) return renderWindow(frame, shown, shown.window);
  const { head = [], items, leftOut = [] } = shown;
  const own = leftOut.map((text) => `left out: ${text}`);
  const heads = head.map(cutLine);
  const rest = items.slice(frame.skipped).map(cutLine);
  const made = (n: number): string => {
    const first = frame.skipped + (rest.length > 0 ? 1 : 0);
    const cursor = frame.cursorAfter(frame.skipped + n);
    const missing = rest.length - n;
    const title = `${frame.tool}: ${rest.length === 0 ? 'no items' : `items ${count(first)} to ${count(frame.skipped + n)}${missing > 0 ? ` of ${count(items.length)}` : ''}`}`;
    const after = [...(missing > 0 ? [`left out: ${count(missing)} items that have no room here`] : []), ...own, ...(cursor === null ? [] : [moreOf(frame.tool, cursor)])]; // prettier-ignore
    return textOf(frame, title, [...heads, ...rest.slice(0, n)], after);
  };
  const frameBytes = jsonBytes(textOf(frame, `${frame.tool}: `, heads, own));
  let n = countThatFit(rest, MAX_RESULT_BYTES - ENVELOPE_BYTES - MORE_BYTES - frameBytes);
  let text = made(n);
  while (n > 0 && !fits(text)) text = made((n -= 1));
  return text;
}
