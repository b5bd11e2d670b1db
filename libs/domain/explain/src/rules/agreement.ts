import { before, callsIn, policyOf, type ToolCall } from '../conversation';
import { canonicalText } from '../canonical';
import { type Finding, type Rule, type Scene } from '../finding';
import { isWrite } from '../tool-kind';
import { agrees, confirmationLine, shortened } from '../words';
import { WEIGHTS } from '../weights';

/** Why the person's agreement is needed before a change: a line of the instructions, or that nearly all calls that worked had it. */
function whyNeeded({ conversation, facts }: Scene, { tool }: ToolCall): string | null {
  const line = confirmationLine(policyOf(conversation));
  if (line !== '') return `the instructions say “${shortened(line, 140)}”`;
  const known = facts.get(tool);
  if (known && known.unfailed >= 20 && known.agreed / known.unfailed >= 0.95)
    return `the person had agreed right before ${known.agreed} of ${known.unfailed} calls that worked`;
  return null;
}

/** Changes that were made without the agreement that is asked for. */
export const unconfirmed: Rule = (scene) =>
  callsIn(scene.conversation).flatMap((call): Finding[] => {
    if (!isWrite(call.tool) || call.failed) return [];
    const said = before(scene.conversation.steps, call.step, 'user');
    if (!said || agrees(said.text)) return [];
    const why = whyNeeded(scene, call);
    if (why === null) return [];
    return [{ cause: 'not_confirmed', step: call.step, tool: call.tool, reason: `${call.tool} was called after “${shortened(said.text, 80)}” (step ${said.index}), which agrees to nothing; ${why}`, weight: WEIGHTS.not_confirmed, evidence: [said.index] }]; // prettier-ignore
  });

/** The same change, made twice with success. */
export const repeatedChange: Rule = ({ conversation }) => {
  const made = new Map<string, number>();
  return callsIn(conversation).flatMap((call): Finding[] => {
    if (!isWrite(call.tool) || call.failed) return [];
    const what = `${call.tool} ${canonicalText(call.args)}`;
    const first = made.get(what);
    if (first === undefined) {
      made.set(what, call.step);
      return [];
    }
    return [{ cause: 'repeated_change', step: call.step, tool: call.tool, reason: `${call.tool} was called with the same arguments as in step ${first}, which had worked`, weight: WEIGHTS.repeated, evidence: [first] }]; // prettier-ignore
  });
};

const OFFERS = /\b(?:confirm|proceed|would you like (?:me )?to|shall i|should i|do you want me to|go ahead)\b/i;

/** The person agreed to what was offered, and no call came before they spoke again or the end. */
export const neverMade: Rule = ({ conversation }) => {
  const { steps } = conversation;
  const lastChange = callsIn(conversation).findLast(({ tool, failed }) => isWrite(tool) && !failed)?.step ?? -1;
  const people = steps.filter(({ role, text }) => role === 'user' && text !== '');
  return people.flatMap((said, i): Finding[] => {
    const offer = before(steps, said.index, 'assistant');
    if (!offer || !agrees(said.text) || !OFFERS.test(offer.text)) return [];
    const until = people[i + 1]?.index ?? Infinity;
    const answers = steps.filter(({ index, role }) => role === 'assistant' && index > said.index && index < until);
    const last = answers.at(-1);
    if (!last || answers.some(({ calls }) => calls.length > 0) || OFFERS.test(last.text) || /\?\s*$/.test(last.text)) return [];
    return [{ cause: 'call_never_made', step: last.index, tool: '', reason: `the person agreed in step ${said.index} (“${shortened(said.text, 60)}”), and the answer made no call`, weight: lastChange > said.index ? WEIGHTS.made_late : WEIGHTS.never_made, evidence: [offer.index, said.index] }]; // prettier-ignore
  });
};
