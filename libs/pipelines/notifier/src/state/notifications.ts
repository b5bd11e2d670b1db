import { nextAt, type Notification } from '@telltale/domain-notify';
import { DAY_MS } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection, createTimerQueue } from '@telltale/streaming'; // prettier-ignore

const SECTION = createStateSection('n/', createStateCodec<KeptNotification>(1));
/** As long as alerts are kept: a matter that fires and is never over is forgotten then. */
const IDLE_MS = 30 * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;

interface KeptNotification {
  readonly notification: Notification;
  /** Batch time of the last change. */
  readonly at: number;
}

const keyOf = ({ tenant, receiver, dedupeKey }: Pick<Notification, 'tenant' | 'receiver' | 'dedupeKey'>): string =>
  JSON.stringify([tenant, receiver, dedupeKey]);

export interface UnderWayLimits {
  readonly maxPerReceiver: number;
  readonly maxPerTenant: number;
  readonly maxMatters: number;
}

/** What each receiver heard, and is to hear, by matter. Counts `matters_…` where some had to go. */
export interface Notifications extends BatchState {
  get(tenant: string, receiver: string, dedupeKey: string): Notification | null;
  /** In order of key. */
  ofIncident(tenant: string, incidentId: string): Notification[];
  put(notification: Notification): void;
  remove(notification: Pick<Notification, 'tenant' | 'receiver' | 'dedupeKey'>): void;
  /** The next one that has something to be done by the batch time. */
  nextDue(): Notification | undefined;
  /** Those whose first delivery may be tried now, the longest due first, within what may be under way at once. */
  takeStartable(): Notification[];
}

/** State: `n/<tenant, receiver, dedupe key>`. */
export function createNotifications(
  restored: ReadonlyMap<string, Buffer>,
  { maxPerReceiver, maxPerTenant, maxMatters }: UnderWayLimits,
): Notifications {
  const kept = new Map<string, KeptNotification>(SECTION.restore(restored));
  const changed = new Set<string>();
  const timers = createTimerQueue();
  const bounded = createBoundedKeys(
    { perTenant: maxMatters, perTask: LARGEST_TENANTS * maxMatters, idleMs: IDLE_MS },
    [...kept].map(([key, { notification, at }]) => ({ tenant: notification.tenant, key, at })),
  );
  const byIncident = new Map<string, Set<string>>();
  const underWay = new Map<string, number>();
  /** Tenants of which something may be startable. */
  const toLookAt = new Set<string>();
  const waiting = new Map<string, Set<string>>();
  let now = 0;

  const slotsOf = ({ tenant, receiver }: Notification) => [tenant, JSON.stringify([tenant, receiver])] as const;
  const incidentOf = ({ tenant, alert }: Notification): string => JSON.stringify([tenant, alert.incident_id]);

  function countUnderWay(notification: Notification, by: number): void {
    if (notification.requestedAt === null) return;
    for (const slot of slotsOf(notification)) {
      const count = (underWay.get(slot) ?? 0) + by;
      if (count > 0) underWay.set(slot, count);
      else underWay.delete(slot);
    }
  }

  function addTo(index: Map<string, Set<string>>, place: string, key: string): void {
    index.set(place, (index.get(place) ?? new Set()).add(key));
  }
  function dropFrom(index: Map<string, Set<string>>, place: string, key: string): void {
    const keys = index.get(place);
    if (keys?.delete(key) && keys.size === 0) index.delete(place);
  }

  function enter(key: string, notification: Notification): void {
    countUnderWay(notification, 1);
    addTo(byIncident, incidentOf(notification), key);
    if (notification.queue.length > 0 && notification.requestedAt === null) addTo(waiting, notification.tenant, key);
    toLookAt.add(notification.tenant);
    const at = nextAt(notification);
    if (at < Infinity) timers.add({ at, key });
  }
  function leave(key: string): void {
    const notification = kept.get(key)?.notification;
    if (!notification) return;
    countUnderWay(notification, -1);
    dropFrom(byIncident, incidentOf(notification), key);
    dropFrom(waiting, notification.tenant, key);
    toLookAt.add(notification.tenant);
  }
  for (const [key, { notification }] of kept) enter(key, notification);

  const found = (keys: Iterable<string>): Notification[] => [...keys].sort().flatMap((key) => kept.get(key)?.notification ?? []);
  const hasRoom = (notification: Notification): boolean => {
    const [tenant, receiver] = slotsOf(notification);
    return (underWay.get(tenant) ?? 0) < maxPerTenant && (underWay.get(receiver) ?? 0) < maxPerReceiver;
  };

  function put(notification: Notification): void {
    const key = keyOf(notification);
    leave(key);
    kept.set(key, { notification, at: now });
    bounded.touch(notification.tenant, key, now);
    enter(key, notification);
    changed.add(key);
  }

  /** Timers of what has changed since are of no use any more. */
  function timeOfNext(): number {
    for (let timer = timers.peek(); timer; timer = timers.peek()) {
      const notification = kept.get(timer.key)?.notification;
      if (notification && nextAt(notification) === timer.at) return timer.at;
      timers.takeUntil(timer.at);
    }
    return Infinity;
  }

  return {
    startBatch(time) {
      now = time;
    },
    get: (tenant, receiver, dedupeKey) => kept.get(keyOf({ tenant, receiver, dedupeKey }))?.notification ?? null,
    ofIncident: (tenant, incidentId) => found(byIncident.get(JSON.stringify([tenant, incidentId])) ?? []),
    put,
    remove(notification) {
      const key = keyOf(notification);
      leave(key);
      if (kept.delete(key)) changed.add(key);
      bounded.remove(notification.tenant, key);
    },
    nextDue() {
      const next = timers.takeUntil(timeOfNext() <= now ? now : -Infinity);
      const notification = next && kept.get(next.key)?.notification;
      if (notification) toLookAt.add(notification.tenant);
      return notification;
    },
    takeStartable() {
      const taken: Notification[] = [];
      for (const tenant of [...toLookAt].sort()) {
        const due = found(waiting.get(tenant) ?? [])
          .filter(({ nextTryAt }) => nextTryAt <= now)
          .sort((a, b) => a.nextTryAt - b.nextTryAt);
        for (const notification of due) {
          if (!hasRoom(notification)) continue;
          const [first, ...rest] = notification.queue;
          if (!first) continue;
          const started = { ...notification, queue: [{ ...first, attempt: first.attempt + 1 }, ...rest], requestedAt: now };
          put(started);
          taken.push(started);
        }
      }
      toLookAt.clear();
      return taken;
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        leave(key);
        kept.delete(key);
        changed.add(key);
      }
      for (const key of changed) SECTION.put(effects, key, kept.get(key) ?? null);
      changed.clear();
      countCuts('matters', cut, effects.count);
    },
    due: (time) => timeOfNext() <= time || bounded.due(time),
  };
}
