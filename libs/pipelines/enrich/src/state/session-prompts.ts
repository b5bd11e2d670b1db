import { DAY_MS, hashId } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

/** Prompts of a session that are known: what an earlier one began may come after the next. */
const MAX_PROMPTS = 8;
const LIMITS = { perTenant: 10_000, perTask: 100_000, idleMs: DAY_MS };

interface Prompt {
  /** ms since the epoch */
  readonly at: number;
  readonly traceId: string;
}
interface Session {
  /** In order of time. */
  readonly prompts: readonly Prompt[];
  /** Batch time of the last prompt. */
  readonly touched: number;
}
const SECTION = createStateSection('prompts/', createStateCodec<Session>(1));

/** The last prompts of sessions whose producers name a session but no prompt in what they report. */
export interface SessionPrompts extends BatchState {
  add(tenant: string, session: string, prompt: Prompt): void;
  /** The trace of the prompt that was the last at a time; '' where none is known. */
  traceAt(tenant: string, session: string, at: number): string;
}

/** State: `prompts/<tenant>/<hash of the session>` → its last prompts. */
export function createSessionPrompts(restored: ReadonlyMap<string, Buffer>): SessionPrompts {
  const sessions = new Map(SECTION.restore(restored));
  // Tenants have no slash.
  const tenantOf = (key: string): string => key.slice(0, key.indexOf('/'));
  const bounded = createBoundedKeys(
    LIMITS,
    [...sessions].map(([key, { touched }]) => ({ tenant: tenantOf(key), key, at: touched })).sort((a, b) => a.at - b.at),
  );
  const changed = new Set<string>();
  let now = 0;
  const keyOf = (tenant: string, session: string): string => `${tenant}/${hashId(32, session)}`;

  return {
    startBatch(time) {
      now = time;
    },
    add(tenant, session, prompt) {
      const key = keyOf(tenant, session);
      const known = sessions.get(key)?.prompts ?? [];
      const others = known.filter(({ traceId }) => traceId !== prompt.traceId);
      const prompts = [...others, prompt].sort((a, b) => a.at - b.at || (a.traceId < b.traceId ? -1 : 1)).slice(-MAX_PROMPTS);
      sessions.set(key, { prompts, touched: now });
      bounded.touch(tenant, key, now);
      changed.add(key);
    },
    traceAt: (tenant, session, at) =>
      sessions.get(keyOf(tenant, session))?.prompts.findLast((prompt) => prompt.at <= at)?.traceId ?? '',
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        sessions.delete(key);
        changed.add(key);
      }
      for (const key of changed) SECTION.put(effects, key, sessions.get(key) ?? null);
      changed.clear();
      countCuts('session_prompts', cut, effects.count);
    },
    // What is kept of an idle session can wait for the next batch.
    due: () => false,
  };
}
