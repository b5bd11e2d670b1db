import { type AnomalyRecord, type DirectiveRecord, type IncidentRecord } from '@telltale/contracts';

type Target = DirectiveRecord['target'];
type Level = DirectiveRecord['level'];

/** Equal targets have equal keys. */
export const targetKey = ({ service_name = '', kind = '', name = '', session_id = '' }: Target): string =>
  [service_name, kind, name, session_id].join('\u0000');

export interface BoostRequest {
  readonly target: Target;
  readonly level: Level;
  readonly reason: string;
}

/** Target and level for an anomaly; null when it names no service. */
export function boostRequestFromAnomaly({ metric, dimensions, summary }: AnomalyRecord): BoostRequest | null {
  const { service_name, kind, name } = {
    service_name: dimensions['service_name'],
    kind: dimensions['kind'],
    name: dimensions['name'],
  };
  if (!service_name) return null;
  const operation = metric.startsWith('operation.') ? { ...(kind ? { kind } : {}), ...(name ? { name } : {}) } : {};
  const model = metric.startsWith('llm.') ? { kind: 'llm' } : {};
  return { target: { service_name, ...operation, ...model }, level: model.kind ? 'full' : 'debug', reason: summary };
}

/** Target and level for a cost spike: the content of model calls. */
export function boostRequestFromIncident({ service_name, title }: IncidentRecord): BoostRequest | null {
  return service_name ? { target: { service_name, kind: 'llm' }, level: 'full', reason: title } : null;
}
