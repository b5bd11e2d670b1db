import { lastText } from '@telltale/domain-explain';
import { numberOf, type Row, textOf } from '../../define/row-values';

/** Characters of a field that are looked into for the last message, and of a message that is shown. */
const MAX_READ = 40_000;
const MAX_SHOWN = 4_000;

export const SAID_COLUMNS = (['input', 'output'] as const)
  .map((field) => `substringUTF8(events.${field}, 1, ${MAX_READ}) AS ${field}_text, lengthUTF8(events.${field}) AS ${field}_size`)
  .join(', ');

/** What one side said in a turn, as the other saw it. */
export interface Said {
  readonly text: string;
  /** There is more of it than is shown. */
  readonly is_shortened: boolean;
}

/** The last message of `role` in a field of the event of a turn; `preview`: what else is known of it, where the event has nothing or holds more than can be looked into. */
export function saidIn(row: Row | undefined, field: 'input' | 'output', preview: string): Said {
  const size = numberOf(row, `${field}_size`);
  const isWhole = size <= MAX_READ;
  const text = row && isWhole ? lastText(textOf(row, `${field}_text`), field === 'input' ? 'user' : 'assistant') : '';
  if (text === '') return { text: preview, is_shortened: size > MAX_READ || preview.length >= 200 };
  return { text: text.slice(0, MAX_SHOWN), is_shortened: text.length > MAX_SHOWN };
}
