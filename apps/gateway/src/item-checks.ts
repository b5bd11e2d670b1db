import { ackRecord, nativeEvent, openAiConversation, type AckRecord } from '@telltale/contracts';
import { conversationSpan, REQUIRED_FIELDS, readTime, timeProblem } from '@telltale/domain-normalize';
import { hashId, isRecord } from '@telltale/kernel';
import { type z } from 'zod';
import { type ItemProblem } from './problems';

type Wrong = Omit<ItemProblem, 'index'>;
type Item = Readonly<Record<string, unknown>>;

/** What makes an item good, and which items belong together. */
export interface ItemChecks<Value> {
  /** The value, or its first error. */
  check(item: unknown): { readonly value: Value } | Wrong;
  keyOf(value: Value, text: string): string;
}

/** The first thing that is wrong, or null. */
function wrongIn({ error }: { readonly error?: z.ZodError }): Wrong | null {
  const issue = error?.issues[0];
  return issue ? { field: issue.path.map(String).join('.'), message: issue.message } : null;
}
const NOT_AN_OBJECT: Wrong = { field: '', message: 'must be a JSON object' };

const textIn = (item: Item, ...fields: readonly string[]): string | undefined =>
  fields.map((field) => item[field]).find((value): value is string => typeof value === 'string' && value !== '');
const MAX_KEY_CHARS = 256;
/** Of what has no id, the text: sent again it has the same key, and repeats are found where the first was. */
const keyFrom = (id: string | undefined, text: string): string =>
  id === undefined ? hashId(32, text) : id.length > MAX_KEY_CHARS ? hashId(32, id) : id;

/** Checks events as they arrive at `now`: all of a trace, else of a session, have one key. */
export const eventChecks = (now: number): ItemChecks<Item> => ({
  check(item) {
    if (!isRecord(item)) return NOT_AN_OBJECT;
    for (const field of REQUIRED_FIELDS)
      if (item[field] === undefined) return { field, message: `is missing: every event needs ${REQUIRED_FIELDS.join(', ')}` };
    const wrong = wrongIn(nativeEvent.safeParse(item));
    if (wrong) return wrong;
    const wrongTime = timeProblem(readTime(item['ts']), now);
    return wrongTime === null ? { value: item } : { field: 'ts', message: wrongTime };
  },
  keyOf: (item, text) => keyFrom(textIn(item, 'trace_id', 'session_id', 'id'), text),
});

const conversation = openAiConversation.refine((value) => value.messages !== undefined || value.traj !== undefined, {
  path: ['messages'],
  message: 'is missing; give the messages of the conversation, oldest first',
});

export const conversationChecks = (now: number): ItemChecks<Item> => ({
  check(item) {
    if (!isRecord(item)) return NOT_AN_OBJECT;
    const wrong = wrongIn(conversation.safeParse(item));
    if (wrong) return wrong;
    const { start, end } = conversationSpan(item, now);
    const wrongTime = timeProblem(start, now) ?? timeProblem(end, now);
    return wrongTime === null ? { value: item } : { field: 'ts', message: wrongTime };
  },
  keyOf: (item, text) => keyFrom(textIn(item, 'id'), text),
});

const ackIn = ackRecord.omit({ tenant: true, received_at: true });
export const ackChecks: ItemChecks<Omit<AckRecord, 'tenant' | 'received_at'>> = {
  check(item) {
    const parsed = ackIn.safeParse(item);
    return parsed.success ? { value: parsed.data } : (wrongIn(parsed) ?? { field: '', message: 'has a wrong value' });
  },
  keyOf: ({ instance }) => instance,
};
