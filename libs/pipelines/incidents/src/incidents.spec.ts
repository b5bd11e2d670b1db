import { join } from 'node:path';
import { type CostRecord, incidentRecord, TOPICS } from '@telltale/contracts';
import { HOUR_MS, isoTime } from '@telltale/kernel';
import { describeWrittenState, newTestRecord, runWithRestores, type TestBatch } from '@telltale/streaming/testing';
import {
  alertsOf,
  anomaly,
  budgetAlert,
  closed,
  incidentsOf,
  newSut,
  newTopology,
  NOW,
  ofBudgets,
  silence,
  spike,
} from './incidents.fixture';

const HOUR = NOW - 30 * 60_000;

const cost = (hour: number, dollars: number, change: Partial<CostRecord> = {}) =>
  newTestRecord(TOPICS.costs.name, {
    tenant: 'acme', hour: isoTime(hour), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', calls: 1, unpriced_calls: 0, cost_nano_usd: dollars * 1e9,
    input_tokens: 1, output_tokens: 1, backfill: false, watermark: isoTime(hour), ...change,
  }); // prettier-ignore

describe('the incidents pipeline', () => {
  it('writes what an incident has become once a batch, and sends alerts on its edges', () => {
    const sut = newSut();
    const first = sut.run({ now: NOW, records: [anomaly('a', NOW - 20_000), anomaly('b', NOW - 10_000)] });
    expect(incidentsOf(first).map((i) => incidentRecord.parse(i).open_anomalies)).toEqual([2]);
    expect(alertsOf(first).map((a) => a.status)).toEqual(['firing']);
    expect(first.rows.get('incidents')).toHaveLength(1);
    expect(first.rows.get('alerts')).toHaveLength(1);

    const calm = sut.run({ now: NOW + 60_000, records: [closed('a', NOW - 20_000, NOW), closed('b', NOW - 10_000, NOW)] });
    expect(alertsOf(calm)).toEqual([]);
    expect(sut.task.due(NOW + 359_999)).toBe(false);
    expect(sut.task.due(NOW + 360_000)).toBe(true);
    const over = sut.run({ now: NOW + 360_000, records: [] });
    expect(incidentsOf(over)).toMatchObject([{ state: 'closed', closed_at: isoTime(NOW + 360_000), anomaly_ids: ['a', 'b'] }]);
    expect(alertsOf(over)).toMatchObject([{ status: 'resolved', incident_id: incidentsOf(first)[0]?.id }]);
    expect([...sut.state.keys()].filter((key) => key.startsWith('i/'))).toEqual([]);
  });

  it('keeps services, tenants, history and live apart', () => {
    const effects = newSut().run({
      now: NOW,
      records: [
        anomaly('a', NOW),
        anomaly('b', NOW, { tenant: 'other' }),
        anomaly('c', NOW, { dimensions: { service_name: 'bot' } }),
        anomaly('d', NOW - HOUR_MS, { backfill: true }),
      ],
    });
    expect(new Set(incidentsOf(effects).map((i) => i.id)).size).toBe(4);
    expect(alertsOf(effects)).toHaveLength(3);
  });

  it('closes backfill incidents by event time, without an alert', () => {
    const sut = newSut();
    const old = NOW - 10 * HOUR_MS;
    const past = { backfill: true };
    sut.run({ now: NOW, records: [anomaly('a', old, past), closed('a', old, old + 600_000, past)] });
    expect(
      incidentsOf(sut.run({ now: NOW, records: [cost(old, 0.001, { backfill: true, watermark: isoTime(old + 899_999) })] })),
    ).toEqual([]);
    const over = sut.run({ now: NOW, records: [cost(old, 0.001, { backfill: true, watermark: isoTime(old + 900_000) })] });
    expect(incidentsOf(over)).toMatchObject([{ state: 'closed', closed_at: isoTime(old + 900_000) }]);
    expect(alertsOf(over)).toEqual([]);
  });

  it('opens a cost incident once when an hour costs several times the usual', () => {
    const sut = newSut();
    const jump = sut.run({ now: NOW, records: [spike(HOUR, 4)] });
    expect(incidentsOf(jump)).toMatchObject([
      { kind: 'cost', state: 'open', title: 'shop: spend is 4 times the usual', backfill: false, service_name: 'shop' },
    ]);
    expect(alertsOf(jump)).toHaveLength(1);
    const more = sut.run({ now: NOW + 1, records: [spike(HOUR, 4, { state: 'resolved' }), spike(HOUR + HOUR_MS, 3)] });
    expect([incidentsOf(more), alertsOf(more)]).toEqual([[], []]);
    expect(sut.task.due(HOUR + 3 * HOUR_MS + 300_000)).toBe(true);
    const over = sut.run({ now: HOUR + 3 * HOUR_MS + 300_000, records: [] });
    expect(alertsOf(over).map((a) => a.status)).toEqual(['resolved']);
  });

  it('keeps a jump of all services together apart from one of a service without a name', () => {
    const effects = newSut().run({
      now: NOW,
      records: [spike(HOUR, 4, { value: '', service_name: '' }), spike(HOUR, 4, { dimension: '', value: '', service_name: '' })],
    });
    expect(incidentsOf(effects).map(({ title }) => title)).toEqual([
      'unnamed service: spend is 4 times the usual',
      'all services: spend is 4 times the usual',
    ]);
    expect(new Set(incidentsOf(effects).map(({ id }) => id)).size).toBe(2);
  });

  it('opens one of history for a jump in history, without an alert', () => {
    const effects = newSut().run({ now: NOW, records: [spike(HOUR, 4, { backfill: true, event_time: isoTime(HOUR + 1) })] });
    expect(incidentsOf(effects)).toMatchObject([{ backfill: true, opened_at: isoTime(HOUR + 1) }]);
    expect(alertsOf(effects)).toEqual([]);
  });

  it('keeps what befalls a budget together, and is over when all of it is', () => {
    const sut = newSut();
    const fast = budgetAlert({ kind: 'burn_rate', severity: 'fast', alert_id: 'fast', burn_rate: 20 });
    const hard = budgetAlert({ alert_id: 'hard' });
    const opened = sut.run({ now: NOW, records: [fast, budgetAlert({ severity: 'soft', alert_id: 'soft' })].map(ofBudgets) });
    expect(incidentsOf(opened)).toMatchObject([
      { kind: 'cost', title: 'Budget monthly: it is used up 20 times as fast as it lasts' },
    ]);
    expect(alertsOf(opened)).toMatchObject([{ status: 'firing', summary: 'Something of fast' }]);
    const joined = sut.run({ now: NOW + 1_000, records: [ofBudgets(hard), ofBudgets({ ...fast, state: 'resolved' })] });
    expect(incidentsOf(joined).map(({ id, title }) => [id, title])).toEqual([
      [incidentsOf(opened)[0]?.id, 'Budget monthly: its limit is passed'],
    ]);
    // A limit that is passed is worse than one that will be.
    expect(alertsOf(joined)).toMatchObject([
      { status: 'firing', severity: 'critical', title: 'Budget monthly: its limit is passed' },
    ]);
    expect(sut.task.due(NOW + HOUR_MS)).toBe(false);
    sut.run({ now: NOW + HOUR_MS, records: [ofBudgets({ ...hard, state: 'resolved' })] });
    const over = sut.run({ now: NOW + HOUR_MS + 300_000, records: [] });
    expect(alertsOf(over)).toMatchObject([{ status: 'resolved', title: 'Over: Budget monthly: its limit is passed' }]);
  });

  it('gathers the turns of a budget that cost too much, and needs no end of them', () => {
    const sut = newSut();
    const turn = (id: string) =>
      ofBudgets(budgetAlert({ kind: 'turn_cost', severity: 'warning', alert_id: id, value: id, service_name: 'shop' }));
    const effects = sut.run({
      now: NOW,
      records: [turn('t1'), turn('t2'), ofBudgets(budgetAlert({ state: 'resolved', alert_id: 'unknown' }))],
    });
    expect(new Set(incidentsOf(effects).map(({ id }) => id)).size).toBe(1);
    expect(alertsOf(effects)).toHaveLength(1);
    expect(alertsOf(sut.run({ now: NOW + 300_000, records: [] })).map(({ status }) => status)).toEqual(['resolved']);
  });

  it('does not move the time of history by a correction', () => {
    const sut = newSut();
    const old = NOW - 10 * HOUR_MS;
    sut.run({ now: NOW, records: [anomaly('a', old, { backfill: true }), closed('a', old, old + 600_000, { backfill: true })] });
    expect(
      incidentsOf(sut.run({ now: NOW, records: [cost(old, 1, { backfill: true, correction: true, watermark: isoTime(NOW) })] })),
    ).toEqual([]);
  });

  const old = NOW - 20 * HOUR_MS;
  const quiet = silence({ service_name: 'quiet', until: isoTime(NOW + 5 * 400_000 + 600_000) });
  const batches: TestBatch[] = [
    [anomaly('x', old, { backfill: true }), cost(old, 1, { backfill: true }), quiet],
    ...[4, 3, 2, 1].map((h) => [cost(HOUR - h * HOUR_MS, 1), closed('x', old, old + 60_000, { backfill: true })]),
    [anomaly('a', NOW), spike(HOUR, 5), ofBudgets(budgetAlert({})), anomaly('q', NOW, { dimensions: { service_name: 'quiet' } })],
    [anomaly('b', NOW + 60_000), ofBudgets(budgetAlert({ state: 'resolved' }))],
    [closed('a', NOW, NOW + 100_000), closed('b', NOW, NOW + 100_000)],
    [],
    [],
  ].map((records, i) => ({ now: NOW + i * 400_000, records }));
  it('does the same when the task is lost and restored', () => {
    const whole = runWithRestores(newTopology(), batches, []);
    for (let cut = 1; cut < batches.length; cut++) expect(runWithRestores(newTopology(), batches, [cut])).toEqual(whole);
    expect(whole.join()).toContain('"incidents_closed"');
    expect(whole.join()).toContain('"alerts_silenced"');
  });

  describeWrittenState(join(__dirname, 'state', 'written'), newTopology(), {
    before: batches.slice(0, 6),
    after: batches.slice(6),
  });

  it.each([
    ['no JSON', newTestRecord(TOPICS.costs.name, '[secret'), 'undecodable', 'position'],
    ['a cost with a fraction', cost(HOUR, 1e-10), 'invalid_field', 'cost_nano_usd'],
    [
      'an edge of a budget with a fraction of money',
      ofBudgets(budgetAlert({ spent_nano_usd: 0.5 })),
      'invalid_field',
      'spent_nano_usd',
    ],
    ['an anomaly with an unknown state', anomaly('a', NOW, { state: 'odd' as 'open' }), 'invalid_field', 'state'],
  ] as const)('sends %s to the DLQ with its reason', (_, record, reason, named) => {
    const { rejections } = newSut().run({ now: NOW, records: [record] });
    expect(rejections).toMatchObject([{ reason, error: expect.stringContaining(named) as string, tenant: 'acme' }]);
    expect(rejections[0]?.error).not.toContain('secret');
  });
});
