import { closesAt, closesAtEvent, type OpenIncident } from '@telltale/domain-incident';
import { DAY_MS } from '@telltale/kernel';
import {
  type BatchState,
  createBoundedKeys,
  createStateCodec,
  createStateSection,
  createTimerQueue,
  type CutKey,
} from '@telltale/streaming';

const SECTION = createStateSection('i/', createStateCodec<OpenIncident>(1));
/** An incident whose anomalies never end, for nothing comes that would end them. */
const IDLE_MS = 7 * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;

export interface IncidentName {
  readonly tenant: string;
  readonly service: string;
  readonly kind: string;
  readonly backfill: boolean;
}
export const incidentKey = ({ tenant, service, kind, backfill }: IncidentName): string =>
  JSON.stringify([tenant, service, kind, backfill]);

/** Incidents that are open in a task, by name. Bounded: those that must go are to be closed by who asks for them. */
export interface OpenIncidents extends BatchState {
  get(key: string): OpenIncident | null;
  /** Opens or changes one. */
  add(key: string, incident: OpenIncident): void;
  remove(key: string): void;
  /** The next one whose time to be looked at has come by the batch time. */
  nextDue(): string | undefined;
  /** Those of a tenant's backfill that are over once its event time has come to `at`, in order of key. */
  dueAtEvent(tenant: string, at: number): string[];
  /** Those that are too many, or were quiet too long. */
  overLimit(): readonly CutKey[];
}

export function createOpenIncidents(
  restored: ReadonlyMap<string, Buffer>,
  { quietMs, maxOpen }: { readonly quietMs: number; readonly maxOpen: number },
): OpenIncidents {
  const open = new Map(SECTION.restore(restored));
  const changed = new Set<string>();
  const closing = createTimerQueue();
  /** Keys of backfill incidents, by tenant. */
  const backfills = new Map<string, Set<string>>();
  const bounded = createBoundedKeys(
    { perTenant: maxOpen, perTask: LARGEST_TENANTS * maxOpen, idleMs: IDLE_MS },
    [...open].map(([key, { record, lastActivityAt }]) => ({ tenant: record.tenant, key, at: lastActivityAt })),
  );
  let now = 0;

  function watch(key: string, incident: OpenIncident): void {
    const at = closesAt(incident, quietMs);
    if (at < Infinity) closing.add({ at, key });
    const { tenant, backfill } = incident.record;
    if (backfill) backfills.set(tenant, (backfills.get(tenant) ?? new Set()).add(key));
  }
  for (const [key, incident] of open) watch(key, incident);

  return {
    startBatch(time) {
      now = time;
    },
    get: (key) => open.get(key) ?? null,
    add(key, incident) {
      open.set(key, incident);
      bounded.touch(incident.record.tenant, key, incident.lastActivityAt);
      watch(key, incident);
      changed.add(key);
    },
    remove(key) {
      const tenant = open.get(key)?.record.tenant ?? '';
      open.delete(key);
      bounded.remove(tenant, key);
      const keys = backfills.get(tenant);
      if (keys?.delete(key) && keys.size === 0) backfills.delete(tenant);
      changed.add(key);
    },
    nextDue: () => closing.takeUntil(now)?.key,
    dueAtEvent: (tenant, at) =>
      [...(backfills.get(tenant) ?? [])].sort().filter((key) => {
        const incident = open.get(key);
        return incident !== undefined && closesAtEvent(incident, quietMs) <= at;
      }),
    overLimit: () => bounded.cut(now),
    flush(effects) {
      for (const key of changed) SECTION.put(effects, key, open.get(key) ?? null);
      changed.clear();
    },
    due: (time) => (closing.peek()?.at ?? Infinity) <= time || bounded.due(time),
  };
}
