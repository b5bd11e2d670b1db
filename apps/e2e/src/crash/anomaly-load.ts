import { type AnomalyRecord, type CommandRecord, TOPICS } from '@telltale/contracts';
import { type OutputRecord } from '@telltale/streaming';

/** Tenants of this load; no other load has them. */
export const ANOMALY_TENANTS = ['crash-0', 'crash-1', 'crash-2'];
const SERVICES = 2;

const anomalyId = (tenant: string, step: number): string => `${tenant}-anomaly-${step}`;
const commandId = (tenant: string, step: number): string => `${tenant}-command-${step}`;
/** Every other directive that is set by hand is revoked a step later. */
const isRevoked = (step: number): boolean => step % 2 === 0;

const anomaly = (tenant: string, step: number, start: number, state: 'open' | 'closed'): AnomalyRecord => {
  const startedAt = new Date(start + step * 1_000).toISOString();
  return {
    tenant,
    id: anomalyId(tenant, step),
    series_id: `series-${step}`,
    metric: 'operation.duration',
    dimensions: { service_name: `service-${step % SERVICES}`, kind: 'tool', name: `tool-${step}` },
    state,
    started_at: startedAt,
    ended_at: state === 'open' ? null : startedAt,
    direction: 'up',
    value: 4,
    expected: 1,
    expected_low: 1,
    expected_high: 2,
    score: 6 + (step % 5),
    windows: 1,
    backfill: false,
    summary: `tool-${step} took long`,
  };
};

const setDirective = (tenant: string, step: number): CommandRecord => ({
  type: 'set_directive',
  tenant,
  id: commandId(tenant, step),
  class: 'boost',
  priority: 0,
  target: { service_name: 'by-hand', tool_name: `tool-${step}` },
  set: { min_severity: 'debug' },
  limits: {},
  ttl_ms: 3_600_000,
  reason: 'crash test',
  issued_by: 'crash-test',
});

const revokeDirective = (tenant: string, step: number): CommandRecord => ({
  type: 'revoke_directive',
  tenant,
  id: commandId(tenant, step),
  issued_by: 'crash-test',
});

/** For each tenant: an anomaly begins and the one before ends, and likewise a directive is set by hand and the one before may be revoked. */
export function anomalyRecords(step: number, start: number): OutputRecord[] {
  return ANOMALY_TENANTS.flatMap((tenant) => {
    const anomalies = [anomaly(tenant, step, start, 'open'), ...(step > 0 ? [anomaly(tenant, step - 1, start, 'closed')] : [])];
    const commands = [
      setDirective(tenant, step),
      ...(step > 0 && isRevoked(step - 1) ? [revokeDirective(tenant, step - 1)] : []),
    ];
    return [
      ...anomalies.map((value) => ({ topic: TOPICS.anomalies.name, key: tenant, value: JSON.stringify(value) })),
      ...commands.map((value) => ({ topic: TOPICS.commands.name, key: tenant, value: JSON.stringify(value) })),
    ];
  });
}

/** Ends the anomaly of the last step. */
export const endAnomalies = (steps: number, start: number): OutputRecord[] =>
  ANOMALY_TENANTS.map((tenant) => ({
    topic: TOPICS.anomalies.name,
    key: tenant,
    value: JSON.stringify(anomaly(tenant, steps - 1, start, 'closed')),
  }));

/** What has to become of so many steps. */
export const expectedOf = (steps: number) => {
  const all = ANOMALY_TENANTS.flatMap((tenant) => Array.from({ length: steps }, (_, step) => ({ tenant, step })));
  return {
    anomalyIds: all.map(({ tenant, step }) => anomalyId(tenant, step)).sort(),
    revokedIds: all.filter(({ step }) => isRevoked(step) && step < steps - 1).map(({ tenant, step }) => commandId(tenant, step)).sort(),
    inForceIds: all.filter(({ step }) => !isRevoked(step) || step === steps - 1).map(({ tenant, step }) => commandId(tenant, step)).sort(),
  };
}; // prettier-ignore
