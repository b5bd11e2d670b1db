import { type AnomalyRecord } from '@telltale/contracts';
import { type CallGraph, type Impact, type OpenIncident, settle } from '.';
import { addMember, memberOf, openWith } from '.';

export const NOW = Date.parse('2026-03-02T12:00:00Z');
export const JOIN_MS = 300_000;
export const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();

export const anomaly = (id: string, startedAt: number, change: Partial<AnomalyRecord> = {}): AnomalyRecord => ({
  tenant: 'acme', id, series_id: id, metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name: id }, state: 'open', started_at: at(startedAt),
  ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 6, windows: 1, backfill: false, summary: `tool ${id} took long`,
  kind: 'deviation', channel: 'value', peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false, ...change,
}); // prettier-ignore

/** Calls are `service/operation → service/operation`; nothing is reached through others. */
export function graphOf(...calls: readonly string[]): CallGraph {
  const pairs = calls.map((call) => call.split(' → ') as [string, string]);
  const serviceOf = (node: string): string => node.split('/')[0] ?? '';
  return {
    reaches: (service, operation, other, callee) =>
      pairs.some(([from, to]) => from === `${service}/${operation}` && to === `${other}/${callee}`),
    serviceReaches: (service, other, callee) =>
      pairs.some(([from, to]) => serviceOf(from) === service && to === `${other}/${callee}`),
    serviceCalls: (service, other) => pairs.some(([from, to]) => serviceOf(from) === service && serviceOf(to) === other),
    servicesAround: () => [],
    modelOf: () => null,
    providerOf: () => '',
    callersOf: () => [],
    providersOf: () => [],
    servicesUsing: () => [],
    servicesWith: (operation) =>
      pairs.map(([, to]) => to.split('/')).flatMap(([service = '', callee]) => (callee === operation ? [service] : [])),
    callersOfProvider: () => [],
  };
}

/** An incident of these anomalies, in their order, as it is settled at the end of a batch. */
export function play(anomalies: readonly AnomalyRecord[], graph: CallGraph = graphOf(), now = NOW + 60_000): OpenIncident {
  const incident = anomalies.reduce<OpenIncident | null>((before, one) => {
    const member = memberOf(one, graph, now);
    return (before ? addMember(before, member, now) : openWith(member, one, now)).incident;
  }, null) as OpenIncident;
  const touched = ({ impact }: OpenIncident): Impact => impact;
  return settle(incident, null, { graph, joinMs: JOIN_MS, now, touched, countUsers: (users) => users.length }).incident;
}
