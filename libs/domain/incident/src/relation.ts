import { type CallGraph, TURN } from './call-graph';
import { type Member } from './state';

/** From here on an anomaly is about a whole service: its turns, and what reports faults. */
const SERVICE_DEPTH = 3;
const isOfService = ({ depth, operation }: Member): boolean => depth >= SERVICE_DEPTH || operation === '';

/** Whether what `caller` is about calls what `callee` is about, so that the second may be the reason of the first. */
export function isCallOf(caller: Member, callee: Member, graph: CallGraph): boolean {
  if (caller.subject === callee.subject || caller.wide === 'provider') return false;
  if (callee.wide === 'provider') return callsProvider(caller, callee.provider, graph);
  if (caller.wide || callee.wide === 'turns') return false;
  const services = callee.wide ? servicesBehind(callee, graph) : [callee.service];
  return services.some((service) => isCallInto(service, caller, callee, graph));
}

/** Whether what `caller` is about calls what `callee` is about in this service. */
function isCallInto(service: string, caller: Member, callee: Member, graph: CallGraph): boolean {
  const isSame = caller.service === service;
  if (caller.depth >= SERVICE_DEPTH) {
    if (isSame) return callee.depth < SERVICE_DEPTH;
    if (isOfService(callee)) return graph.serviceCalls(caller.service, service);
    return graph.serviceReaches(caller.service, service, callee.operation);
  }
  if (isOfService(callee)) return !isSame && callee.depth >= SERVICE_DEPTH && !isOfService(caller) && graph.serviceCalls(caller.service, service);
  if (isOfService(caller)) return !isSame && graph.serviceReaches(caller.service, service, callee.operation);
  return graph.reaches(caller.service, caller.operation, service, callee.operation);
} // prettier-ignore

/** Of an operation it is known what it calls; of a service that anything of it does. */
const callsProvider = (caller: Member, provider: string, graph: CallGraph): boolean =>
  caller.wide === 'turns' ||
  caller.provider === provider ||
  (caller.depth > 0 && graph.providersOf(caller.service).includes(provider));

/** Services that a member over all of them is about, as far as calls show it. */
export const servicesBehind = ({ wide, provider, operation }: Member, graph: CallGraph): readonly string[] =>
  wide === 'provider' ? graph.servicesUsing(provider) : wide === 'operation' ? graph.servicesWith(operation) : [];

/**
 * Whether, of two that belong to one incident, `narrow` may be the reason of `wide`, which is about all turns: any operation may. Turns of a
 * service are not: they are what `wide` is about.
 */
export const isBeneath = (wide: Member, narrow: Member): boolean =>
  wide.wide === 'turns' && narrow.wide !== 'turns' && narrow.depth < SERVICE_DEPTH;

/** One is about turns of all services, the other about the same of one of them, or about something else of all. */
const isOfAllTurns = (a: Member, b: Member): boolean =>
  a.wide === 'turns' && b.operation === TURN && (b.wide === 'turns' || a.phrase === b.phrase);

const isParent = (a: Member, b: Member): boolean =>
  a.parentId === b.id || b.parentId === a.id || (a.parentId !== '' && a.parentId === b.parentId);
const isSame = (a: string, b: string): boolean => a !== '' && a === b;

/** One is about all operations of a kind in a service, the other about one of them: what is called less shows it later. */
const isOfFamily = ({ service, family }: Member, one: Member): boolean =>
  family !== undefined && service === one.service && one.operation.startsWith(`${family} `);

/** One is the reason of the other, or both are the same thing. */
const explains = (a: Member, b: Member, graph: CallGraph): boolean =>
  isParent(a, b) ||
  isOfAllTurns(a, b) ||
  isOfAllTurns(b, a) ||
  isOfFamily(a, b) ||
  isOfFamily(b, a) ||
  (a.service === b.service && isSame(a.seriesId, b.seriesId)) ||
  isCallOf(a, b, graph) ||
  isCallOf(b, a, graph);

const isOfOneService = (a: Member, b: Member): boolean => !a.wide && !b.wide && a.service === b.service;

const isRelated = (a: Member, b: Member, graph: CallGraph): boolean =>
  isOfOneService(a, b) || isSame(a.shared, b.shared) || isSame(a.provider, b.provider) || explains(a, b, graph);

/** How two anomalies belong together: they began about the same time; one came while what explains it lasted; or not at all. */
export type Link = 'near' | 'during' | null;

function linkOf(a: Member, b: Member, graph: CallGraph, joinMs: number): Link {
  const [early, late] = a.startedAt <= b.startedAt ? [a, b] : [b, a];
  if (late.startedAt - early.startedAt <= joinMs) return isRelated(a, b, graph) ? 'near' : null;
  const until = early.isOpen ? Infinity : early.endedAt + joinMs;
  return late.startedAt <= until && explains(a, b, graph) ? 'during' : null;
}

/** The closest link of an anomaly to those of an incident. */
export function linkTo(fresh: Member, members: readonly Member[], graph: CallGraph, joinMs: number): Link {
  let found: Link = null;
  for (const member of members) {
    const link = linkOf(fresh, member, graph, joinMs);
    if (link === 'near') return link;
    found ??= link;
  }
  return found;
}
