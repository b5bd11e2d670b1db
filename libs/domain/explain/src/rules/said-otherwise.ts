import { callsIn, type Conversation, MAX_CHANGES, type Step, type ToolCall } from '../conversation';
import { type Finding, type Rule, type Scene } from '../finding';
import { ownOf } from '../tool-facts';
import { isWrite, toolGroup, wordsOfName } from '../tool-kind';
import { isRecord } from '@telltale/kernel';
import { formOf, type Leaf, leavesOf, mentions, spoken } from '../values';
import { WEIGHTS } from '../weights';

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
/** The last messages of each side that a change is compared with, and arguments that are. */
const MAX_SAID = 30;
const MAX_LEAVES = 40;

const numberOf = (word: string): number => (/^\d{1,6}$/.test(word) ? Number(word) : NUMBERS.indexOf(word));

const saidBefore = ({ steps }: Conversation, step: number, role: Step['role']): Step[] =>
  steps.filter((one) => one.role === role && one.index < step && one.text !== '').slice(-MAX_SAID);

/** Which of some values a text names; of values that lie in each other the longer: `basic economy` is no `economy`. */
function namedIn(text: string, values: readonly string[]): string[] {
  let rest = text.toLowerCase();
  return [...values]
    .sort((a, b) => b.length - a.length)
    .filter((value) => {
      const found = mentions(rest, spoken(value));
      if (found) rest = rest.replaceAll(spoken(value), ' ');
      return found;
    });
}

/** One of few known values, where the person last named another and nobody named this one since. */
function otherValue({ conversation, facts }: Scene, call: ToolCall, { path, value }: Leaf): Finding | null {
  const known = ownOf(facts.get(call.tool)?.args ?? {}, path)?.values;
  if (typeof value !== 'string' || !known || value.length < 4) return null;
  const values = [...new Set([...Object.keys(known), value])].filter((one) => /^[a-z][a-z_ -]{3,}$/i.test(one));
  if (values.length < 2 || values.length > 8 || !values.includes(value)) return null;
  const said = saidBefore(conversation, call.step, 'user');
  const last = said.findLast(({ text }) => namedIn(text, values).length > 0);
  if (!last) return null;
  const named = namedIn(last.text, values);
  if (named.includes(value) || named.length !== 1) return null;
  const offered = saidBefore(conversation, call.step, 'assistant').some((one) => one.index > last.index && namedIn(one.text, values).includes(value)); // prettier-ignore
  if (offered) return null;
  return { cause: 'contradicts_user', step: call.step, tool: call.tool, reason: `${call.tool} was given ${path} “${value}”; the person said “${spoken(named[0] ?? '')}” in step ${last.index}`, weight: WEIGHTS.contradicts_user, evidence: [last.index] }; // prettier-ignore
}

/** `gift_card_<digits>` → `gift_card`: what an id says of its kind. */
const kindOf = (form: string): string => /^([a-z]{3,}(?:_[a-z]+)*)_<digits>$/.exec(form)?.[1] ?? '';

/** An id of one kind, where the person last named another kind of the same and nobody named this one since. */
function otherKind({ conversation, facts }: Scene, call: ToolCall, { path, value }: Leaf): Finding | null {
  const forms = ownOf(facts.get(call.tool)?.args ?? {}, path)?.forms;
  const own = typeof value === 'string' ? kindOf(formOf(value)) : '';
  if (!forms || own === '') return null;
  const kinds = [...new Set([own, ...Object.keys(forms).map(kindOf).filter(Boolean)])];
  if (kinds.length < 2 || kinds.length > 8) return null;
  const said = saidBefore(conversation, call.step, 'user').findLast(({ text }) => namedIn(text, kinds).length > 0);
  const named = said ? namedIn(said.text, kinds) : [];
  if (!said || named.length !== 1 || named[0] === own) return null;
  const isOffered = saidBefore(conversation, call.step, 'assistant').some(({ index, text }) => index > said.index && (namedIn(text, kinds).includes(own) || mentions(text, String(value))));
  if (isOffered) return null;
  return { cause: 'contradicts_user', step: call.step, tool: call.tool, reason: `${call.tool} was given ${path} “${String(value)}”; the person said “${spoken(named[0] ?? '')}” in step ${said.index}`, weight: WEIGHTS.contradicts_user, evidence: [said.index] };
} // prettier-ignore

interface Count {
  readonly path: string;
  readonly noun: string;
  readonly value: number;
}

/** Things that are counted in arguments: `total_bags: 2`, or a list `passengers` of three. */
function countsIn(args: unknown): Count[] {
  if (!isRecord(args)) return [];
  return Object.entries(args).slice(0, MAX_LEAVES).flatMap(([path, value]) => {
    const words = wordsOfName(path);
    const noun = (words.at(-1) ?? '').replace(/(?:gages|gage|s)$/, '');
    if (noun.length < 3) return [];
    if (Array.isArray(value) && value.length > 0) return [{ path, noun, value: value.length }];
    return typeof value === 'number' && Number.isInteger(value) && (words.length === 1 || /^(?:total|num|number|count|quantity)$/.test(words[0] ?? ''))
      ? [{ path, noun, value }]
      : [];
  });
} // prettier-ignore

/** `add one bag`, `two more bags`: not how many there are to be. */
const ADDS = new Set(['add', 'adding', 'another', 'more', 'extra', 'additional', 'remove', 'removing', 'less', 'fewer']);

function saidCounts(text: string, noun: string): number[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word, i) => {
    const n = numberOf(word);
    if (n < 0) return [];
    const near = words.slice(i + 1, i + 4);
    const at = near.findIndex((one) => one.startsWith(noun));
    const isOther =
      at < 0 || near.slice(0, at).some((one) => numberOf(one) >= 0 || /^(?:of|from|to|and|or|the|my|for)$/.test(one));
    const isAdded = [...words.slice(Math.max(0, i - 3), i), ...near].some((one) => ADDS.has(one));
    return isOther || isAdded ? [] : [n];
  });
}

