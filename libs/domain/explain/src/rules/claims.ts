import { callsIn, type ToolCall } from '../conversation';
import { type Finding, type Rule } from '../finding';
import { type Facts } from '../tool-facts';
import { isHandOver, isWrite, toolGroup, verbGroup, wordsOfName } from '../tool-kind';
import { leavesOf } from '../values';
import { shortened } from '../words';
import { WEIGHTS } from '../weights';

const CLAIM =
  /\b(?:has|have|i(?:['’]ve| have)) (?:now |also |just )?(?:been )?(?:now |also |both )?(?:successfully )?([a-z]+ed|sent|paid|made)\b|\bsuccessfully ([a-z]+ed|sent|paid)\b/gi;
const HYPOTHETIC = /\b(?:if|once|after|when|would|will|unless|until|whether|not|originally|already|previously|cannot|unable)\b/i;
/** Verbs that are the agent's own doing; others, as `scheduled`, often tell what is. */
const CLAIMED = new Set(['cancel', 'change', 'create', 'exchange', 'return']);

const singular = (word: string): string => word.replace(/(?:es|s)$/, '');
const isSameNoun = (a: string, b: string): boolean => {
  const [x, y] = [singular(a), singular(b)];
  return Math.min(x.length, y.length) >= 3 && (x.startsWith(y) || y.startsWith(x));
};
const THING_DONE = /\b([a-z]{3,})(?: \w+)? (?:has|have) (?:now |also )?been (?:successfully )?([a-z]+ed)\b/gi;

const MAX_SENTENCES = 60;
const MAX_MADE = 50;

interface Made extends Pick<ToolCall, 'tool' | 'step'> {
  /** Words of the names of its arguments. */
  readonly words: ReadonlySet<string>;
}

/** A tool that does what a sentence says was done to a thing, where neither it nor another with such an argument was called. */
function uncalledFor(sentence: string, made: readonly Made[], facts: Facts): { readonly said: string; readonly tool: string } | null {
  for (const [said, noun = '', verb = ''] of sentence.matchAll(THING_DONE)) {
    const group = verbGroup(verb.toLowerCase());
    const tool = [...facts.keys()].find((name) => group !== undefined && toolGroup(name) === group && isSameNoun(wordsOfName(name).at(-1) ?? '', noun.toLowerCase()));
    if (tool === undefined || made.some((call) => call.tool === tool)) continue;
    const isElsewhere = made.some(({ words }) => [...words].some((word) => isSameNoun(word, noun.toLowerCase())));
    if (!isElsewhere) return { said, tool };
  }
  return null;
} // prettier-ignore

/** Says that something is done for which no call was made that worked. */
export const claims: Rule = ({ conversation, facts }) => {
  const changes = callsIn(conversation)
    .filter(({ tool, failed }) => !failed && (isWrite(tool) || isHandOver(tool)))
    .map(({ tool, step, args }): Made => ({ tool, step, words: new Set(leavesOf(args).flatMap(({ path }) => wordsOfName(path))) }));
  return conversation.steps.flatMap((step): Finding[] => {
    if (step.role !== 'assistant' || step.calls.length > 0 || step.text === '') return [];
    const made = changes.filter((call) => call.step < step.index).slice(-MAX_MADE);
    for (const sentence of step.text.split(/(?<=[.!?])\s+|\n/, MAX_SENTENCES)) {
      if (HYPOTHETIC.test(sentence)) continue;
      const uncalled = made.length > 0 ? uncalledFor(sentence, made, facts) : null;
      if (uncalled)
        return [{ cause: 'claim_without_call', step: step.index, tool: uncalled.tool, reason: `it says “${shortened(uncalled.said, 60)}”, and ${uncalled.tool} was never called with success`, weight: WEIGHTS.claim, evidence: made.map((call) => call.step).slice(-1) }];
      for (const [said, a, b] of sentence.matchAll(CLAIM)) {
        const group = verbGroup((a ?? b ?? '').toLowerCase());
        if (group === undefined || !CLAIMED.has(group) || made.length > 0) continue;
        return [{ cause: 'claim_without_call', step: step.index, tool: '', reason: `it says “${shortened(said, 60)}”, and no call that changes anything had worked`, weight: WEIGHTS.claim, evidence: [] }];
      }
    }
    return [];
  });
}; // prettier-ignore
