import { before, callsIn, type Conversation } from '../conversation';
import { type Finding, type Rule } from '../finding';
import { isHandOver, isWrite, verbGroup } from '../tool-kind';
import { contentWords, correctionIn, overlap, shortened } from '../words';
import { WEIGHTS } from '../weights';

/** How many earlier requests one is compared with. */
const MAX_BACK = 50;

/** What the person said next: that it was wrong, or the same again. */
export const reactions: Rule = ({ conversation: { steps } }) => {
  const people = steps.filter(({ role, text }) => role === 'user' && text !== '').map((step) => ({ ...step, words: contentWords(step.text) }));
  return people.flatMap((said, i): Finding[] => {
    const answer = before(steps, said.index, 'assistant');
    if (!answer || i === 0) return [];
    const correction = correctionIn(said.text);
    if (correction !== '')
      return [{ cause: 'corrected_by_user', step: answer.index, tool: '', reason: `the person answered “${shortened(correction, 60)}” in step ${said.index}`, weight: WEIGHTS.corrected, evidence: [said.index] }];
    const same = said.words.size < 5 ? undefined : people.slice(Math.max(0, i - MAX_BACK), i).find(({ words }) => overlap(words, said.words) >= 0.6);
    return same
      ? [{ cause: 'asked_again', step: answer.index, tool: '', reason: `the person said in step ${said.index} what they had said in step ${same.index}`, weight: WEIGHTS.asked_again, evidence: [same.index, said.index] }]
      : [];
  });
}; // prettier-ignore

const REFUSES =
  /\b(?:i(?:['’]m| am) (?:unable|not able) to|i (?:cannot|can['’]t)|unfortunately|(?:cannot|can['’]t|is not|not) (?:be )?(?:possible|modified|changed|cancell?ed|processed|done|refunded|allowed)|(?:kann|darf) ich (?:das )?(?:leider )?nicht|leider|je ne (?:peux|puis) pas|no puedo|lamentablemente|non posso|purtroppo|não posso|infelizmente|helaas)\b/i;

const ASKED = new Set(['cancel', 'change', 'create', 'exchange', 'return', 'refund', 'send', 'pay']);

/** The person asked for a change in so many words, and no call that changes anything worked. */
function nothingChanged({ steps }: Conversation, isChanged: boolean, end: number | undefined): Finding[] {
  if (isChanged || end === undefined) return [];
  for (const { role, text, index } of steps) {
    if (role !== 'user') continue;
    const word = (text.toLowerCase().match(/[a-z]+/g) ?? []).find((one) => ASKED.has(verbGroup(one) ?? ''));
    if (word !== undefined) return [{ cause: 'call_never_made', step: end, tool: '', reason: `the person asked for a change in step ${index} (“${word}”), and no call that changes anything worked`, weight: WEIGHTS.nothing_changed, evidence: [index] }];
  }
  return [];
} // prettier-ignore

/** Where the request was turned down or given to somebody else, or nothing was done about it. */
export const turnedAway: Rule = ({ conversation }) => {
  const calls = callsIn(conversation).filter(({ failed }) => !failed);
  const over = calls.find(({ tool }) => isHandOver(tool));
  const refusal = conversation.steps.find(({ role, text }) => role === 'assistant' && REFUSES.test(text));
  const end = refusal?.index ?? over?.step ?? conversation.steps.findLast(({ role }) => role === 'assistant')?.index;
  return [
    ...(refusal ? [{ cause: 'refused' as const, step: refusal.index, tool: '', reason: `the request was turned down: “${shortened(REFUSES.exec(refusal.text)?.[0] ?? '', 60)}”`, weight: WEIGHTS.refused, evidence: [] }] : []),
    ...(over ? [{ cause: 'handed_over' as const, step: over.step, tool: over.tool, reason: `${over.tool} gave it to somebody else`, weight: WEIGHTS.handed_over, evidence: refusal ? [refusal.index] : [] }] : []),
    ...nothingChanged(conversation, calls.some(({ tool }) => isWrite(tool)), end),
  ];
}; // prettier-ignore

/** Nothing was answered to what the person said last. */
export const unfinished: Rule = ({ conversation: { steps } }) => {
  const said = steps.findLast(({ role, text }) => role === 'user' && text !== '');
  const after = said ? steps.filter(({ index, role }) => role === 'assistant' && index > said.index) : [];
  const [first] = after;
  if (after.some(({ calls }) => calls.some(({ tool }) => isHandOver(tool)))) return [];
  if (!said || !first || (after.at(-1)?.calls.length ?? 0) === 0) return [];
  return [{ cause: 'unfinished', step: first.index, tool: '', reason: `it ends without an answer to what the person said in step ${said.index} (“${shortened(said.text, 80)}”)`, weight: WEIGHTS.unfinished, evidence: [said.index] }];
}; // prettier-ignore
