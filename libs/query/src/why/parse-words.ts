import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { type Direction, type Measure } from './subject';

const MEASURE_WORDS: readonly (readonly [RegExp, Measure])[] = [
  [/\b(first token|ttft|begins? to answer|starts? to answer)\b/, 'first_token'],
  [/\b(cache|cached|caching)\b/, 'cache'],
  [/\b(retry|retries|retrying|retried)\b/, 'retries'],
  [/\b(abandon\w*|give up|gives up|giving up|gave up|leave|leaving|drop off)\b/, 'abandoned'],
  [/\b(unhelped|unanswered|without an answer|no answer|escalat\w*|transfer\w*|refus\w*|unhelpful)\b/, 'unhelped'],
  [/\b(errors?|fail\w*|broken?|breaks?|exceptions?|crash\w*|timeouts?|timing out)\b/, 'errors'],
  [/\b(costs?|costing|expensive|spend\w*|bill|money|pric\w+|cheap\w*)\b/, 'cost'],
  [/\b(tokens?)\b/, 'tokens'],
  [/\b(slow\w*|latenc\w*|duration|lag\w*|takes? (?:so )?long|long\w*|speed|fast\w*|wait\w*|sluggish)\b/, 'duration'],
  [/\b(calls?|loop\w*|steps)\b/, 'calls'],
  [/\b(traffic|volume|load|requests|how many turns|more turns|fewer turns|busy|busier)\b/, 'traffic'],
];
const DOWN = /\b(less|fewer|lower|drop\w*|fell|fall\w*|decreas\w*|cheaper|faster|quicker|declin\w*|quiet\w*)\b/;
const UP = /\b(more|rise|rose|rising|up|increas\w*|grew|grow\w*|doubl\w*|tripl\w*|jump\w*|spike\w*)\b/;
const UNIT_MS: Readonly<Record<string, number>> = { second: SECOND_MS, minute: MINUTE_MS, min: MINUTE_MS, m: MINUTE_MS, hour: HOUR_MS, h: HOUR_MS, day: DAY_MS, d: DAY_MS, week: 7 * DAY_MS, w: 7 * DAY_MS }; // prettier-ignore
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MORNING_HOUR = 6;

export interface Words {
  /** null: none was named. */
  readonly measure: Measure | null;
  readonly direction: Direction;
  /** From when on it is said to be so; null: nobody says. */
  readonly since: number | null;
  readonly plain: string;
}

/** Lower case, one space between words; what separates words in names is a space too. */
export const plainWords = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}%]+/gu, ' ').trim(); // prettier-ignore

function sinceOf(text: string, now: number): number | null {
  const iso = /\b(\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?)/.exec(text)?.[1];
  if (iso !== undefined) {
    const time = Date.parse(/\d\d:\d\d/.test(iso) ? `${iso.replace(' ', 'T').replace(/z$/, '')}Z` : iso);
    if (Number.isFinite(time)) return time;
  }
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  if (/\byesterday\b/.test(text)) return day - DAY_MS;
  if (/\bthis morning\b/.test(text)) return day + MORNING_HOUR * HOUR_MS;
  if (/\btoday|tonight\b/.test(text)) return day;
  const weekday = WEEKDAYS.findIndex((name) => new RegExp(`\\b${name}\\b`).test(text));
  if (weekday >= 0) return day - ((new Date(day).getUTCDay() - weekday + 7) % 7 || 7) * DAY_MS;
  if (/\bthis week\b/.test(text)) return day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
  const ago = /\b(?:last|past|since|for|in the last)?\s*(?:the )?(?:last |past )?(\d{1,4}|an?|one|two|three|few)?\s*(seconds?|minutes?|mins?|hours?|days?|weeks?|[mhdw])\b(?: ago)?/.exec(text); // prettier-ignore
  if (ago?.[2] === undefined) return null;
  const unit = UNIT_MS[ago[2].length > 1 ? ago[2].replace(/s$/, '') : ago[2]];
  if (unit === undefined || (ago[2].length === 1 && !/^\d+$/.test(ago[1] ?? ''))) return null;
  const counts: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, few: 3 };
  const count = ago[1] === undefined ? 1 : (counts[ago[1]] ?? Number(ago[1]));
  return now - count * unit;
}

/** What a question in words is about. */
export function parseWords(text: string, now: number): Words {
  const lower = text.toLowerCase();
  const plain = plainWords(text);
  const measure = MEASURE_WORDS.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
  const isLess = DOWN.test(plain) && !UP.test(plain);
  const direction: Direction = measure === 'cache' ? (UP.test(plain) ? 'up' : 'down') : isLess ? 'down' : 'up';
  return { measure, direction, since: sinceOf(lower, now), plain };
}

export interface Named {
  readonly kind: 'service' | 'tool' | 'model';
  readonly value: string;
}

/** The longest known names that stand in the words, one of each kind: a name stands there when all its words do, in their order. */
export function namesIn(plain: string, known: readonly Named[]): Named[] {
  const padded = ` ${plain} `;
  const matching = known
    .filter(({ value }) => plainWords(value) !== '' && padded.includes(` ${plainWords(value)} `))
    .sort((a, b) => b.value.length - a.value.length);
  const found: Named[] = [];
  for (const one of matching) if (!found.some(({ kind, value }) => kind === one.kind || plainWords(value).includes(plainWords(one.value)))) found.push(one); // prettier-ignore
  return found;
}

const SUBJECT_WORD =
  /\b(?:the|of|in|for|does|is|are|do)\s+([\p{L}\p{N}][\p{L}\p{N} _./-]*?)\s+(bot|service|tool|model|agent|assistant)\b/u;

/** A name that the words give to a service, tool or model; null where they give none. */
export const nameGiven = (text: string): string | null => SUBJECT_WORD.exec(text.toLowerCase())?.[0].replace(/^(?:the|of|in|for|does|is|are|do)\s+(?:the\s+)?/, '') ?? null; // prettier-ignore
