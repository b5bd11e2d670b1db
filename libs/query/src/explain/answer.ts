import { CAUSES, conversationOfEvents, type Explanation, explainConversation, isWrite, outlineOf, type Similar, similarTo } from '@telltale/domain-explain'; // prettier-ignore
import { z } from 'zod';
import { named, type RowsOf } from '../define/definition';
import { count } from '../define/row-fields';
import { othersLike } from './others';
import { endingWith, type ExplainedEvent } from './stored-events';

const CAUSE_NAMES = Object.keys(CAUSES) as [keyof typeof CAUSES, ...(keyof typeof CAUSES)[]];
const cause = z.enum(CAUSE_NAMES);
const step = count.describe('0-based place in the conversation as it is shown in steps');
const finding = named(
  'ExplainFinding',
  z.object({
    cause,
    step,
    tool: z.string().describe('The tool it is about; empty where it is about what was said'),
    reason: z.string().describe('One sentence'),
    weight: z.number().min(0).max(1).describe('How much it says by itself that the step is where things went wrong'),
    evidence: z.array(step).describe('Other steps that it rests on'),
  }),
);
const node = named(
  'ExplainStep',
  z.object({
    step,
    kind: z.enum(['user', 'assistant', 'tool']),
    text: z.string().describe('What was said, or the call with its result; shortened'),
    failed: z.boolean(),
    marked: z.boolean().describe('It is the step that is named as root'),
    event_id: z.string(),
    get steps(): z.ZodArray<z.ZodObject> {
      return z.array(node);
    },
  }),
);

export const explanationFields = {
  ending: z.enum(['failed', 'succeeded', 'unknown']).describe('As scores and feedback judge it; failed too where it ended in an error'),
  wanted: z.string().describe('What the person asked for first, shortened'),
  root: z
    .object({
      ...finding.shape,
      says: z.string().describe('What the cause means'),
      fix: z.string().describe('What to change'),
      confidence: z.enum(['high', 'medium', 'low']).describe('By how often the rule was right on real conversations; no probability'),
    })
    .nullable()
    .describe('The step that failed or first departed from what is right; null where none is known to'),
  findings: z.array(finding).describe('All that was found, what says most first, at most 12'),
  similar: z
    .array(z.object({ id: z.string().describe('session_id, or trace_id without one'), likeness: z.number().min(0).max(1), ending: z.string() }))
    .describe('Conversations like it and how they ended'),
  compared_with: count.describe('Conversations of the 30 days before and 7 after that were looked at'),
  steps: z.array(node).describe('What the person said, and under it what was done; at most 300'),
  truncated: z.boolean().describe('It has more events than were looked at'),
}; // prettier-ignore

export interface Stored {
  readonly id: string;
  readonly events: readonly ExplainedEvent[];
  readonly truncated: boolean;
  /** The one turn to explain; all where it is absent. */
  readonly turn?: string;
  readonly turns: readonly { readonly intent: string; readonly simhash: string; readonly outcome: string }[];
}

const MAX_SIMILAR = 5;

/** Explains stored events: their conversation beside recent ones that called the same tools or are about the same. */
export async function explainStored({ id, events, truncated, turn, turns }: Stored, rowsOf: RowsOf) {
  const ofTurn = turn === undefined ? events : events.filter(({ trace_id: trace }) => trace === turn);
  const ending = endingWith(ofTurn, turns.at(-1)?.outcome ?? '');
  const { conversation, starts } = conversationOfEvents(id, events, ending);
  const at = Date.parse(events.at(-1)?.ts.replace(' ', 'T').replace(/Z?$/, 'Z') ?? '');
  const outline = outlineOf(conversation);
  const others = await othersLike(
    {
      tools: [...outline.tools].filter(Boolean).sort((a, b) => Number(isWrite(b)) - Number(isWrite(a))),
      intents: turns.map(({ intent }) => intent),
      fingerprints: ofTurn.map(({ error_fingerprint: fingerprint }) => fingerprint),
      simhash: turns[0]?.simhash ?? '',
      self: [id, ...events.map(({ trace_id: trace }) => trace)],
      at,
    },
    rowsOf,
  );
  const similar: Similar[] = similarTo(outline, others.outlines, MAX_SIMILAR).map((one) => ({
    ...one,
    ending: one.wentWell === null ? others.outcomes.get(one.id) || one.ending : one.ending,
  }));
  const from = turn === undefined ? 0 : (starts.get(turn) ?? 0);
  return { ...shown(explainConversation(conversation, others.facts, similar, from)), compared_with: others.outlines.length, truncated };
} // prettier-ignore

const shown = (explanation: Explanation) => ({
  ...explanation,
  similar: explanation.similar.map(({ id, likeness, ending }) => ({ id, likeness: Math.round(likeness * 100) / 100, ending })),
});
