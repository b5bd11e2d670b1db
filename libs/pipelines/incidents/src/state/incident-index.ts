import { type CallGraph, type Member, type OpenIncident, servicesBehind, TURN } from '@telltale/domain-incident';

/** Names by which an incident is found: of what its members are about, of themselves, and of what explains them. */
const IN = { service: 's', shared: 'h', provider: 'p', id: 'i', parent: 'q', series: 'r', wide: 'w' } as const;
const nameOf = (tenant: string, is: keyof typeof IN, value: string): string => `${tenant}/${IN[is]}/${value}`;

const namesOf = ({ record: { tenant }, members }: OpenIncident): Set<string> =>
  new Set(
    members.flatMap(({ service, shared, provider, id, parentId, seriesId, wide, operation }) => [
      ...(wide ? [] : [nameOf(tenant, 'service', service)]),
      ...(operation === TURN ? [nameOf(tenant, 'wide', TURN)] : []),
      ...(wide === 'operation' ? [nameOf(tenant, 'wide', 'operation')] : []),
      nameOf(tenant, 'id', id),
      nameOf(tenant, 'series', seriesId),
      ...(shared === '' ? [] : [nameOf(tenant, 'shared', shared)]),
      ...(provider === '' ? [] : [nameOf(tenant, 'provider', provider)]),
      ...(parentId === '' ? [] : [nameOf(tenant, 'parent', parentId)]),
    ]),
  );

/** Incidents by what their members are about, so that an anomaly meets only those that it may belong to. */
export interface IncidentIndex {
  put(key: string, incident: OpenIncident): void;
  remove(key: string): void;
  /** Keys of those that an anomaly may be related to, in order. */
  around(tenant: string, member: Member, graph: CallGraph): readonly string[];
  withMember(tenant: string, id: string): readonly string[];
  withSeries(tenant: string, seriesId: string): readonly string[];
}

export function createIncidentIndex(): IncidentIndex {
  const keys = new Map<string, Set<string>>();
  const names = new Map<string, ReadonlySet<string>>();

  function forget(key: string, name: string): void {
    const found = keys.get(name);
    if (found?.delete(key) && found.size === 0) keys.delete(name);
  }
  const found = (all: readonly string[]): string[] => [...new Set(all.flatMap((name) => [...(keys.get(name) ?? [])]))].sort();

  return {
    put(key, incident) {
      const next = namesOf(incident);
      for (const name of names.get(key) ?? []) if (!next.has(name)) forget(key, name);
      for (const name of next) keys.set(name, (keys.get(name) ?? new Set<string>()).add(key));
      names.set(key, next);
    },
    remove(key) {
      for (const name of names.get(key) ?? []) forget(key, name);
      names.delete(key);
    },
    around(tenant, member, graph) {
      const { service, shared, provider, id, parentId, seriesId, wide, operation, depth } = member;
      return found([
        ...(wide ? servicesBehind(member, graph) : [service, ...graph.servicesAround(service)]).map((one) =>
          nameOf(tenant, 'service', one),
        ),
        ...(depth > 0 ? [nameOf(tenant, 'wide', 'operation')] : []),
        ...(wide || depth === 0 ? [] : graph.providersOf(service)).map((one) => nameOf(tenant, 'provider', one)),
        ...(wide || operation === TURN ? [nameOf(tenant, 'wide', TURN)] : []),
        nameOf(tenant, 'shared', shared),
        nameOf(tenant, 'provider', provider),
        nameOf(tenant, 'series', seriesId),
        nameOf(tenant, 'parent', id),
        nameOf(tenant, 'parent', parentId),
        nameOf(tenant, 'id', parentId),
        nameOf(tenant, 'id', id),
      ]);
    },
    withMember: (tenant, id) => found([nameOf(tenant, 'id', id)]),
    withSeries: (tenant, seriesId) => found([nameOf(tenant, 'series', seriesId)]),
  };
}
