import { callsIn, type Conversation, type Ending, type Step } from './conversation';
import { type Cause, CAUSES, type Finding, type Rule, type Scene, type Similar } from './finding';
import { fixOf } from './fixes';
import { neverMade, repeatedChange, unconfirmed } from './rules/agreement';
import { claims } from './rules/claims';
import { callRules, failedPrograms, failedSteps } from './rules/failed-calls';
import { departsFromOthers } from './rules/others';
import { policyRule } from './rules/policy';
import { reactions, turnedAway, unfinished } from './rules/reactions';
import { saidOtherwise } from './rules/said-otherwise';
import { createSources } from './sources';
import { type Facts } from './tool-facts';
import { isHandOver, isWrite } from './tool-kind';
import { treeOf, type TreeNode } from './tree';
import { SURE_ENOUGH, WEIGHTS } from './weights';
import { shortened } from './words';

const RULES: readonly Rule[] = [
  callRules, failedSteps, failedPrograms, saidOtherwise, policyRule, unconfirmed, repeatedChange, neverMade, claims, reactions, turnedAway, unfinished, departsFromOthers,
]; // prettier-ignore
const MAX_FINDINGS = 12;
/** Of steps about as suspicious as the most suspicious one the first counts: what follows from it is often suspicious too. */
const NEARLY = 0.8;

export interface Explanation {
  readonly ending: Ending;
  /** The first request, shortened. */
  readonly wanted: string;
  /** The step where things went wrong; null where no step is said to be. */
  readonly root:
    (Finding & { readonly says: string; readonly fix: string; readonly confidence: 'high' | 'medium' | 'low' }) | null;
  /** All that was found, what says most first. */
  readonly findings: readonly Finding[];
  readonly similar: readonly Omit<Similar, 'changes' | 'sharedIds'>[];
  readonly steps: readonly TreeNode[];
}

/** Where failures most often begin: the first change that was made, else where it was given away, else the last answer. */
function byPosition({ conversation }: Scene, from: number): Finding[] {
  const calls = callsIn(conversation).filter(({ step }) => step >= from);
  const write = calls.find(({ tool, failed }) => isWrite(tool) && !failed) ?? calls.find(({ tool }) => isHandOver(tool)) ?? calls.findLast(({ tool }) => isWrite(tool)); // prettier-ignore
  const isMade = write !== undefined && isWrite(write.tool) && !write.failed;
  const step = write?.step ?? conversation.steps.findLast(({ role }) => role === 'assistant')?.index;
  if (step === undefined) return [];
  const what = write ? `the first call that changes something (${write.tool})` : 'the last answer';
  return [{ cause: 'by_position', step, tool: write?.tool ?? '', reason: `nothing before or in it is known to be wrong; it is ${what}`, weight: isMade ? WEIGHTS.position_write : WEIGHTS.position, evidence: [] }]; // prettier-ignore
}

/** What speaks for each step together, as if independent. */
function ranked(findings: readonly Finding[]): Finding[] {
  const doubt = new Map<number, number>();
  const seen = new Set<string>();
  for (const { step, cause, weight } of findings) {
    if (seen.has(`${step} ${cause}`)) continue;
    seen.add(`${step} ${cause}`);
    doubt.set(step, (doubt.get(step) ?? 1) * (1 - weight));
  }
  const of = ({ step }: Finding): number => 1 - (doubt.get(step) ?? 1);
  const top = Math.max(0, ...findings.map(of));
  const first = Math.min(...findings.filter((one) => of(one) >= NEARLY * top).map(({ step }) => step));
  const isLater = ({ step }: Finding): number => (step === first ? 0 : 1);
  return [...findings].sort((a, b) => isLater(a) - isLater(b) || of(b) - of(a) || a.step - b.step || b.weight - a.weight);
}

const causeOf = (steps: readonly Step[], cause: Cause): boolean => steps.length > 0 && cause in CAUSES;

/**
 * Which step of a conversation failed, or first departed from what is right, and why. Where nobody judged the conversation a step is only named on
 * strong evidence; one that is known to have failed always has one, with what it rests on. Only what reaches into the steps from `from` on counts: those
 * of one turn.
 */
export function explainConversation(
  conversation: Conversation,
  facts: Facts,
  similar: readonly Similar[],
  from = 0,
): Explanation {
  const scene: Scene = { conversation, facts, similar, sources: createSources(conversation) };
  const isFailed = conversation.ending === 'failed';
  const all = [...RULES.flatMap((rule) => rule(scene)), ...(isFailed ? byPosition(scene, from) : [])];
  const found = ranked(all.filter(({ step, evidence }) => Math.max(step, ...evidence) >= from));
  const candidates = isFailed ? found : found.filter(({ weight }) => weight >= SURE_ENOUGH);
  const top = conversation.ending === 'succeeded' ? undefined : candidates[0];
  const confidence = top === undefined || top.weight < 0.4 ? 'low' : top.weight >= 0.7 ? 'high' : 'medium';
  const root = top && causeOf(conversation.steps, top.cause) ? { ...top, says: CAUSES[top.cause], fix: fixOf(top), confidence } as const : null; // prettier-ignore
  return {
    ending: conversation.ending,
    wanted: shortened(
      conversation.steps.find(({ index, role, text }) => index >= from && role === 'user' && text !== '')?.text ?? '',
      300,
    ),
    root,
    findings: found.slice(0, MAX_FINDINGS).map(({ cause, step, tool, reason, weight, evidence }) => ({ cause, step, tool, reason, weight, evidence })), // prettier-ignore
    similar: similar.map(({ id, likeness, ending, wentWell }) => ({ id, likeness, ending, wentWell })),
    steps: treeOf(conversation, root?.step ?? null),
  };
}
