import { alertRecord, type AnomalyRecord, incidentRecord } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import { addAnomaly, addCostSpike, alertOf, resolveIfInactive, closesAt, type OpenIncident } from '.';
import { MAX_MEMBERS } from './state';

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

  it('of several anomalies that began together names the first by id, where nothing else tells them apart', () => {
    expect(play(anomaly('b', 0), anomaly('a', 0), anomaly('c', 0))?.record.probable_cause).toBe('tool a took long');
    expect(play(anomaly('b', 0), anomaly('a', 60))?.record.probable_cause).toBe('tool b took long');
  });

  it.each([
    [120, 'tool deep took long'],
    [121, 'turns took long'],
  ])('takes what began %i s later for simultaneous up to two minutes', (later, cause) => {
    const began = [anomaly('t', -200, TURN), anomaly('deep', -200 + later)];
    expect(play(...began)?.record.probable_cause).toBe(cause);
  });

  it('has its own id by tenant, service and first anomaly', () => {
    const idOf = (a: AnomalyRecord) => addAnomaly(null, a, NOW).record?.id;
    const shop = idOf(anomaly('a', 0));
    const others = [
      anomaly('b', 0),
      anomaly('a', 0, { tenant: 'other' }),
      anomaly('a', 0, { dimensions: { service_name: 'bar' } }),
    ].map(idOf);
    expect(new Set([shop, ...others]).size).toBe(4);
    expect(idOf(anomaly('a', 10))).toBe(shop);
    expect(play(anomaly('a', 0), anomaly('b', 0))?.record.id).toBe(shop);
  });

  it('keeps the time it opened and its highest score while anomalies come and end', () => {
    const first = addAnomaly(null, anomaly('a', 0, { score: 9 }), NOW + 1_000);
    const next = addAnomaly(first.incident, anomaly('b', 5, { score: 3 }), NOW + 9_000);
    expect(next).toMatchObject({
      transition: 'changed',
      record: { opened_at: at(1), updated_at: at(9), peak_score: 9, open_anomalies: 2 },
    });
  });

  it('notes that something happened, and no more, above its most anomalies; known ones still end', () => {
    const names = Array.from({ length: MAX_MEMBERS }, (_, i) => `a${i}`);
    const full = play(...names.map((name) => anomaly(name, 0))) as OpenIncident;
    const later = NOW + 70_000;
    expect(addAnomaly(full, anomaly('one more', 0), later)).toEqual({
      incident: { ...full, lastActivityAt: later },
      record: null,
      transition: null,
    });
    const ended = addAnomaly(full, anomaly('a0', 0, { state: 'closed', ended_at: at(50) }), later);
    expect(ended.record).toMatchObject({ open_anomalies: MAX_MEMBERS - 1 });
  });

  it('does not trust clocks of producers that are ahead', () => {
    const { incident } = addAnomaly(null, anomaly('a', 7_200, { state: 'open', ended_at: at(7_200) }), NOW);
    expect(incident).toMatchObject({ lastEvidenceAt: NOW, members: [{ startedAt: NOW, endedAt: NOW }] });
  });

  it.each([
    [{ metric: 'turn.error_ratio' }, 'turns fail'],
    [{ metric: 'turn.duration' }, 'turns are slow'],
    [{ metric: 'turn.count', kind: 'no_data' }, 'turns have stopped'],
    [{ metric: 'operation.duration', kind: 'no_data' }, 'tool x has stopped'],
    [{ metric: 'operation.error_ratio' }, 'tool x fails'],
    [{ metric: 'operation.duration', direction: 'down' }, 'tool x is faster than usual'],
    [{ metric: 'operation.duration', dimensions: { service_name: 'shop' } }, 'operations are slow'],
    [{ metric: 'error.count', dimensions: { service_name: 'shop', error_fingerprint: 'f' } }, 'errors of one kind pile up'],
    [{ metric: 'error.count', dimensions: { service_name: 'shop' } }, 'errors pile up'],
    [{ metric: 'turn.count', direction: 'down' }, 'fewer turns than usual'],
    [{ metric: 'turn.cost' }, 'turns cost more'],
    [{ metric: 'turn.calls' }, 'turns make more calls'],
    [{ metric: 'turn.unhelped' }, 'turns end without an answer'],
    [{ metric: 'llm.time_to_first_token', dimensions: { service_name: 'shop', model: 'm1' } }, 'm1 calls begin to answer later'],
    [
      { metric: 'llm.cache_read_share', direction: 'down', dimensions: { service_name: 'shop', model: 'm1' } },
      'm1 calls read less from the cache',
    ],
    [{ metric: 'score', direction: 'down', dimensions: { service_name: 'shop', score_name: 'reward' } }, 'score reward is lower'],
    [{ metric: 'score.error_ratio', dimensions: { service_name: 'shop' } }, 'scores fail'],
    [{ metric: 'llm.cost', dimensions: { service_name: 'shop', model: 'm1' } }, 'm1 calls cost more'],
    [{ metric: 'llm.cost', direction: 'down', dimensions: { service_name: 'shop' } }, 'model calls cost less'],
    [{ metric: 'llm.tokens', dimensions: { service_name: 'shop', model: 'm1' } }, 'm1 calls use more tokens'],
    [{ metric: 'llm.tokens', direction: 'down', dimensions: { service_name: 'shop' } }, 'model calls use fewer tokens'],
    [{ metric: 'log.count', dimensions: { service_name: 'shop', severity: 'error' } }, 'more error logs'],
    [{ metric: 'log.count', direction: 'down', dimensions: { service_name: 'shop' } }, 'fewer logs'],
  ] as const)('of %j says in its title: %s', (change, phrase) => {
    expect(addAnomaly(null, anomaly('x', 0, change), NOW).record?.title).toBe(`shop: ${phrase}`);
  });

  it('counts further deviations in its title, and says that a service has no name', () => {
    expect(play(anomaly('a', 0), anomaly('b', 0), anomaly('c', 0))?.record.title).toBe(
      'shop: tool a is slow, and 2 more deviations',
    );
    const unnamed = addAnomaly(null, anomaly('a', 0, { dimensions: { kind: 'tool', name: 'a' } }), NOW).record;
    expect(unnamed).toMatchObject({ title: 'unnamed service: tool a is slow', service_name: '' });
  });

  it.each([
    ['retrieval', 'chain'], ['llm', 'agent'], ['chain', 'agent'], ['guardrail', 'agent'], ['embedding', 'chain'], ['rerank', 'chain'], ['mcp', 'chain'], ['evaluator', 'chain'],
    ['tool', 'made-up'], ['made-up', 'agent'],
  ])('takes %s for deeper than %s', (deep, shallow) => {
    const of = (kind: string, id: string, score: number) => anomaly(id, 0, { dimensions: { service_name: 'shop', kind, name: id }, score });
    expect(play(of(shallow, 'a', 50), of(deep, 'b', 1))?.record.probable_cause).toBe('tool b took long');
  }); // prettier-ignore

  it('takes calls of models for as deep as tools, and agents for deeper than turns', () => {
    const model = anomaly('m', 0, { metric: 'llm.cost', dimensions: { service_name: 'shop', model: 'm' }, score: 50 });
    expect(play(model, anomaly('t', 0))?.record.probable_cause).toBe('tool m took long');
    const agent = anomaly('g', 0, { dimensions: { service_name: 'shop', kind: 'agent', name: 'g' } });
    expect(play(anomaly('t', 0, { ...TURN, score: 50 }), agent)?.record.probable_cause).toBe('tool g took long');
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
    expect(closed).toMatchObject({ incident: null, transition: 'closed' });
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
    expect(step).toMatchObject({ transition: 'opened', record: { anomaly_ids: [] }, incident: { members: [] } });
    const incident = step.incident as OpenIncident;
    expect(closesAt(incident, QUIET)).toBe(NOW + 2 * HOUR_MS + QUIET);
    const next = addCostSpike(incident, { ...sign, hour: NOW + HOUR_MS, factor: 3 }, NOW, NOW + HOUR_MS + 1);
    expect(next).toMatchObject({
      transition: 'changed',
      record: { id: incident.record.id, peak_score: 4, probable_cause: incident.record.probable_cause },
    });
  });

  it('says small sums with four digits, and that a service has no name', () => {
    const { record } = addCostSpike(null, { ...sign, service: '', totalNano: 12_345_678, medianNano: 999_999_999 }, NOW, NOW);
    expect(record).toMatchObject({
      title: 'unnamed service: spend is 4 times the usual',
      probable_cause: 'unnamed service spent $0.0123 in the hour from 12:00 UTC, usually $1.0000',
    });
  });

  it('takes the size of its worst hour, and keeps its beginning', () => {
    const first = addCostSpike(null, sign, NOW, NOW + 1_000);
    const worse = addCostSpike(
      first.incident,
      { ...sign, hour: NOW + HOUR_MS, totalNano: 9e9, factor: 9.123456 },
      NOW,
      NOW + HOUR_MS,
    );
    expect(worse.record).toMatchObject({
      opened_at: at(1), updated_at: at(3_600), peak_score: 9.123, title: 'shop: spend is 9.1 times the usual', probable_cause: 'shop spent $9.00 in the hour from 13:00 UTC, usually $1.00',
    }); // prettier-ignore
    const late = addCostSpike(worse.incident, { ...sign, hour: NOW - HOUR_MS }, NOW, NOW + HOUR_MS);
    expect(late.incident?.lastEvidenceAt).toBe(NOW + 3 * HOUR_MS);
  });

  it('of backfill data is dated by events, and is another than a live one', () => {
    const past = addCostSpike(null, { ...sign, backfill: true }, NOW + 5_000, NOW + 90_000);
    expect(past.record).toMatchObject({ opened_at: at(5), backfill: true });
    const ids = [
      past,
      ...[sign, { ...sign, tenant: 'b' }, { ...sign, service: 'b' }, { ...sign, hour: 0 }].map((s) =>
        addCostSpike(null, s, NOW, NOW),
      ),
    ];
    expect(new Set(ids.map(({ record }) => record?.id)).size).toBe(5);
    // Its events are over; the clock of batches closes it.
    expect(closesAt(past.incident as OpenIncident, QUIET)).toBe(NOW + 90_000 + QUIET);
  });

  it('is not closed by event time while it is live', () => {
    const { incident } = addCostSpike(null, sign, NOW, NOW);
    expect(resolveIfInactive(incident as OpenIncident, NOW + 9 * HOUR_MS, NOW, QUIET)).toEqual({
      incident,
      record: null,
      transition: null,
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
  it.each([
    [89, '89 s'],
    [90, '2 min'],
  ])('says that %i s were %s, and how many anomalies there were', (seconds, words) => {
    const ended = { ...closed, opened_at: at(0), updated_at: at(seconds), anomaly_ids: ['a', 'b'] };
    expect(alertOf(ended, 'closed')?.summary).toBe(`tool search took long. Lasted ${words}, 2 anomalies.`);
    expect(alertOf({ ...ended, anomaly_ids: [] }, 'closed')?.summary).toBe(`tool search took long. Lasted ${words}.`);
  });
  it('is not sent for a change or for backfill', () => {
    expect(alertOf(closed, 'changed')).toBeNull();
    expect(alertOf({ ...closed, backfill: true }, 'closed')).toBeNull();
  });
});
