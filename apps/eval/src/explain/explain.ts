import { type Conversation, explainConversation, type Explanation, type Facts, joinFacts, mineFacts, type Outline, outlineOf, type Similar, similarTo } from '@telltale/domain-explain'; // prettier-ignore
import { hashId } from '@telltale/kernel';
import { performance } from 'node:perf_hooks';
import { type Labels, labelsByRule, readLabels } from './labels';
import { type ReadConversation, readConversations } from './read-conversations';
import { BASELINES, scoreRandom, scoreSteps, type StepScore } from './score';

const NONE: Facts = new Map();

/** For each conversation the facts of all others. */
function factsOfOthers(all: readonly Conversation[]): Facts[] {
  const own = all.map(mineFacts);
  const after: Facts[] = Array.from({ length: own.length + 1 }, () => NONE);
  for (let i = own.length - 1; i >= 0; i--) after[i] = joinFacts(own[i] ?? NONE, after[i + 1] ?? NONE);
  let soFar = NONE;
  return own.map((facts, i) => {
    const others = joinFacts(soFar, after[i + 1] ?? NONE);
    soFar = joinFacts(soFar, facts);
    return others;
  });
}

interface Judged {
  readonly one: ReadConversation;
  readonly explanation: Explanation;
  readonly withoutSimilar: Explanation;
  /** As if nobody had judged it. */
  readonly unjudged: Explanation;
  readonly ms: number;
}

function judgeAll(all: readonly ReadConversation[]): Judged[] {
  const conversations = all.map(({ conversation }) => conversation);
  const facts = factsOfOthers(conversations);
  const outlines: Outline[] = conversations.map(outlineOf);
  return all.map((one, i): Judged => {
    const { conversation } = one;
    const known = facts[i] ?? NONE;
    const start = performance.now();
    const similar: Similar[] = similarTo(outlines[i] as Outline, outlines);
    const explanation = explainConversation(conversation, known, similar);
    const ms = performance.now() - start;
    const unjudged = explainConversation({ ...conversation, ending: 'unknown' }, known, similar);
    return { one, explanation, withoutSimilar: explainConversation(conversation, known, []), unjudged, ms };
  });
}

const share = (part: number, of: number): number | null => (of === 0 ? null : Math.round((part / of) * 1_000) / 1_000);

function stepFigures(labels: Labels, judged: readonly Judged[]): Record<string, StepScore> {
  const all = judged.map(({ one }) => one.conversation);
  const byId = (pick: (one: Judged) => Explanation) => {
    const steps = new Map(judged.map((one) => [one.one.conversation.id, pick(one).root?.step]));
    return scoreSteps(labels, all, ({ id }) => steps.get(id));
  };
  return {
    explain: byId(({ explanation }) => explanation),
    explain_without_similar: byId(({ withoutSimilar }) => withoutSimilar),
    ...Object.fromEntries(Object.entries(BASELINES).map(([name, guess]) => [name, scoreSteps(labels, all, guess)])),
    random_answer: scoreRandom(labels, all),
  };
}

/** By cause: how often it was named, and of those with a label how often its step is right. */
function byCause(labels: Labels, judged: readonly Judged[]): Record<string, { named: number; labeled: number; exact: number }> {
  const causes: Record<string, { named: number; labeled: number; exact: number }> = {};
  for (const { one, explanation } of judged) {
    if (!explanation.root) continue;
    const label = labels.get(one.conversation.id);
    const row = (causes[explanation.root.cause] ??= { named: 0, labeled: 0, exact: 0 });
    row.named++;
    if (label) row.labeled++;
    if (label?.step === explanation.root.step) row.exact++;
  }
  return causes;
}

const inHalf = ({ task }: ReadConversation): boolean =>
  (/^\d+$/.test(task) ? Number(task) : parseInt(hashId(8, task), 16)) % 2 === 0;

/** How often a step is said to be wrong where nobody judged the conversation. */
function claimsOf(judged: readonly Judged[]) {
  const claimed = judged.filter(({ unjudged }) => unjudged.root !== null).length;
  return { conversations: judged.length, claimed, share: share(claimed, judged.length) };
}

/** Which step of failed conversations is named, against labels, and what is claimed of those that went well. */
export async function evaluateExplain(path: string, options: Readonly<Record<string, unknown>> = {}): Promise<object> {
  const read = readConversations(path);
  const given = typeof options['labels'] === 'string' ? readLabels(options['labels'], read) : null;
  const labels = given ?? labelsByRule(read);
  // A label says what went wrong, so the conversation is known to have failed.
  const all = read.map((one) => (given?.has(one.conversation.id) ? { ...one, conversation: { ...one.conversation, ending: 'failed' as const } } : one));
  const judged = judgeAll(all);
  const failed = judged.filter(({ one }) => one.conversation.ending === 'failed');
  const succeeded = judged.filter(({ one }) => one.conversation.ending === 'succeeded');
  const times = judged.map(({ ms }) => ms).sort((a, b) => a - b);
  const { explain: { labeled = 0, exact = 0, within_5 = 0 } = {}, ...beside } = stepFigures(labels, failed);
  await Promise.resolve();
  return {
    conversations: all.length,
    failed: failed.length,
    with_step: failed.filter(({ explanation }) => explanation.root !== null).length,
    with_cause: failed.filter(({ explanation }) => explanation.root !== null && explanation.root.cause !== 'by_position').length,
    labels: given ? 'file' : labeled > 0 ? 'by rule' : 'none',
    labeled,
    root_step_exact: exact,
    root_step_within_5: within_5,
    judged_ms_p95: Math.round((times[Math.ceil(times.length * 0.95) - 1] ?? 0) * 100) / 100,
    baselines: beside,
    ...(given ? {} : {
      half_tuned_on: stepFigures(labels, failed.filter(({ one }) => inHalf(one))),
      half_held_back: stepFigures(labels, failed.filter(({ one }) => !inHalf(one))),
    }),
    causes: byCause(labels, failed),
    not_judged: { failed: claimsOf(failed), succeeded: claimsOf(succeeded), succeeded_held_back: claimsOf(succeeded.filter(({ one }) => !inHalf(one))) },
  };
} // prettier-ignore
