import { type EdgesRecord } from '@telltale/contracts';
import { type CallGraph } from '@telltale/domain-incident';
import { hashId, HOUR_MS } from '@telltale/kernel';
import { type BatchState, createBoundedMap } from '@telltale/streaming';

const LIMITS = { perTenant: 4_000, perTask: 20_000, idleMs: 25 * HOUR_MS };
/** What was seen so lately is not written again. */
const SEEN_AGAIN_MS = HOUR_MS;
/** An operation of more models than this is of none. */
const MAX_MODELS = 4;
/** Operations that a search looks at: a bound of time. */
const MAX_VISITED = 500;

interface KeptCall {
  readonly is: 'call';
  readonly service: string;
  readonly caller: string;
  readonly calleeService: string;
  readonly callee: string;
}
interface KeptModel {
  readonly is: 'model';
  readonly service: string;
  readonly operation: string;
  readonly model: string;
  readonly provider: string;
}

/** Who calls whom, by tenant, over the last day. Counts `calls_*` where some had to go. */
export interface TenantCalls extends BatchState {
  add(record: EdgesRecord): void;
  of(tenant: string): CallGraph;
}

const nodeOf = (service: string, operation: string): string => `${service}\u0000${operation}`;
const serviceOf = (node: string): string => node.slice(0, node.indexOf('\u0000'));

function graphOf(kept: readonly (KeptCall | KeptModel)[]): CallGraph {
  const callees = new Map<string, Set<string>>();
  const nodes = new Map<string, Set<string>>();
  const services = new Map<string, Set<string>>();
  const callers = new Map<string, Set<string>>();
  const models = new Map<string, Map<string, string>>();
  const providers = new Map<string, string>();
  const providersOf = new Map<string, Set<string>>();
  const servicesUsing = new Map<string, Set<string>>();
  const servicesWith = new Map<string, Set<string>>();
  const add = (to: Map<string, Set<string>>, key: string, value: string): void =>
    void to.set(key, (to.get(key) ?? new Set<string>()).add(value));
  for (const one of kept)
    if (one.is === 'call') {
      const [from, to] = [nodeOf(one.service, one.caller), nodeOf(one.calleeService, one.callee)];
      add(callees, from, to);
      add(nodes, one.service, from);
      add(servicesWith, one.callee, one.calleeService);
      if (one.service === one.calleeService) continue;
      add(services, one.service, one.calleeService);
      add(callers, one.calleeService, one.service);
    } else {
      const node = nodeOf(one.service, one.operation);
      models.set(node, (models.get(node) ?? new Map<string, string>()).set(one.model, one.provider));
      if (one.provider === '') continue;
      if (!providers.has(one.model)) providers.set(one.model, one.provider);
      add(providersOf, one.service, one.provider);
      add(servicesUsing, one.provider, one.service);
    }

  /** Services that are reached from one by these steps. */
  function from(service: string, steps: ReadonlyMap<string, ReadonlySet<string>>): string[] {
    const seen = new Set([service]);
    for (const one of seen) for (const next of steps.get(one) ?? []) if (seen.size < MAX_VISITED) seen.add(next);
    return [...seen];
  }
  function search(start: Iterable<string>, to: string): boolean {
    const seen = new Set(start);
    for (const node of seen)
      for (const next of callees.get(node) ?? []) {
        if (next === to) return true;
        if (seen.size < MAX_VISITED) seen.add(next);
      }
    return false;
  }

  /** Operations of a service that call such models; `of`: provider by model. */
  const operationsWith = (service: string, isSuch: (of: ReadonlyMap<string, string>) => boolean): string[] =>
    [...models].flatMap(([node, of]) => (serviceOf(node) === service && isSuch(of) ? [node.slice(service.length + 1)] : []));

  return {
    reaches: (service, operation, calleeService, callee) => search([nodeOf(service, operation)], nodeOf(calleeService, callee)),
    serviceReaches: (service, calleeService, callee) => search(nodes.get(service) ?? [], nodeOf(calleeService, callee)),
    serviceCalls: (service, calleeService) => services.get(service)?.has(calleeService) ?? false,
    servicesAround: (service) =>
      callers.has(service) || services.has(service) ? [...from(service, services), ...from(service, callers)] : [],
    modelOf(service, operation) {
      const found = models.get(nodeOf(service, operation));
      const [only] = found?.size === 1 ? found : [];
      return only ? { model: only[0], provider: only[1] } : null;
    },
    providerOf: (model) => providers.get(model) ?? '',
    providersOf: (service) => [...(providersOf.get(service) ?? [])],
    servicesUsing: (provider) => [...(servicesUsing.get(provider) ?? [])],
    servicesWith: (operation) => [...(servicesWith.get(operation) ?? [])],
    callersOfProvider: (service, provider) => operationsWith(service, (of) => [...of.values()].includes(provider)),
    callersOf: (service, model) => operationsWith(service, (of) => of.has(model)),
  };
}

/** State: `calls/<tenant>/<digest>`. */
export function createTenantCalls(restored: ReadonlyMap<string, Buffer>): TenantCalls {
  const graphs = new Map<string, CallGraph>();
  const kept = createBoundedMap<KeptCall | KeptModel>(restored, {
    prefix: 'calls/', name: 'calls', limits: LIMITS, onChange: (tenant) => graphs.delete(tenant),
  }); // prettier-ignore
  let now = 0;

  function see(tenant: string, id: string, value: KeptCall | KeptModel): void {
    if (now - kept.setAt(tenant, id) >= SEEN_AGAIN_MS || kept.get(tenant, id) === undefined) kept.set(tenant, id, value);
  }

  return {
    ...kept,
    startBatch(time) {
      now = time;
      kept.startBatch(time);
    },
    add({ tenant, edges, operations }) {
      for (const { service, caller, callee_service: calleeService, callee } of edges)
        see(tenant, hashId(20, 'call', service, caller, calleeService, callee), { is: 'call', service, caller, calleeService, callee });
      const models = new Map<string, number>();
      for (const { service, operation, model, provider } of operations) {
        const node = nodeOf(service, operation);
        if (model === '' || (models.get(node) ?? 0) >= MAX_MODELS) continue;
        models.set(node, (models.get(node) ?? 0) + 1);
        see(tenant, hashId(20, 'model', service, operation, model), { is: 'model', service, operation, model, provider });
      }
    },
    of(tenant) {
      const known = graphs.get(tenant);
      if (known) return known;
      const made = graphOf(kept.ofTenant(tenant).map(([, value]) => value));
      graphs.set(tenant, made);
      return made;
    },
  };
} // prettier-ignore
