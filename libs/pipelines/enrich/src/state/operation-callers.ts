import { type EventRecord } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { type BatchState, createBoundedMap } from '@telltale/streaming';

/** A service that did not call an operation for so long no longer does. */
const IDLE_MS = 7 * DAY_MS;
const LIMITS = { perTenant: 4_000, perTask: 40_000, idleMs: IDLE_MS };

interface Caller {
  readonly service: string;
  /** Day of the last call, ms since the epoch: written once a day. */
  readonly day: number;
}
/** Which operations more than one service of a tenant calls by the same name: measured over all services as well. */
export interface OperationCallers extends BatchState {
  /** Takes note that the event's service called its operation; whether another service did, too. */
  isShared(event: Pick<EventRecord, 'tenant' | 'service_name' | 'kind' | 'name'>): boolean;
}

/** State: `callers/<tenant>/<kind> <name>` → two at most: that there is another one is all that is asked. */
export function createOperationCallers(restored: ReadonlyMap<string, Buffer>): OperationCallers {
  const kept = createBoundedMap<readonly Caller[]>(restored, { prefix: 'callers/', name: 'operation_callers', limits: LIMITS });
  let today = 0;

  return {
    ...kept,
    startBatch(now) {
      today = now - (now % DAY_MS);
      kept.startBatch(today);
    },
    isShared({ tenant, service_name: service, kind, name }) {
      const operation = `${kind} ${name}`;
      const known = kept.get(tenant, operation) ?? [];
      if (known.some((one) => one.service === service && one.day === today)) return known.length > 1;
      const others = known.filter((one) => one.service !== service && today - one.day < IDLE_MS);
      // Of two others neither has to go for a third.
      if (others.length < 2) kept.set(tenant, operation, [...others, { service, day: today }]);
      return others.length > 0;
    },
    // What is kept of an idle operation can wait for the next event.
    due: () => false,
  };
}
