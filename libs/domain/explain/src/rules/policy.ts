import { DAY_MS, HOUR_MS, isRecord } from '@telltale/kernel';
import { callsIn, MAX_CHANGES, policyOf, type ToolCall } from '../conversation';
import { type Finding, type Rule, type Scene } from '../finding';
import { isWrite, toolGroup, verbGroup, wordsOfName } from '../tool-kind';
import { leavesOf, mentions, spoken } from '../values';
import { shortened } from '../words';
import { WEIGHTS } from '../weights';
import { valuesOf } from '../tool-facts';
import { recordOf } from './said-otherwise';

const MAX_LINES = 300;
const MAX_FIELDS = 40;
/** Sentences that are named of one call. */
const MAX_BROKEN = 2;
const MAX_LINE = 600;
const NUMBERS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

/** Sentences of the instructions. */
const linesOf = (policy: string): string[] =>
  policy.split(/\n|(?<=[.!?])\s+(?=[A-Z])/).map((line) => line.replace(/^[\s\-*•\d.)]+/, '').slice(0, MAX_LINE)).filter((line) => line.length > 8).slice(0, MAX_LINES); // prettier-ignore

const FORBIDS =
  /\b(?:cannot|can not|can['’]t|must not|may not|should not|shouldn['’]t|not allowed|never|is not possible|not be)\b/i;
const ONLY_IF = /\b(?:only (?:be \w+ )?(?:if|when|for)|unless)\b/i;
const AT_MOST =
  /\b(?:at most|no more than|up to|a maximum of|maximum)\s+(\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)\s+([a-z]+(?: [a-z]+)?)/gi;

/** Whether words name what a tool does, in any form of the verb. */
const speaksOf = (line: string, tool: string): boolean =>
  (line.toLowerCase().match(/[a-z]+/g) ?? []).some((word) => verbGroup(word) === toolGroup(tool));

/** Names of what a call would change of a record. */
function changedBy(call: ToolCall, record: Readonly<Record<string, unknown>>): string[] {
  if (!isRecord(call.args)) return [];
  const given = call.args;
  const keys = (value: unknown): string => JSON.stringify(leavesOf(value).filter(({ path }) => !/price|amount|cost/.test(path)).map(({ value: leaf }) => leaf).sort());
  const within = (name: string): boolean => {
    const old = record[name];
    if (!Array.isArray(old) || !Array.isArray(given[name])) return false;
    const had = new Set(leavesOf(old).map(({ value }) => String(value)));
    return old.length === given[name].length && leavesOf(given[name]).every(({ value }) => had.has(String(value)));
  };
  return Object.keys(given).filter((name) => name in record && keys(given[name]) !== keys(record[name]) && !within(name));
} // prettier-ignore

/** Plain words of a record that a sentence can name: `cabin: basic_economy`. */
const wordsOfRecord = (record: Readonly<Record<string, unknown>>): (readonly [string, string])[] =>
  Object.entries(record)
    .slice(0, MAX_FIELDS)
    .flatMap(([key, value]) =>
      typeof value === 'string' && /^[a-z][a-z_ -]{3,30}$/i.test(value) ? [[key, value] as const] : [],
    );

const isNo = (value: unknown): boolean =>
  value === false || value === 0 || value === null || (typeof value === 'string' && /^(?:no|none|false|not .*)$/i.test(value));

