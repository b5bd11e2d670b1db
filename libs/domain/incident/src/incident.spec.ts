import { incidentRecord } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import {
  addCostSpike,
  addMember,
  closeNow,
  closesAt,
  fire,
  isOver,
  isToFire,
  leave,
  MAX_MEMBERS,
  memberOf,
  openWith,
  type OpenIncident,
  resolve,
} from '.';
import { anomaly, at, graphOf, NOW, play } from './incident.fixture';

const QUIET = 300_000;
const TURN = { metric: 'turn.duration', dimensions: { service_name: 'shop' }, summary: 'turns took long' };
const NOWHERE = { publicUrl: '' };

describe('a behavior incident', () => {
  it('opens with the first anomaly, with a readable title', () => {
    const { record } = play([anomaly('search', 0)], graphOf(), NOW + 20_000);
    expect(incidentRecord.parse(record)).toMatchObject({
      state: 'open', opened_at: at(20), title: 'shop: tool search is slow', service_name: 'shop', kind: 'behavior', anomaly_ids: ['search'], open_anomalies: 1,
      probable_cause: 'tool search took long', peak_score: 6, onset_at: at(0), services: ['shop'],
    }); // prettier-ignore
  });

  it.each([
    ['what departed first', [anomaly('late', 0, { score: 50 }), anomaly('early', -200)], [], 'tool early took long'],
    ['of those that began together the furthest', [anomaly('near', 0), anomaly('far', 0, { score: 9 })], [], 'tool far took long'],
    ['the callee before its caller', [anomaly('t', 0, { ...TURN, score: 50 }), anomaly('deep', 60)], [], 'tool deep took long'],
    [
      'the callee of a callee',
      [anomaly('a', 0, { score: 50 }), anomaly('b', 60)],
      ['shop/tool a → shop/tool b'],
      'tool b took long',
    ],
    [
      'what several services have, before what one has',
      [anomaly('own', 0, { score: 50 }), ...['bot', 'shop'].map((service) => anomaly(`x-${service}`, 60, { dimensions: { service_name: service, kind: 'tool', name: 'x' } }))],
      [],
      'tool x-bot took long',
    ],
    [
      'what explains more',
      [anomaly('own', 0, { score: 50 }), anomaly('whole', 60), anomaly('part', 90, { ...TURN, parent_anomaly_id: 'whole' }), anomaly('other', 90, { parent_anomaly_id: 'whole' })],
      [],
      'tool whole took long',
    ],
    [
      'nothing that began long after',
      [anomaly('t', -301, TURN), anomaly('deep', 0, { score: 50 })],
      [],
      'turns took long',
    ],
    [
      'not the logs that report it',
      [anomaly('l', 0, { metric: 'log.count', dimensions: { service_name: 'shop' }, summary: 'logs' }), anomaly('t', 20, TURN)],
      [],
      'turns took long',
    ],
    ['neither of two that call each other before the first', [anomaly('a', 0), anomaly('b', 5)], ['shop/tool a → shop/tool b', 'shop/tool b → shop/tool a'], 'tool a took long'],
  ] as const)('names as the cause %s', (_, anomalies, calls, cause) => {
    for (const order of [anomalies, [...anomalies].reverse()]) expect(play(order, graphOf(...calls)).record.probable_cause).toBe(cause);
  }); // prettier-ignore

  it('gathers anomalies, and counts the open ones', () => {
    const { record } = play([
      anomaly('a', 0),
      anomaly('b', 10),
      anomaly('a', 0, { state: 'closed', ended_at: at(50), score: 12 }),
    ]);
    expect(record).toMatchObject({ anomaly_ids: ['a', 'b'], open_anomalies: 1, peak_score: 12, title: 'shop: tool a is slow' });
  });

  it('of several anomalies that began together names the first by id, where nothing else tells them apart', () => {
    expect(play([anomaly('b', 0), anomaly('a', 0), anomaly('c', 0)]).record.probable_cause).toBe('tool a took long');
  });

  it('has its own id by tenant, service and first anomaly', () => {
    const others = [anomaly('a', 0), anomaly('b', 0), anomaly('a', 0, { tenant: 'other' }), anomaly('a', 0, { dimensions: { service_name: 'bar' } })];
    expect(new Set(others.map((one) => play([one]).record.id)).size).toBe(4);
    expect(play([anomaly('a', 10), anomaly('b', 0)]).record.id).toBe(play([anomaly('a', 0)]).record.id);
  }); // prettier-ignore

  it('notes that something happened, and no more, above its most anomalies; known ones still end', () => {
    const full = play(Array.from({ length: MAX_MEMBERS }, (_, i) => anomaly(`a${i}`, 0)));
    const later = NOW + 70_000;
    const more = addMember(full, memberOf(anomaly('one more', 0), graphOf(), later), later);
    expect(more).toEqual({ incident: { ...full, lastActivityAt: later }, entries: [] });
    const ended = addMember(full, memberOf(anomaly('a0', 0, { state: 'closed', ended_at: at(50) }), graphOf(), later), later);
    expect(ended.incident.record).toMatchObject({ open_anomalies: MAX_MEMBERS - 1 });
  });

  it('does not trust clocks of producers that are ahead', () => {
    const ahead = anomaly('a', 7_200, { ended_at: at(7_200) });
    const { incident } = openWith(memberOf(ahead, graphOf(), NOW), ahead, NOW);
    expect(incident).toMatchObject({ lastEvidenceAt: NOW, members: [{ startedAt: NOW, endedAt: NOW }] });
  });

  it.each([
    [
      { kind: 'novelty', metric: 'error.count', dimensions: { service_name: 'shop', error_fingerprint: 'f' } },
      'a new kind of error',
    ],
    [
      { kind: 'novelty', metric: 'service.version', dimensions: { service_name: 'shop', service_version: '2' } },
      'version 2 is new',
    ],
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
    expect(play([anomaly('x', 0, change)], graphOf(), NOW).record.title).toBe(`shop: ${phrase}`);
  });

  it('says that a service has no name', () => {
    const unnamed = play([anomaly('a', 0, { dimensions: { kind: 'tool', name: 'a' } })]).record;
    expect(unnamed).toMatchObject({ title: 'unnamed service: tool a is slow', service_name: '' });
  });

  it.each([
    ['retrieval', 'chain'], ['llm', 'agent'], ['chain', 'agent'], ['guardrail', 'agent'], ['embedding', 'chain'], ['rerank', 'chain'], ['mcp', 'chain'], ['evaluator', 'chain'],
    ['tool', 'made-up'], ['made-up', 'agent'],
  ])('takes %s for deeper than %s', (deep, shallow) => {
    const of = (kind: string, id: string, score: number) => anomaly(id, 0, { dimensions: { service_name: 'shop', kind, name: id }, score });
    expect(play([of(shallow, 'a', 50), of(deep, 'b', 1)]).record.probable_cause).toBe('tool b took long');
  }); // prettier-ignore

  it('closes when all its anomalies are over and it was inactive for a while', () => {
    const over = (id: string, second: number) => anomaly(id, 0, { state: 'closed', ended_at: at(second) });
    expect(closesAt(play([anomaly('a', 0), anomaly('b', 0), over('a', 50)]), QUIET)).toBe(Infinity);
    const calm = play([anomaly('a', 0), anomaly('b', 0), over('a', 50), over('b', 55)]);
    expect(closesAt(calm, QUIET)).toBe(NOW + 360_000);
    expect([359_999, 360_000].map((ms) => isOver(calm, 0, NOW + ms, QUIET))).toEqual([false, true]);
    const { record } = closeNow(calm, 'it was quiet', NOW + 360_000, QUIET).incident;
    expect(record).toMatchObject({ id: calm.record.id, state: 'closed', phase: 'resolved', phase_reason: 'it was quiet', closed_at: at(360) });
  }); // prettier-ignore

  it('of backfill data closes by event time, or by batch time when the backfill ends', () => {
    const past = { backfill: true, state: 'closed', ended_at: at(-3_000) } as const;
    const calm = play([anomaly('a', -3_600, { backfill: true }), anomaly('a', -3_600, past)], graphOf(), NOW);
    expect(calm.record.opened_at).toBe(at(-3_600));
    expect([NOW - 2_701_000, NOW - 2_700_000].map((eventAt) => isOver(calm, eventAt, NOW, QUIET))).toEqual([false, true]);
    expect(isOver(calm, 0, NOW + QUIET, QUIET)).toBe(true);
    expect(closeNow(calm, '', NOW + QUIET, QUIET).incident.record.closed_at).toBe(at(-2_700));
  });

  it('says why an anomaly left it, and leaves alone what it does not have', () => {
    const both = play([anomaly('a', 0), anomaly('b', 0)]);
    expect(leave(both, 'a', 'it was nothing', NOW)).toMatchObject({
      incident: { record: { anomaly_ids: ['b'], open_anomalies: 1 }, left: ['a'] },
      entries: [{ kind: 'anomaly_left', text: 'it was nothing: tool a took long', ref: 'a' }],
    });
    expect(leave(both, 'c', '', NOW).incident).toBe(both);
  });
});

