import { type EventRecord } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { type BatchState, createBoundedKeys, createStateCodec, createStateSection, flushBounded } from '@telltale/streaming';

/** A service that did not call an operation for so long no longer does. */
const IDLE_MS = 7 * DAY_MS;
const LIMITS = { perTenant: 4_000, perTask: 40_000, idleMs: IDLE_MS };

interface Caller {
  readonly service: string;
  /** Day of the last call, ms since the epoch: written once a day. */
  readonly day: number;
}
interface Callers {
  /** Two at most: that there is another one is all that is asked. */
  readonly callers: readonly Caller[];
  readonly touched: number;
}
const SECTION = createStateSection('callers/', createStateCodec<Callers>(1));

/** Which operations more than one service of a tenant calls by the same name: measured over all services as well. */
export interface OperationCallers extends BatchState {
  /** Takes note that the event's service called its operation; whether another service did, too. */
  isShared(event: Pick<EventRecord, 'tenant' | 'service_name' | 'kind' | 'name'>): boolean;
}

/** State: `callers/<tenant>/<kind> <name>` → who called it last. */
export function createOperationCallers(restored: ReadonlyMap<string, Buffer>): OperationCallers {
  const kept = new Map(SECTION.restore(restored));
  // Tenants have no slash.
  const tenantOf = (key: string): string => key.slice(0, key.indexOf('/'));
  const bounded = createBoundedKeys(
    LIMITS,
    [...kept].map(([key, { touched }]) => ({ tenant: tenantOf(key), key, at: touched })),
  );
  const changed = new Set<string>();
  let today = 0;

  function keep(tenant: string, key: string, callers: readonly Caller[]): void {
    kept.set(key, { callers, touched: today });
    bounded.touch(tenant, key, today);
    changed.add(key);
  }

  return {
    startBatch(now) {
      today = now - (now % DAY_MS);
    },
    isShared({ tenant, service_name: service, kind, name }) {
      const key = `${tenant}/${kind} ${name}`;
      const known = kept.get(key)?.callers ?? [];
      if (known.some((one) => one.service === service && one.day === today)) return known.length > 1;
      const others = known.filter((one) => one.service !== service && today - one.day < IDLE_MS);
      // Of two others neither has to go for a third.
      if (others.length < 2) keep(tenant, key, [...others, { service, day: today }]);
      return others.length > 0;
    },
    flush: (effects) => flushBounded('operation_callers', { section: SECTION, kept, changed, bounded }, today, effects),
    // What is kept of an idle operation can wait for the next event.
    due: () => false,
  };
}
