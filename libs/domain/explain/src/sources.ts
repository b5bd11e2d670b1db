import { callsIn, type Conversation, type ToolCall } from './conversation';
import { type Leaf, leavesOf, mentions, spoken } from './values';

/** Where a value stood before it was used. */
export interface Source {
  /** `user`, `assistant`, `system`, or `<tool> <path>` of an earlier result. */
  readonly name: string;
  readonly step: number;
  readonly call?: ToolCall;
  readonly path?: string;
}

export interface Sources {
  /** The first place that held the value before a step; results of tools come before what was said. */
  of(value: Leaf['value'], step: number): Source | undefined;
}

/** Values that say where they come from: not yes, true, 1 or a short word. */
export const isTelling = (value: Leaf['value']): value is string =>
  typeof value === 'string' && value.length >= 3 && /\d/.test(value);

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']; // prettier-ignore

/** How people write a date: `May 20`, `20 May`, `5/20`. */
function datesAs(value: string): string[] {
  const [, month, day] = /^\d{4}-(\d\d)-(\d\d)/.exec(value) ?? [];
  if (month === undefined || day === undefined) return [];
  const name = MONTHS[Number(month) - 1] ?? '';
  const nth = String(Number(day));
  const short = name.slice(0, 3);
  return [name, short].flatMap((m) => ['', 'st', 'nd', 'rd', 'th'].flatMap((end) => [`${m} ${nth}${end}`, `${nth}${end} ${m}`, `${nth}${end} of ${m}`])).concat(`${Number(month)}/${nth}`, `${month}/${day}`); // prettier-ignore
}

/** Ways in which a text may say a value. */
const waysToSay = (value: string): string[] => [...new Set([value.toLowerCase(), spoken(value), ...datesAs(value)])];

const MAX_VALUES = 20_000;
/** Characters of what was said that values are looked for in, and how many values are. */
const MAX_SAID = 150_000;
const MAX_LOOKUPS = 1_000;
const ROLES = ['user', 'system', 'assistant'] as const;
const NOT_LOOKED_FOR: Source = { name: 'not looked for', step: 0 };

/** By value: where results held it, in order. */
function valuesOfResults(conversation: Conversation): Map<string, Source[]> {
  const results = new Map<string, Source[]>();
  let kept = 0;
  for (const call of callsIn(conversation)) {
    if (call.failed) continue;
    const leaves = call.value === undefined ? [{ path: '', value: call.result.slice(0, 200) }] : leavesOf(call.value);
    for (const { path, value } of leaves) {
      if (!isTelling(value) || ++kept > MAX_VALUES) continue;
      const found = results.get(value.toLowerCase()) ?? [];
      if (found.length === 0) results.set(value.toLowerCase(), found);
      if (found.length < 8) found.push({ name: `${call.tool} ${path}`.trim(), step: call.step, call, path });
    }
  }
  return results;
}

/** Finds by role the first step that says a value; each value is looked for once. */
function createSaid({ steps }: Conversation): (value: string) => readonly Source[] | null {
  let room = MAX_SAID;
  const said = steps.flatMap(({ role, text, index }) => {
    if (text === '' || role === 'tool' || room <= 0) return [];
    const part = text.slice(0, room).toLowerCase();
    room -= part.length;
    return [{ role, index, text: part }];
  });
  const found = new Map<string, readonly Source[]>();
  return (value) => {
    const known = found.get(value);
    if (known) return known;
    if (found.size >= MAX_LOOKUPS) return null;
    const ways = waysToSay(value);
    const first = ROLES.flatMap((role): Source[] => {
      const where = said.find(
        (one) => one.role === role && ways.some((way) => one.text.includes(way) && mentions(one.text, way)),
      );
      return where ? [{ name: role, step: where.index }] : [];
    });
    found.set(value, first);
    return first;
  };
}

export function createSources(conversation: Conversation): Sources {
  const results = valuesOfResults(conversation);
  const said = createSaid(conversation);
  return {
    of(value, step) {
      if (typeof value !== 'string') return undefined;
      const ofResult = results.get(value.toLowerCase())?.find((source) => source.step < step);
      if (ofResult) return ofResult;
      const places = said(value);
      return places === null ? NOT_LOOKED_FOR : places.find((place) => place.step < step);
    },
  };
}