describe('a cost incident', () => {
  const sign = { tenant: 'acme', service: 'shop', hour: NOW, totalNano: 4e9, medianNano: 1e9, factor: 4, backfill: false };
  it('opens on a spike, reports its size, and closes when the next hour has passed without one', () => {
    const step = addCostSpike(null, sign, NOW, NOW + 600_000);
    expect(incidentRecord.parse(step.incident.record)).toMatchObject({
      kind: 'cost',
      title: 'shop: spend is 4 times the usual',
      probable_cause: 'shop spent $4.00 in the hour from 12:00 UTC, usually $1.00',
    });
    expect(step).toMatchObject({ incident: { members: [], record: { anomaly_ids: [] } }, entries: [{ kind: 'onset' }] });
    const incident = step.incident as OpenIncident;
    expect(closesAt(incident, QUIET)).toBe(NOW + 2 * HOUR_MS + QUIET);
    const next = addCostSpike(incident, { ...sign, hour: NOW + HOUR_MS, factor: 3 }, NOW, NOW + HOUR_MS + 1);
    expect(next).toMatchObject({
      incident: { record: { id: incident.record.id, peak_score: 4, probable_cause: incident.record.probable_cause } },
      entries: [],
    });
  });

  it('says small sums with four digits, and that a service has no name', () => {
    const { record } = addCostSpike(
      null,
      { ...sign, service: '', totalNano: 12_345_678, medianNano: 999_999_999 },
      NOW,
      NOW,
    ).incident;
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
    expect(worse.incident.record).toMatchObject({
      opened_at: at(1), updated_at: at(3_600), peak_score: 9.123, title: 'shop: spend is 9.1 times the usual', probable_cause: 'shop spent $9.00 in the hour from 13:00 UTC, usually $1.00',
    }); // prettier-ignore
    const late = addCostSpike(worse.incident, { ...sign, hour: NOW - HOUR_MS }, NOW, NOW + HOUR_MS);
    expect(late.incident?.lastEvidenceAt).toBe(NOW + 3 * HOUR_MS);
  });

  it('of backfill data is dated by events, and is another than a live one', () => {
    const past = addCostSpike(null, { ...sign, backfill: true }, NOW + 5_000, NOW + 90_000);
    expect(past.incident.record).toMatchObject({ opened_at: at(5), backfill: true });
    const ids = [
      past,
      ...[sign, { ...sign, tenant: 'b' }, { ...sign, service: 'b' }, { ...sign, hour: 0 }].map((s) =>
        addCostSpike(null, s, NOW, NOW),
      ),
    ];
    expect(new Set(ids.map(({ incident: { record } }) => record.id)).size).toBe(5);
    // Its events are over; the clock of batches closes it.
    expect(closesAt(past.incident as OpenIncident, QUIET)).toBe(NOW + 90_000 + QUIET);
  });

  it('is not closed by event time while it is live', () => {
    const { incident } = addCostSpike(null, sign, NOW, NOW);
    expect(isOver(incident, NOW + 9 * HOUR_MS, NOW, QUIET)).toBe(false);
  });

  it.each([
    [1.5, 'info'],
    [2, 'warning'],
    [51, 'critical'],
  ])('of %d dollars where one is usual is: %s', (dollars, severity) => {
    const { record } = addCostSpike(null, { ...sign, totalNano: dollars * 1e9 }, NOW, NOW).incident;
    expect(record).toMatchObject({ severity, cost_nano_usd: (dollars - 1) * 1e9 });
  });
});

