import { hashId, MINUTE_MS } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

/** Who says nothing for so long has begun another conversation. */
export const SESSION_GAP_MS = 30 * MINUTE_MS;
/** Users remembered on a task, and sessions of each: times that a producer makes up must not make them grow. */
const MAX_USERS = 100_000;
const MAX_SESSIONS = 100;

interface Session {
  readonly id: string;
  from: number;
  to: number;
  /** Batch time of the last turn in it. */
  touched: number;
}

/** Sessions of users whose producers name none: turns of a user of a service that are no more than the gap apart. */
export interface SessionWindow extends BatchState {
  /** The session that a turn at `at` belongs to; made when there is none. */
  add(tenant: string, service: string, user: string, at: number): string;
}

interface User {
  readonly tenant: string;
  sessions: Session[];
}
/** Names are hashes of tenant, service and user; values the tenant, and the sessions of the user that late turns can still reach. */
const SECTION = createStateSection('session/', createStateCodec<User>(1));

export function createSessionWindow(restored: ReadonlyMap<string, Buffer>, maxUsers: number = MAX_USERS): SessionWindow {
  const users = new Map(SECTION.restore(restored));
  const changed = new Set<string>();
  let now = 0;
  const lastOf = ({ sessions }: User): number => Math.max(...sessions.map(({ touched }) => touched));
  const bounded = createBoundedKeys(
    { perTenant: maxUsers, perTask: maxUsers, idleMs: 2 * SESSION_GAP_MS },
    [...users].map(([key, user]) => ({ tenant: user.tenant, key, at: lastOf(user) })),
  );

  /** Without those that late turns cannot reach any more, nor more of them than are kept. */
  const reachable = (sessions: readonly Session[]): Session[] =>
    sessions
      .filter(({ touched }) => touched + 2 * SESSION_GAP_MS > now)
      .sort((a, b) => a.touched - b.touched || a.from - b.from)
      .slice(-MAX_SESSIONS);

  return {
    startBatch(time) {
      now = time;
    },
    due: () => false,
    add(tenant, service, name, at) {
      const key = hashId(32, tenant, service, name);
      const user = users.get(key) ?? { tenant, sessions: [] };
      const near = user.sessions.find(({ from, to }) => at >= from - SESSION_GAP_MS && at <= to + SESSION_GAP_MS);
      const session = near ?? { id: hashId(32, tenant, service, name, at), from: at, to: at, touched: now };
      if (!near) user.sessions = reachable([...user.sessions, session]);
      session.from = Math.min(session.from, at);
      session.to = Math.max(session.to, at);
      session.touched = now;
      users.set(key, user);
      bounded.touch(tenant, key, now);
      changed.add(key);
      return session.id;
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        users.delete(key);
        changed.add(key);
      }
      for (const key of [...changed].sort()) {
        const user = users.get(key);
        if (user) user.sessions = reachable(user.sessions);
        SECTION.put(effects, key, user ?? null);
      }
      changed.clear();
      countCuts('session_users', cut, effects.count);
    },
  };
}
