import { alertRecord, type AnomalyRecord, incidentRecord } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import { addAnomaly, addCostSpike, alertOf, resolveIfInactive, closesAt, type OpenIncident } from '.';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const QUIET = 300_000;
const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();

const anomaly = (id: string, startedAt: number, change: Partial<AnomalyRecord> = {}): AnomalyRecord => ({
  tenant: 'acme', id, series_id: id, metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name: id }, state: 'open', started_at: at(startedAt),
  ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 6, windows: 1, backfill: false, summary: `tool ${id} took long`,
    kind: 'deviation', channel: 'value', peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false, ...change,
}); // prettier-ignore
const TURN = { metric: 'turn.duration', dimensions: { service_name: 'shop' }, summary: 'turns took long' };

const play = (...anomalies: AnomalyRecord[]): OpenIncident | null =>
  anomalies.reduce<OpenIncident | null>((incident, a) => addAnomaly(incident, a, NOW + 60_000).incident, null);

describe('a behavior incident', () => {
  it('opens with the first anomaly, with a readable title', () => {
    const step = addAnomaly(null, anomaly('search', 0), NOW + 20_000);
    expect(step.transition).toBe('opened');
    expect(step.record && incidentRecord.parse(step.record)).toMatchObject({
      state: 'open', opened_at: at(20), title: 'shop: tool search is slow', service_name: 'shop', kind: 'behavior', anomaly_ids: ['search'], open_anomalies: 1,
      probable_cause: 'tool search took long', peak_score: 6,
    }); // prettier-ignore
  });

  it.each([
    ['what departed first', [anomaly('late', 0, { score: 50 }), anomaly('early', -600)], 'tool early took long'],
    [
      'the deepest of those that began together',
      [anomaly('t', 0, { ...TURN, score: 50 }), anomaly('deep', 60)],
      'tool deep took long',
    ],
    ['of equal depth the furthest', [anomaly('near', 0), anomaly('far', 30, { score: 9 })], 'tool far took long'],
    [
      'not the logs that report it',
      [anomaly('l', 0, { metric: 'log.count', summary: 'logs' }), anomaly('t', 20, TURN)],
      'turns took long',
    ],
  ] as const)('names as the cause %s', (_, anomalies, cause) => {
    expect(play(...anomalies)?.record.probable_cause).toBe(cause);
  });

  it('gathers anomalies, and counts the open ones', () => {
    const incident = play(anomaly('a', 0), anomaly('b', 10), anomaly('a', 0, { state: 'closed', ended_at: at(50), score: 12 }));
    expect(incident?.record).toMatchObject({
      anomaly_ids: ['a', 'b'],
      open_anomalies: 1,
      peak_score: 12,
      title: 'shop: tool a is slow, and 1 more deviation',
    });
  });

  it('does not open on the end of an unknown anomaly', () => {
    expect(addAnomaly(null, anomaly('a', 0, { state: 'closed', ended_at: at(5) }), NOW)).toEqual({
      incident: null,
      record: null,
      transition: null,
    });
  });

  it('closes when all its anomalies are over and it was inactive for a while', () => {
    const open = play(anomaly('a', 0), anomaly('b', 0), anomaly('a', 0, { state: 'closed', ended_at: at(50) }));
    expect(closesAt(open as OpenIncident, QUIET)).toBe(Infinity);
    const calm = addAnomaly(open, anomaly('b', 0, { state: 'closed', ended_at: at(55) }), NOW + 60_000).incident as OpenIncident;
    expect(closesAt(calm, QUIET)).toBe(NOW + 360_000);
    expect(resolveIfInactive(calm, 0, NOW + 359_999, QUIET).transition).toBeNull();
    const closed = resolveIfInactive(calm, 0, NOW + 360_000, QUIET);
    expect(closed.incident).toBeNull();
    expect(closed.record).toMatchObject({ id: calm.record.id, state: 'closed', closed_at: at(360), open_anomalies: 0 });
  });

  it('of backfill data closes by event time, or by batch time when the backfill ends', () => {
    const past = { backfill: true, state: 'closed', ended_at: at(-3_000) } as const;
    const open = addAnomaly(null, anomaly('a', -3_600, { backfill: true }), NOW).incident;
    const calm = addAnomaly(open, anomaly('a', -3_600, past), NOW).incident as OpenIncident;
    expect(calm.record.opened_at).toBe(at(-3_600));
    expect(resolveIfInactive(calm, NOW - 2_701_000, NOW, QUIET).transition).toBeNull();
    expect(resolveIfInactive(calm, NOW - 2_700_000, NOW, QUIET).record?.closed_at).toBe(at(-2_700));
    expect(resolveIfInactive(calm, 0, NOW + QUIET, QUIET).record?.closed_at).toBe(at(-2_700));
  });
});

describe('a cost incident', () => {
  const sign = { tenant: 'acme', service: 'shop', hour: NOW, totalNano: 4e9, medianNano: 1e9, factor: 4, backfill: false };
  it('opens on a spike, reports its size, and closes when the next hour has passed without one', () => {
    const step = addCostSpike(null, sign, NOW, NOW + 600_000);
    expect(step.record && incidentRecord.parse(step.record)).toMatchObject({
      kind: 'cost',
      title: 'shop: spend is 4 times the usual',
      probable_cause: 'shop spent $4.00 in the hour from 12:00 UTC, usually $1.00',
    });
    const incident = step.incident as OpenIncident;
    expect(closesAt(incident, QUIET)).toBe(NOW + 2 * HOUR_MS + QUIET);
    const next = addCostSpike(incident, { ...sign, hour: NOW + HOUR_MS, factor: 3 }, NOW, NOW + HOUR_MS + 1);
    expect(next).toMatchObject({
      transition: 'changed',
      record: { id: incident.record.id, peak_score: 4, probable_cause: incident.record.probable_cause },
    });
  });
});

describe('an alert', () => {
  const open = addAnomaly(null, anomaly('search', 0), NOW).record;
  const closed = { ...(open as NonNullable<typeof open>), state: 'closed' as const, closed_at: at(720), updated_at: at(720) };
  it('is sent for the opening and for the end, with different ids', () => {
    const first = alertOf(open as NonNullable<typeof open>, 'opened');
    const last = alertOf(closed, 'closed');
    expect(first && alertRecord.parse(first)).toMatchObject({
      status: 'firing',
      title: 'shop: tool search is slow',
      summary: 'tool search took long',
    });
    expect(last && alertRecord.parse(last)).toMatchObject({
      status: 'resolved',
      title: 'Over: shop: tool search is slow',
      summary: 'tool search took long. Lasted 12 min, 1 anomaly.',
    });
    expect(first?.id).not.toBe(last?.id);
  });
  it('is not sent for a change or for backfill', () => {
    expect(alertOf(closed, 'changed')).toBeNull();
    expect(alertOf({ ...closed, backfill: true }, 'closed')).toBeNull();
  });
});
