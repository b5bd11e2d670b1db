import { type AckRecord, type AnomalyRecord, type CommandRecord, incidentRecord, type IncidentRecord } from '@telltale/contracts';
import { type Decision, decide, NO_DIRECTIVES, type VerbosityEvent, VERBOSITY_RULES, type VerbosityState } from '.';

export const NOW = Date.parse('2026-03-02T12:00:00Z');
export const RULES = { ...VERBOSITY_RULES, ttlMs: 60_000, maxMs: 90_000, restMs: 30_000, maxBoosts: 2 };

export const anomaly = (name = 'search', change: Partial<AnomalyRecord> = {}): VerbosityEvent => ({
  type: 'anomaly',
  anomaly: {
    tenant: 'acme', id: `a-${name}`, series_id: 's', metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name }, state: 'open',
    started_at: '2026-03-02T11:59:50.000Z', ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 9, windows: 1,
    backfill: false, summary: `tool ${name} of shop took long`,
    kind: 'deviation', channel: 'value', peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false, ...change,
  },
}); // prettier-ignore
export const incident = (change: Partial<IncidentRecord> = {}): VerbosityEvent => ({
  type: 'incident',
  incident: incidentRecord.parse({
    tenant: 'acme', id: 'i', state: 'open', opened_at: '2026-03-02T12:00:00.000Z', closed_at: null, updated_at: '2026-03-02T12:00:00.000Z', title: 'shop costs more',
    service_name: 'shop', kind: 'cost', anomaly_ids: [], open_anomalies: 0, probable_cause: '', peak_score: 4, backfill: false, ...change,
  }),
}); // prettier-ignore
export const set = (id: string, ttl_ms = 1_000): VerbosityEvent => ({
  type: 'command',
  command: {
    type: 'set_directive',
    tenant: 'acme',
    id,
    class: 'restrict',
    priority: 0,
    target: { service_name: 'x' },
    set: { content: 'metadata' },
    limits: {},
    ttl_ms,
    reason: 'by hand',
    issued_by: 'ann',
  },
});
export const revoke = (id: string): VerbosityEvent => ({
  type: 'command',
  command: { type: 'revoke_directive', tenant: 'acme', id, issued_by: 'ann' } satisfies CommandRecord,
});
export const ack = (
  id: string,
  instance: string,
  status: AckRecord['status'] = 'applied',
  did = { hits: 0, drops: 0, bytes: 0 },
): VerbosityEvent => ({
  type: 'ack',
  ack: {
    tenant: 'acme', received_at: '2026-03-02T12:00:00.000Z', instance, sdk: { name: 'test', version: '1' }, service_name: 'shop', set_hash: 'h', status, error: '',
    directives: [{ id, ...did }], suppressed: { records: 0, bytes: 0 },
  }, // prettier-ignore
});

export const TICK: VerbosityEvent = { type: 'tick' };

/** Runs events given as [seconds after noon, event]. */
export function play(...steps: readonly (readonly [number, VerbosityEvent])[]): {
  state: VerbosityState;
  last: Decision;
  reasons: string[];
  changes: string[];
} {
  let state = NO_DIRECTIVES;
  let last: Decision = { state, effects: [], reason: 'nothing' };
  const reasons: string[] = [];
  const changes: string[] = [];
  for (const [seconds, event] of steps) {
    last = decide(state, event, NOW + seconds * 1_000, RULES);
    state = last.state;
    reasons.push(last.reason);
    changes.push(...last.effects.flatMap((e) => (e.type === 'changed' ? [e.change] : e.type === 'cleared' ? [e.type] : [])));
  }
  return { state, last, reasons, changes };
}
