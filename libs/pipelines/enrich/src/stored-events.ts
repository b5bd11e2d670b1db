import { isoTime, MINUTE_MS } from '@telltale/kernel';
import { type EventDraft } from '@telltale/domain-normalize';

/** A row of `events`: its id, and when what it was made of arrived (ms since the epoch). */
export interface StoredEvent {
  readonly id: string;
  readonly receivedAt: number;
}

/** What to look for: events of a tenant by id and the minute of their time, or all of a session whose times are made at arrival. */
export interface StoredQuestion {
  readonly tenant: string;
  readonly events: readonly { readonly id: string; readonly minute: number }[];
  readonly sessions: readonly string[];
}

/** Answers from the tables; TransientError while they cannot be asked. */
export type StoredEvents = (question: StoredQuestion) => Promise<readonly StoredEvent[]>;

/** One question is one statement: its text stays far under what ClickHouse parses (256 KB), and its tree, 2 elements an event, under 10,000. */
const MAX_QUESTION_CHARS = 64 * 1024;
export const MAX_QUESTION_ITEMS = 1_000;
const COST_OF_ONE = 40;

const hasMadeTimes = ({ event }: EventDraft): boolean => event.ingest_format === 'openai-chat';
/** What comes while it happens is compared with the ids of the last ten minutes alone. */
export const isBackfill = (draft: EventDraft): boolean => draft.event.backfill || hasMadeTimes(draft);

export function questionsOf(drafts: readonly EventDraft[]): StoredQuestion[] {
  const questions: StoredQuestion[] = [];
  const open = new Map<string, { events: { id: string; minute: number }[]; sessions: Set<string>; chars: number }>();
  const close = (tenant: string): void => {
    const of = open.get(tenant);
    if (of) questions.push({ tenant, events: of.events, sessions: [...of.sessions] });
    open.delete(tenant);
  };
  for (const draft of drafts) {
    if (!isBackfill(draft)) continue;
    const { tenant, id, session_id: session } = draft.event;
    const of = open.get(tenant) ?? { events: [], sessions: new Set(), chars: 0 };
    open.set(tenant, of);
    if (!hasMadeTimes(draft)) of.events.push({ id, minute: Math.floor(draft.at / MINUTE_MS) * MINUTE_MS });
    else if (of.sessions.has(session)) continue;
    else of.sessions.add(session);
    of.chars += COST_OF_ONE + (hasMadeTimes(draft) ? session : id).length;
    if (of.chars > MAX_QUESTION_CHARS || of.events.length + of.sessions.size >= MAX_QUESTION_ITEMS) close(tenant);
  }
  for (const tenant of [...open.keys()]) close(tenant);
  return questions;
}

/**
 * True for drafts whose event is in the tables from an earlier arrival. Rows of this very arrival do not count: when a range is repeated
 * its rows may be there already, and it must come to the same result as at its first run.
 */
export async function storedAmong(drafts: readonly EventDraft[], ask: StoredEvents): Promise<(draft: EventDraft) => boolean> {
  const arrivals = new Map<string, Set<string>>();
  for (const question of questionsOf(drafts))
    for (const { id, receivedAt } of await ask(question)) {
      const key = `${question.tenant}/${id}`;
      const of = arrivals.get(key) ?? new Set();
      arrivals.set(key, of.add(isoTime(receivedAt)));
    }
  return ({ event }) => {
    const of = arrivals.get(`${event.tenant}/${event.id}`);
    return of !== undefined && (of.size > 1 || !of.has(event.received_at));
  };
}
