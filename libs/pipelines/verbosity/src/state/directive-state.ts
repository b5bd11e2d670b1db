import { isEmpty, nextExpiry, NO_DIRECTIVES, type VerbosityState } from '@telltale/domain-verbosity';
import { type BatchState, createStateCodec, createStateSection, createTimerQueue } from '@telltale/streaming';

/**
 * Names are tenants. Directives of the first version had other fields; they have expired, or expire with nobody to obey them. The second had no
 * findings, which are absent then.
 */
const SECTION = createStateSection(
  'tenant/',
  createStateCodec<VerbosityState>(3, undefined, {
    1: () => NO_DIRECTIVES,
    2: (bytes) => JSON.parse(bytes.toString('utf8')) as VerbosityState,
  }),
);

/** The directives of each tenant of a task, and when the next of them expires. */
export interface DirectiveState extends BatchState {
  of(tenant: string): VerbosityState;
  add(tenant: string, state: VerbosityState): void;
  /** The next tenant of whom something has expired by the batch time. */
  nextExpired(): string | undefined;
}

export function createDirectiveState(restored: ReadonlyMap<string, Buffer>): DirectiveState {
  const tenants = new Map(SECTION.restore(restored));
  const changed = new Set<string>();
  const expiries = createTimerQueue();
  let now = 0;
  const watch = (tenant: string, state: VerbosityState): void => {
    const at = nextExpiry(state);
    if (at < Infinity) expiries.add({ at, key: tenant });
  };
  for (const [tenant, state] of tenants) watch(tenant, state);

  return {
    startBatch(time) {
      now = time;
    },
    of: (tenant) => tenants.get(tenant) ?? NO_DIRECTIVES,
    add(tenant, state) {
      tenants.set(tenant, state);
      changed.add(tenant);
    },
    nextExpired: () => expiries.takeUntil(now)?.key,
    flush(effects) {
      for (const tenant of changed) {
        const state = tenants.get(tenant) ?? NO_DIRECTIVES;
        if (isEmpty(state)) tenants.delete(tenant);
        else watch(tenant, state);
        SECTION.put(effects, tenant, isEmpty(state) ? null : state);
      }
      changed.clear();
    },
    due: (time) => (expiries.peek()?.at ?? Infinity) <= time,
  };
}