describe('an alert', () => {
  const open = play([anomaly('search', 0)], graphOf(), NOW);
  const fired = (incident: OpenIncident, seconds: number): OpenIncident => ({ ...incident, fired: fire(incident, NOW + seconds * 1_000, NOWHERE).fired });

  it('fires once, and again where the incident is more severe, under ids of its own and one key', () => {
    expect([isToFire(open), isToFire(fired(open, 0))]).toEqual([true, false]);
    const worse = { ...fired(open, 0), record: { ...open.record, severity: 'critical' as const } };
    expect(isToFire(worse)).toBe(true);
    const [first, second] = [fire(open, NOW, NOWHERE).alert, fire(worse, NOW, NOWHERE).alert];
    expect(first).toMatchObject({ status: 'firing', title: 'shop: tool search is slow', summary: 'tool search took long', severity: 'info', link: '' });
    expect([second.severity, first.dedupe_key === second.dedupe_key, first.id === second.id]).toEqual(['critical', true, false]);
  });

  it.each([
    [89, '89 s'],
    [90, '2 min'],
  ])('says that %i s were %s, and how many anomalies there were', (seconds, words) => {
    const of = (ids: string[]) => resolve({ ...fired(open, 0), record: { ...open.record, anomaly_ids: ids } }, NOW + seconds * 1_000, NOWHERE)?.alert.summary;
    expect(of(['a'])).toBe(`tool search took long. Lasted ${words}, 1 anomaly.`);
    expect(of(['a', 'b'])).toBe(`tool search took long. Lasted ${words}, 2 anomalies.`);
    expect(of([])).toBe(`tool search took long. Lasted ${words}.`);
  });

  it('is resolved once, under the title that fired', () => {
    const renamed = { ...fired(open, 0), record: { ...open.record, title: 'another cause' } };
    const over = resolve(renamed, NOW + 720_000, NOWHERE);
    expect(over?.alert).toMatchObject({ status: 'resolved', title: 'Over: shop: tool search is slow' });
    expect(resolve({ ...renamed, fired: over?.fired ?? null }, NOW, NOWHERE)).toBeNull();
    expect(resolve(open, NOW, NOWHERE)).toBeNull();
  });

  it('is none of backfill, and of an incident that is over', () => {
    expect(isToFire({ ...open, record: { ...open.record, backfill: true } })).toBe(false);
    expect(isToFire({ ...open, record: { ...open.record, state: 'closed' } })).toBe(false);
  });

  it('links to the page of its incident', () => {
    expect(fire(open, NOW, { publicUrl: 'https://t.example/' }).alert.link).toBe(`https://t.example/incidents/${open.record.id}`);
  });
}); // prettier-ignore
