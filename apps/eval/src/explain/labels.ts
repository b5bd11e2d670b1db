import { UsageError } from '@telltale/cli';
import { callsIn, isWrite } from '@telltale/domain-explain';
import { isRecord } from '@telltale/kernel';
import { existsSync } from 'node:fs';
import { type ReadConversation, readValues } from './read-conversations';

export interface Label {
  /** 0-based index of the message in its conversation. */
  readonly step: number;
  readonly category: string;
}
/** By id of the conversation. */
export type Labels = ReadonlyMap<string, Label>;

const FORM =
  'give [{"conversation", "step", "category"}] as JSON or as lines of JSON; step is the 0-based index of the message in the conversation';

/** Names that mean one conversation only, and that conversation. */
function namesOf(all: readonly ReadConversation[]): Map<string, ReadConversation> {
  const names = new Map<string, ReadConversation | null>();
  for (const one of all)
    for (const name of new Set(one.aliases)) names.set(name, names.has(name) && names.get(name) !== one ? null : one);
  for (const one of all) names.set(one.conversation.id, one);
  return new Map([...names].flatMap(([name, one]) => (one === null ? [] : [[name, one] as const])));
}

/** Labels of people, checked against the conversations they are of. */
export function readLabels(file: string, all: readonly ReadConversation[]): Labels {
  if (!existsSync(file)) throw new UsageError(`--labels ${file}: there is no such file`, 'give a path that can be read');
  const names = namesOf(all);
  const labels = new Map<string, Label>();
  for (const [place, value] of readValues('--labels', file).entries()) {
    const fail = (problem: string): never => {
      throw new UsageError(`--labels ${file}: label ${place}: ${problem}`, FORM);
    };
    if (!isRecord(value)) return fail('is no JSON object');
    const { conversation, step, category } = value;
    if (typeof conversation !== 'string' && typeof conversation !== 'number') return fail('conversation must be the id of a conversation');
    const of = names.get(String(conversation));
    if (!of) return fail(`there is no one conversation ${String(conversation)} in --data`);
    const { id, steps } = of.conversation;
    if (typeof step !== 'number' || !Number.isInteger(step) || step < 0) return fail('step must be a whole number from 0');
    if (step >= steps.length) return fail(`step ${step} is beyond the ${steps.length} messages of ${id}`);
    if (category !== undefined && typeof category !== 'string') return fail('category must be text');
    if (labels.has(id)) return fail(`${id} is labeled twice`);
    labels.set(id, { step, category: category ?? '' });
  }
  if (labels.size === 0) throw new UsageError(`--labels ${file}: there is no label in it`, FORM);
  return labels;
} // prettier-ignore

const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted) : isRecord(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]) : value; // prettier-ignore
const textOf = (tool: string, args: unknown): string => `${tool} ${JSON.stringify(sorted(args))}`;

/**
 * Labels by rule, of failed conversations whose right calls are stated: the first call that changed something (it worked) and is not among them, with
 * its arguments. A conversation in which there is none (a call is missing, or only what was said is wrong) has no label.
 */
export function labelsByRule(all: readonly ReadConversation[]): Labels {
  return new Map(
    all.flatMap(({ conversation, expected }) => {
      if (conversation.ending !== 'failed' || expected === null) return [];
      const right = new Set(expected.map(({ tool, args }) => textOf(tool, args)));
      const first = callsIn(conversation).find(({ tool, args, failed }) => isWrite(tool) && !failed && !right.has(textOf(tool, args)));
      return first ? [[conversation.id, { step: first.step, category: 'wrong_change' }] as const] : [];
    }),
  );
} // prettier-ignore
