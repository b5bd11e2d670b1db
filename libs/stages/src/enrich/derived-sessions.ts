import { hashId, MINUTE_MS } from '@telltale/kernel';

const PREFIX = 'session/';
/** Who says nothing for so long has begun another conversation. */
export const SESSION_GAP_MS = 30 * MINUTE_MS;
/** Sessions remembered on a lane; those not heard of for longest are forgotten first. */
const MAX_SESSIONS = 100_000;

interface Session {
  readonly id: string;
  from: number;
  to: number;
  /** Range time of the last turn in it. */
  touched: number;
}

/** Sessions of users whose producers name none: turns of a user of a service that are no more than the gap apart. */
export interface DerivedSessions {
  /** The session that a turn at `at` belongs to; made when there is none. */
  of(tenant: string, service: string, user: string, at: number, now: number): string;
  flush(now: number, state: Map<string, Buffer | string | null>): void;
}

/** State: `session/<hash of tenant, service and user>` → the sessions of the user that late turns can still reach. */
export function createDerivedSessions(restored: ReadonlyMap<string, Buffer>): DerivedSessions {
  const byUser = new Map<string, Session[]>();
  const changed = new Set<string>();
  const kept = [...restored].filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => ({ key, sessions: JSON.parse(value.toString()) as Session[] })); // prettier-ignore
  const lastOf = (sessions: readonly Session[]): number => Math.max(...sessions.map(({ touched }) => touched));
  kept.sort((a, b) => lastOf(a.sessions) - lastOf(b.sessions) || (a.key < b.key ? -1 : 1));
  for (const { key, sessions } of kept) byUser.set(key, sessions);

  return {
    of(tenant, service, user, at, now) {
      const key = `${PREFIX}${hashId(32, tenant, service, user)}`;
      const sessions = byUser.get(key) ?? [];
      const near = sessions.find(({ from, to }) => at >= from - SESSION_GAP_MS && at <= to + SESSION_GAP_MS);
      const session = near ?? { id: hashId(32, tenant, service, user, at), from: at, to: at, touched: now };
      if (!near) sessions.push(session);
      session.from = Math.min(session.from, at);
      session.to = Math.max(session.to, at);
      session.touched = now;
      // The user moves to the end: the order is that of last use.
      byUser.delete(key);
      byUser.set(key, sessions);
      changed.add(key);
      return session.id;
    },
    flush(now, state) {
      for (const [key, sessions] of byUser) {
        if (byUser.size <= MAX_SESSIONS && lastOf(sessions) + 2 * SESSION_GAP_MS > now) break;
        byUser.delete(key);
        changed.add(key);
      }
      for (const key of [...changed].sort()) {
        const alive = (byUser.get(key) ?? []).filter(({ touched }) => touched + 2 * SESSION_GAP_MS > now);
        if (alive.length > 0) byUser.set(key, alive);
        else byUser.delete(key);
        state.set(key, alive.length > 0 ? JSON.stringify(alive) : null);
      }
      changed.clear();
    },
  };
}