function otherCount({ conversation }: Scene, call: ToolCall, { path, noun, value }: Count): Finding | null {
  const said = saidBefore(conversation, call.step, 'user').flatMap(({ index, text }) =>
    saidCounts(text, noun).map((n) => ({ index, n })),
  );
  const last = said.at(-1);
  if (!last || said.some(({ n }) => n === value)) return null;
  const offered = saidBefore(conversation, call.step, 'assistant').some((one) => one.index > last.index && saidCounts(one.text, noun).includes(value)); // prettier-ignore
  if (offered) return null;
  return { cause: 'contradicts_user', step: call.step, tool: call.tool, reason: `${call.tool} was given ${value} ${path}; the person said ${last.n} in step ${last.index}`, weight: WEIGHTS.contradicts_user, evidence: [last.index] }; // prettier-ignore
}

/** What calls after a step changed of a thing: results do not always show it. */
function changedSince(conversation: Conversation, record: Readonly<Record<string, unknown>>, [name, id]: readonly [string, unknown], from: number, until: number): Record<string, unknown> {
  const args = callsIn(conversation).flatMap((call) => (call.step >= from && call.step < until && !call.failed && isWrite(call.tool) && isRecord(call.args) && call.args[name] === id ? [call.args] : []));
  return Object.fromEntries(args.flatMap((one) => Object.entries(one).filter(([key, value]) => key in record && typeof value !== 'object')));
} // prettier-ignore

/** An earlier result about the thing that a call names: the object that holds the id under the same name. */
export function recordOf({ conversation }: Pick<Scene, 'conversation'>, call: ToolCall): { readonly record: Readonly<Record<string, unknown>>; readonly step: number } | null {
  if (!isRecord(call.args)) return null;
  const ids = Object.entries(call.args).filter(([name, value]) => /id$/i.test(name) && typeof value === 'string' && value !== '');
  for (const one of callsIn(conversation).reverse()) {
    if (one.step >= call.step || one.failed || !isRecord(one.value)) continue;
    const { value } = one;
    const [id] = ids;
    if (id && value[id[0]] === id[1]) return { record: { ...value, ...changedSince(conversation, value, id, one.step, call.step) }, step: one.step };
  }
  return null;
} // prettier-ignore

/** An argument that the record of the same thing states otherwise, where nobody asked for another. */
function otherThanRecord(scene: Scene, call: ToolCall): Finding[] {
  // What is made is no earlier thing, though both may be of one person.
  const found = toolGroup(call.tool) === 'create' ? null : recordOf(scene, call);
  if (!found || !isRecord(call.args)) return [];
  const said = (['user', 'assistant'] as const).flatMap((role) => saidBefore(scene.conversation, call.step, role)).map(({ text }) => text.toLowerCase()).join('\n');
  return Object.entries(call.args).slice(0, MAX_LEAVES).flatMap(([name, value]): Finding[] => {
    const stated = found.record[name];
    if (typeof value !== 'string' || typeof stated !== 'string' || stated === value || value.length < 3) return [];
    if ([value.toLowerCase(), spoken(value)].some((way) => said.includes(way) && mentions(said, way))) return [];
    return [
      { cause: 'contradicts_result', step: call.step, tool: call.tool, reason: `${call.tool} was given ${name} “${value}”; the result of step ${found.step} says “${stated}”, and nobody asked for another`, weight: WEIGHTS.contradicts_result, evidence: [found.step] },
    ];
  });
} // prettier-ignore

const SAME_DATE = /\bsame (?:travel )?(?:date|day)s?\b|\bwithout changing the dates?\b|\bkeep(?:ing)? the dates?\b/i;

/** A date that the thing has not, where the person wanted the same dates and named no other. */
function otherDate(scene: Scene, call: ToolCall): Finding[] {
  const said = saidBefore(scene.conversation, call.step, 'user').find(({ text }) => SAME_DATE.test(text));
  const found = said ? recordOf(scene, call) : null;
  if (!said || !found) return [];
  const known = leavesOf(found.record).filter(({ value }) => typeof value === 'string' && formOf(value) === 'date');
  const other = leavesOf(call.args).find(({ path, value }) => typeof value === 'string' && formOf(value) === 'date' && known.some((one) => one.path === path) && !known.some((one) => one.value === value));
  if (!other || scene.sources.of(other.value, call.step)?.name === 'user') return [];
  return [{ cause: 'contradicts_user', step: call.step, tool: call.tool, reason: `${call.tool} was given ${other.path} “${String(other.value)}”; the person wanted the same dates (step ${said.index}), and the result of step ${found.step} has ${known.map(({ value }) => String(value)).filter((value, at, all) => all.indexOf(value) === at).slice(0, 4).join(', ')}`, weight: WEIGHTS.contradicts_user, evidence: [said.index, found.step] }];
} // prettier-ignore

/** Changes that differ from what the person said, or from what an earlier result says. */
export const saidOtherwise: Rule = (scene) =>
  callsIn(scene.conversation)
    .filter(({ tool }) => isWrite(tool))
    .slice(0, MAX_CHANGES)
    .flatMap((call) => [
      ...leavesOf(call.args)
        .slice(0, MAX_LEAVES)
        .flatMap((leaf) => otherValue(scene, call, leaf) ?? otherKind(scene, call, leaf) ?? []),
      ...countsIn(call.args).flatMap((count) => otherCount(scene, call, count) ?? []),
      ...otherThanRecord(scene, call),
      ...otherDate(scene, call),
    ]);