/** What a condition asks of the record, and the record has not: a field that is no, or a value in quotes that is another. */
function unmet(condition: string, record: Readonly<Record<string, unknown>>): string | null {
  for (const [key, value] of Object.entries(record).slice(0, MAX_FIELDS)) {
    if (!wordsOfName(key).some((word) => word.length > 3 && mentions(condition, word))) continue;
    if (isNo(value)) return `${key} is ${JSON.stringify(value)}`;
    const quoted = [...condition.matchAll(/['"‘“]([a-z_ ]{3,30})['"’”]/gi)].map(([, one]) => one ?? '');
    if (quoted.length > 0 && typeof value === 'string' && !quoted.some((one) => value.toLowerCase().startsWith(one.toLowerCase()))) return `${key} is “${value}”`;
  }
  return null;
} // prettier-ignore

const WITHIN = /\bwithin (\d{1,3}) (hour|day)s?\b/i;
const NOW = /\b(?:current (?:date|time)|today|now)\b[^\d\n]{0,40}(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)/i;
const utc = (text: string): number => Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`);

/** A sentence allows it for so many hours or days, and the thing is not older than that. */
function isExempt(lines: readonly string[], { tool }: ToolCall, record: Readonly<Record<string, unknown>>, policy: string): boolean {
  const now = utc(NOW.exec(policy)?.[1] ?? '');
  const [, made] = Object.entries(record).find(([key, value]) => /creat|placed|ordered|booked|purchas/i.test(key) && typeof value === 'string') ?? [];
  if (Number.isNaN(now) || typeof made !== 'string') return false;
  const age = now - utc(made.slice(0, 19));
  return lines.some((line) => {
    const [, n, unit] = WITHIN.exec(line) ?? [];
    return n !== undefined && !FORBIDS.test(line) && speaksOf(line, tool) && age <= Number(n) * (unit?.toLowerCase() === 'day' ? DAY_MS : HOUR_MS);
  });
} // prettier-ignore

function forbidden(scene: Scene, call: ToolCall, lines: readonly string[]): Finding[] {
  const found = recordOf(scene, call);
  if (!found) return [];
  const { record, step } = found;
  const changed = changedBy(call, record);
  const words = wordsOfRecord(record);
  const lengthened = new Map<string, string[]>();
  const longerOf = (key: string, value: string): string[] => {
    const known = lengthened.get(key) ?? valuesOf(scene.facts, key).filter((one) => one !== value && mentions(spoken(one), spoken(value)));
    lengthened.set(key, known);
    return known;
  };
  // Of values that lie in each other the longer is named: `basic economy` is no `economy`.
  const names = (text: string, key: string, value: string): boolean => {
    const longer = longerOf(key, value);
    return mentions(longer.reduce((rest, one) => rest.toLowerCase().replaceAll(spoken(one), ' '), text), spoken(value));
  };
  if (isExempt(lines, call, record, policyOf(scene.conversation))) return [];
  if (toolGroup(call.tool) === 'change' && changed.length === 0) return [];
  const changedWords = new Set(changed.slice(0, MAX_FIELDS).flatMap(wordsOfName).flatMap((word) => [word, word.replace(/s$/, '')]));
  const about = (line: string): boolean => changed.length === 0 || (line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => changedWords.has(word));
  const finding = (line: string, because: string): Finding => ({ cause: 'breaks_policy', step: call.step, tool: call.tool, reason: `the instructions say “${shortened(line, 160)}”; ${because} (step ${step})`, weight: WEIGHTS.policy, evidence: [step] });
  const inLine = (line: string): Finding[] => {
    if (!about(line)) return [];
    const only = ONLY_IF.exec(line);
    if (only) {
      const subject = line.slice(0, only.index + only[0].length);
      if (!speaksOf(subject, call.tool)) return [];
      const named = words.filter(([key, value]) => names(subject, key, value));
      const lacks = unmet(line.slice(only.index), record);
      return lacks !== null && (named.length > 0 || /['"‘“]/.test(line)) ? [finding(line, lacks)] : [];
    }
    const not = FORBIDS.exec(line);
    if (!not || not.index > 80 || !speaksOf(line.slice(not.index, not.index + 60), call.tool)) return [];
    const named = words.find(([key, value]) => names(line.slice(0, not.index), key, value));
    return named ? [finding(line, `${named[0]} is “${named[1]}”`)] : [];
  };
  const all: Finding[] = [];
  for (const line of lines) if (all.push(...inLine(line)) >= MAX_BROKEN) break;
  return all;
} // prettier-ignore

/** Lists in the arguments that are longer than a sentence allows: of that name, or of ids that begin with it. */
function tooMany(call: ToolCall, lines: readonly string[]): Finding[] {
  if (!isRecord(call.args)) return [];
  const lists = Object.entries(call.args).flatMap(([name, value]) => (Array.isArray(value) ? [{ name, items: value as unknown[] }] : []));
  if (lists.length === 0) return [];
  return lines.flatMap((line) =>
    [...line.matchAll(AT_MOST)].flatMap(([whole, number = '', noun = '']): Finding[] => {
      const most = NUMBERS[number.toLowerCase()] ?? Number(number);
      const kinds = [noun, noun.split(' ')[0] ?? '', noun.split(' ').at(-1) ?? ''].map((one) => one.toLowerCase().replace(/s$/, '').replace(' ', '_')).filter((one) => one.length > 3);
      const counts = lists.map(({ name, items }) => {
        const named = kinds.some((kind) => name.toLowerCase().replace(/s$/, '') === kind) ? items.length : 0;
        const ofIds = items.filter((item) => leavesOf(item).some(({ value }) => typeof value === 'string' && kinds.some((kind) => value.toLowerCase().startsWith(`${kind}_`)))).length;
        return { name, n: Math.max(named, ofIds) };
      });
      const over = counts.find(({ n }) => n > most);
      return over ? [{ cause: 'breaks_policy', step: call.step, tool: call.tool, reason: `the instructions say “${whole}”; ${call.tool} was given ${over.n} in ${over.name}`, weight: WEIGHTS.policy, evidence: [] }] : [];
    }),
  );
} // prettier-ignore

/** Changes that a sentence of the instructions forbids, as far as it names a limit or a state that an earlier result shows. */
export const policyRule: Rule = (scene) => {
  const lines = linesOf(policyOf(scene.conversation));
  if (lines.length === 0) return [];
  const limits = lines.filter((line) => FORBIDS.test(line) || ONLY_IF.test(line) || WITHIN.test(line));
  const ofTool = new Map<string, string[]>();
  const limitsOf = (tool: string): string[] => {
    const known = ofTool.get(tool) ?? limits.filter((line) => speaksOf(line, tool));
    ofTool.set(tool, known);
    return known;
  };
  return callsIn(scene.conversation)
    .filter(({ tool, failed }) => isWrite(tool) && !failed)
    .slice(0, MAX_CHANGES)
    .flatMap((call) => [...forbidden(scene, call, limitsOf(call.tool)), ...tooMany(call, lines)]);
};
