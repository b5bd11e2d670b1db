import { DAY_MS, hashId } from '@telltale/kernel';
import { type BatchState, createBoundedMap } from '@telltale/streaming';
import { touchedForm } from './touched-form';

/** Prompts of a session that are known: what an earlier one began may come after the next. */
const MAX_PROMPTS = 8;
const LIMITS = { perTenant: 10_000, perTask: 100_000, idleMs: DAY_MS };

interface Prompt {
  /** ms since the epoch */
  readonly at: number;
  readonly traceId: string;
}

/** The last prompts of sessions whose producers name a session but no prompt in what they report. */
export interface SessionPrompts extends BatchState {
  add(tenant: string, session: string, prompt: Prompt): void;
  /** The trace of the prompt that was the last at a time; '' where none is known. */
  traceAt(tenant: string, session: string, at: number): string;
}

/** State: `prompts/<tenant>/<hash of the session>` → its last prompts, in order of time. */
export function createSessionPrompts(restored: ReadonlyMap<string, Buffer>): SessionPrompts {
  const sessions = createBoundedMap<readonly Prompt[]>(restored, {
    prefix: 'prompts/',
    name: 'session_prompts',
    limits: LIMITS,
    form: touchedForm('prompts'),
  });
  const idOf = (session: string): string => hashId(32, session);

  return {
    ...sessions,
    add(tenant, session, prompt) {
      const id = idOf(session);
      const known = sessions.get(tenant, id) ?? [];
      const others = known.filter(({ traceId }) => traceId !== prompt.traceId);
      const prompts = [...others, prompt].sort((a, b) => a.at - b.at || (a.traceId < b.traceId ? -1 : 1)).slice(-MAX_PROMPTS);
      sessions.set(tenant, id, prompts);
    },
    traceAt: (tenant, session, at) => sessions.get(tenant, idOf(session))?.findLast((prompt) => prompt.at <= at)?.traceId ?? '',
    // What is kept of an idle session can wait for the next batch.
    due: () => false,
  };
}
