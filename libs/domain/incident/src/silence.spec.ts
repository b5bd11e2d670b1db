import { incidentRecord } from '@telltale/contracts';
import { silencedUntil, type Silence } from '.';

const NOW = Date.parse('2026-03-02T11:00:00Z');
const UNTIL = '2026-03-02T12:00:00Z';
const LATER = '2026-03-03';
const INCIDENT = incidentRecord.parse({
  tenant: 'acme', id: 'i', state: 'open', opened_at: '2026-03-02T10:00:00.000Z', closed_at: null, updated_at: '2026-03-02T11:00:00.000Z', title: 'shop: tool a is slow',
  service_name: 'shop', kind: 'behavior', anomaly_ids: ['a'], open_anomalies: 1, probable_cause: 'tool a took long', peak_score: 9, backfill: false,
}); // prettier-ignore

describe('an incident', () => {
  it.each<[string, Silence[], string | null]>([
    ['no silence', [], null],
    ['one of all', [{ until: UNTIL }], UNTIL],
    ['one of its service', [{ until: UNTIL, service_name: 'shop' }], UNTIL],
    ['one of its kind', [{ until: UNTIL, kind: 'behavior' }], UNTIL],
    ['one of another service', [{ until: UNTIL, service_name: 'bot' }], null],
    ['one of another kind of its service', [{ until: UNTIL, service_name: 'shop', kind: 'cost' }], null],
    ['several, to the last that is about it', [{ until: LATER }, { until: UNTIL }, { until: '2026-03-09', kind: 'cost' }], LATER],
  ])('with %s is silenced until %3$s', (_what, silences, until) => {
    expect(silencedUntil(INCIDENT, silences, NOW)).toBe(until === null ? NOW : Date.parse(until));
  });
});
