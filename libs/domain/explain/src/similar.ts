import { canonicalText } from './canonical';
import { callsIn, type Conversation } from './conversation';
import { type Similar } from './finding';
import { isWrite } from './tool-kind';
import { contentWords, overlap } from './words';

/** What a conversation is about, for comparing many. */
export interface Outline {
  readonly id: string;
  readonly words: ReadonlySet<string>;
  /** Words that hold digits: ids, numbers, dates. */
  readonly ids: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  readonly wentWell: boolean | null;
  readonly ending: string;
  readonly changes: Similar['changes'];
}

const MAX_CHANGES = 50;

export function outlineOf(conversation: Conversation): Outline {
  const words = new Set(conversation.steps.flatMap(({ role, text }) => (role === 'user' ? [...contentWords(text)] : [])));
  const calls = callsIn(conversation);
  const wentWell = conversation.ending === 'unknown' ? null : conversation.ending === 'succeeded';
  return {
    id: conversation.id,
    words,
    ids: new Set([...words].filter((word) => /\d/.test(word) && word.length >= 4)),
    tools: new Set(calls.map(({ tool }) => tool)),
    wentWell,
    ending: wentWell === null ? 'not judged' : wentWell ? 'went well' : 'failed',
    changes: calls.filter(({ tool, failed }) => isWrite(tool) && !failed).slice(0, MAX_CHANGES).map(({ tool, args }) => ({ tool, args: canonicalText(args), value: args })), // prettier-ignore
  };
}

export const likenessOf = (a: Outline, b: Outline): number =>
  Math.min(1, 0.6 * overlap(a.words, b.words) + 0.25 * overlap(a.ids, b.ids) * (a.ids.size > 0 ? 1 : 0) + 0.15 * overlap(a.tools, b.tools)); // prettier-ignore

/** The most alike of some conversations, at most `most`. */
export const similarTo = (one: Outline, others: Iterable<Outline>, most = 5): Similar[] =>
  [...others]
    .filter(({ id }) => id !== one.id)
    .map((other) => ({ id: other.id, likeness: likenessOf(one, other), sharedIds: overlap(one.ids, other.ids), ending: other.ending, wentWell: other.wentWell, changes: other.changes }))
    .sort((a, b) => b.likeness - a.likeness || (a.id < b.id ? -1 : 1))
    .slice(0, most); // prettier-ignore
