import { type IncidentAnswer, type Why } from './questions';
import { summaryText } from './summary-text';

const incident = {
  tenant: 'a', id: 'i1', state: 'open', opened_at: '2026-03-16T10:05:00.000Z', closed_at: null, updated_at: '2026-03-16T10:06:00.000Z', title: 'shop: tool search is slow', service_name: 'shop', kind: 'behavior', anomaly_ids: [], open_anomalies: 1,
  probable_cause: 'tool search took 3 s, normally 0.5 s', peak_score: 9, backfill: false, phase: 'worsening', phase_reason: '', severity: 'critical', services: ['shop'], onset_at: '2026-03-16T10:00:00.000Z', cause_anomaly_id: '', owner: '', acknowledged_by: '',
  acknowledged_at: null, silenced_until: null, merged_into: '', reopened: 0, turns_touched: 1200, bad_turns: 30, users_touched: 77, cost_nano_usd: 2_500_000_000,
} as const satisfies IncidentAnswer['incident']; // prettier-ignore
const deploys = [{ tenant: 'a', id: 'd1', at: '2026-03-16T09:58:00.000Z', service_name: 'shop', version: '2.1', environment: 'prod', source: 'api', kind: 'version', text: 'shop 2.1' }] as const; // prettier-ignore
const NOW = Date.parse('2026-03-16T10:20:00Z');

describe('the message about an incident', () => {
  it('says in plain text what matters, what is known first', () => {
    const why = { answer: 'headline', causes: [{ sentence: 'region eu, in tool search: 98 % of its turns are slow', confidence: 0.914 }] } as unknown as Why;
    expect(summaryText({ incident, deploys }, why, 'https://x/incidents/i1', NOW)).toBe(`[critical, worsening] shop: tool search is slow
Since 2026-03-16 10:00 UTC, for 20 min so far.
tool search took 3 s, normally 0.5 s
Probable cause (confidence 91 %): region eu, in tool search: 98 % of its turns are slow
Touched: 1,200 turns (30 ended badly), 77 users, $2.50 beyond the usual.
Changed near it: shop 2.1, 2026-03-16 09:58 UTC.
Owner: nobody.
https://x/incidents/i1`);
  }); // prettier-ignore

  it('leaves out what is not known, and says who owns it and that it is over', () => {
    const over = { ...incident, state: 'closed', phase: 'resolved', closed_at: '2026-03-16T11:30:00.000Z', owner: 'bea', turns_touched: 0, users_touched: 0, cost_nano_usd: 0, silenced_until: '2026-03-16T10:30:00.000Z' } as const; // prettier-ignore
    expect(summaryText({ incident: over, deploys: [] }, undefined, 'L', NOW)).toBe(`[critical, resolved] shop: tool search is slow
Since 2026-03-16 10:00 UTC, over after 1 h 30 min.
tool search took 3 s, normally 0.5 s
Owner: bea. Silenced until 2026-03-16 10:30 UTC.
L`);
  });
});
