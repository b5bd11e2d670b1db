import { type AnomalyRecord, type DirectiveRecord, type IncidentRecord } from '@telltale/contracts';

type Target = DirectiveRecord['target'];

/** Equal targets have equal keys. */
export function targetKey(target: Target): string {
  const fields = Object.entries(target).filter(([, value]) => value !== undefined && value !== '');
  return JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether every record that `narrow` applies to is one that `wide` applies to. */
export function covers(wide: Target, narrow: Target): boolean {
  return Object.entries(wide).every(([field, value]) => {
    const other = narrow[field as keyof Target];
    return JSON.stringify(other) === JSON.stringify(value);
  });
}

export interface BoostRequest extends Pick<DirectiveRecord, 'target' | 'set' | 'reason' | 'evidence'> {
  /** The anomaly that explains the one it rests on, or ''. */
  readonly explainedBy: string;
}

const ALL_DETAIL = { min_severity: 'debug', content: 'full', flush: true } as const;

function targetFromAnomaly(service_name: string, { metric, dimensions }: AnomalyRecord): Target {
  const service = { service_name };
  const [kind, name, model, version] = ['kind', 'name', 'model', 'service_version'].map((of) => dimensions[of]);
  if (metric.startsWith('version.') && version) return { ...service, service_version: version };
  if (metric.startsWith('llm.')) return model ? { ...service, model } : { ...service, kind: 'llm' };
  if (!metric.startsWith('operation.')) return service;
  if (kind === 'tool' && name) return { ...service, tool_name: name };
  return { ...service, ...(kind ? { kind: kind as NonNullable<Target['kind']> } : {}), ...(name ? { name } : {}) };
}

/** All detail of what an anomaly is about; null when it names no service. */
export function boostRequestFromAnomaly(anomaly: AnomalyRecord): BoostRequest | null {
  const service_name = anomaly.dimensions['service_name'];
  if (service_name === undefined || service_name === '') return null;
  return {
    target: targetFromAnomaly(service_name, anomaly),
    set: ALL_DETAIL,
    reason: anomaly.summary,
    evidence: { anomaly_id: anomaly.id },
    explainedBy: anomaly.parent_anomaly_id ?? '',
  };
}

/** For a cost spike: the content of model calls. */
export function boostRequestFromIncident({ id, service_name, title }: IncidentRecord): BoostRequest | null {
  if (!service_name) return null;
  const target = { service_name, kind: 'llm' } as const;
  return { target, set: { content: 'full' }, reason: title, evidence: { incident_id: id }, explainedBy: '' };
}
