import { closesAt, closesAtEvent, type Member, NO_IMPACT, type OpenIncident } from '@telltale/domain-incident';
import { createIncidentIndex, type IncidentIndex } from './incident-index';
import { incidentRecord } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import {
  type BatchState,
  createBoundedKeys,
  createStateCodec,
  createStateSection,
  createTimerQueue,
  type CutKey,
} from '@telltale/streaming';

/** As an earlier release wrote it, which sent the alert of every incident when it opened, and knew less of its members. */
function readFormer(bytes: Buffer): OpenIncident {
  const former = JSON.parse(bytes.toString('utf8')) as Pick<OpenIncident, 'members' | 'lastEvidenceAt' | 'lastActivityAt'> & { readonly record: unknown };
  const record = incidentRecord.parse(former.record);
  const { service_name: service, title, severity, probable_cause: cause } = record;
  const members = former.members.map((member): Member => ({
    ...member, seriesId: '', service, operation: '', shared: '', provider: '', subject: JSON.stringify([service, member.phrase]), parentId: '', isFailure: false, isNovelty: false, isNoise: false,
  }));
  const open = members.filter(({ isOpen }) => isOpen).length;
  return {
    ...former,
    record: { ...record, cause_anomaly_id: members.find(({ summary }) => summary === cause)?.id ?? '' },
    members,
    fired: record.backfill ? null : { title, severity, sent: 1, isResolved: false },
    impact: NO_IMPACT,
    mostOpen: open,
    namedServices: 1,
    left: [],
  };
} // prettier-ignore
const SECTION = createStateSection('i/', createStateCodec<OpenIncident>(2, undefined, { 1: readFormer }));
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
  readonly index: Pick<IncidentIndex, 'around' | 'withMember' | 'withSeries'>;
  /** Keys of a tenant's, in order. */
  ofTenant(tenant: string): readonly string[];
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
  const tenants = new Map<string, Set<string>>();
  const index = createIncidentIndex();
  const bounded = createBoundedKeys(
    { perTenant: maxOpen, perTask: LARGEST_TENANTS * maxOpen, idleMs: IDLE_MS },
    [...open].map(([key, { record, lastActivityAt }]) => ({ tenant: record.tenant, key, at: lastActivityAt })),
  );
  let now = 0;

  function watch(key: string, incident: OpenIncident): void {
    const at = closesAt(incident, quietMs);
    if (at < Infinity) closing.add({ at, key });
    const { tenant } = incident.record;
    tenants.set(tenant, (tenants.get(tenant) ?? new Set()).add(key));
    index.put(key, incident);
  }
  for (const [key, incident] of open) watch(key, incident);

  const ofTenant = (tenant: string): string[] => [...(tenants.get(tenant) ?? [])].sort();

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
      index.remove(key);
      const keys = tenants.get(tenant);
      if (keys?.delete(key) && keys.size === 0) tenants.delete(tenant);
      changed.add(key);
    },
    nextDue: () => closing.takeUntil(now)?.key,
    index,
    ofTenant,
    dueAtEvent: (tenant, at) =>
      ofTenant(tenant).filter((key) => {
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
