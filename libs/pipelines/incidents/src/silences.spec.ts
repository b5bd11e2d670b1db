import { type AnomalyRecord } from '@telltale/contracts';
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type BatchEffects } from '@telltale/streaming';
import { rowsOf, runWithRestores } from '@telltale/streaming/testing';
import { alertsOf, anomaly, closed, incidentsOf, newSut, newTopology, NOW, silence } from './incidents.fixture';

/** When silences of the fixture end. */
const UNTIL = NOW + HOUR_MS;
const QUIET = 300_000;
const BOT = { dimensions: { service_name: 'bot' } };

const over = (id: string, change: Partial<AnomalyRecord> = {}) => closed(id, NOW, NOW, change);
const statusesOf = (effects: BatchEffects) => alertsOf(effects).map(({ status }) => status);

describe('a silence', () => {
  it('holds back the alert of an incident, which is written as always, in the topic and the table', () => {
    const effects = newSut().run({ now: NOW, records: [silence(), anomaly('a', NOW)] });
    expect(incidentsOf(effects)).toMatchObject([{ state: 'open' }]);
    expect(effects.rows.get('incidents')).toHaveLength(1);
    expect([alertsOf(effects), effects.rows.has('alerts')]).toEqual([[], false]);
    expect(effects.counts).toMatchObject({ incidents_opened: 1, alerts_silenced: 1 });
  });

  it.each([
    ['of its service', { service_name: 'shop' }, []],
    ['of its kind', { kind: 'behavior' }, []],
    ['of its service and kind', { service_name: 'shop', kind: 'behavior' }, []],
    ['of another service', { service_name: 'bot' }, ['firing']],
    ['of another kind', { kind: 'cost' }, ['firing']],
    ['of its service and another kind', { service_name: 'shop', kind: 'cost' }, ['firing']],
    ['that ends now', { until: isoTime(NOW) }, ['firing']],
    ['that ends in a moment', { until: isoTime(NOW + 1) }, []],
  ])('%s is about an incident, or is not', (_what, value, statuses) => {
    expect(statusesOf(newSut().run({ now: NOW, records: [silence(value), anomaly('a', NOW)] }))).toEqual(statuses);
  });

  it('of another tenant, or of more than 30 days, holds nothing back', () => {
    const records = [silence({}, { tenant: 'beta' }), silence({ until: isoTime(NOW + 30 * DAY_MS) }), anomaly('a', NOW)];
    const effects = newSut().run({ now: NOW, records });
    expect(statusesOf(effects)).toEqual(['firing']);
    expect(effects.counts).toMatchObject({ settings_ignored: 1 });
  });

  it('that ends while the incident is open lets its alert go then, with what is known by then', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [silence(), anomaly('a', NOW)] });
    expect(statusesOf(sut.run({ now: NOW + MINUTE_MS, records: [anomaly('b', NOW)] }))).toEqual([]);
    expect([sut.task.due(UNTIL - 1), sut.task.due(UNTIL)]).toEqual([false, true]);
    const late = sut.run({ now: UNTIL, records: [] });
    expect(alertsOf(late)).toMatchObject([{ status: 'firing', at: isoTime(UNTIL), title: 'shop: tool a is slow' }]);
    expect(rowsOf(late, 'alerts')).toEqual(alertsOf(late));
    expect([late.rows.has('incidents'), sut.task.due(UNTIL + HOUR_MS)]).toEqual([false, false]);
    sut.run({ now: UNTIL + 1, records: [over('a'), over('b')] });
    expect(statusesOf(sut.run({ now: UNTIL + 1 + QUIET, records: [] }))).toEqual(['resolved']);
  });

  it.each([
    ['deleted', silence(null, { version: 2 })],
    ['made shorter', silence({ until: isoTime(NOW) }, { version: 2 })],
    ['made one of another service', silence({ service_name: 'bot' }, { version: 2 })],
  ])('that is %s lets the alert go in the same batch', (_what, change) => {
    const sut = newSut();
    sut.run({ now: NOW, records: [silence(), anomaly('a', NOW)] });
    expect(statusesOf(sut.run({ now: NOW + MINUTE_MS, records: [change] }))).toEqual(['firing']);
  });

  it('that is followed by another holds the alert back until the last is over', () => {
    const sut = newSut();
    const longer = silence({ until: isoTime(UNTIL + HOUR_MS) }, { name: 'longer' });
    sut.run({ now: NOW, records: [silence(), longer, anomaly('a', NOW)] });
    expect(sut.task.due(UNTIL)).toBe(false);
    expect(statusesOf(sut.run({ now: UNTIL + HOUR_MS, records: [] }))).toEqual(['firing']);
  });

  it('leaves no lone resolved: nobody heard that it fired', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [silence(), anomaly('a', NOW)] });
    sut.run({ now: NOW + 1, records: [over('a')] });
    const end = sut.run({ now: NOW + 1 + QUIET, records: [] });
    expect([statusesOf(end), end.counts]).toEqual([[], { incidents_closed: 1 }]);
    expect([...sut.state.keys()].filter((key) => /^(?:i|silenced)\//.test(key))).toEqual([]);
    expect(statusesOf(sut.run({ now: UNTIL, records: [anomaly('b', NOW)] }))).toEqual(['firing']);
  });

  it('that ends in the batch in which the incident closes sends nothing about what is over', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [silence(), anomaly('a', NOW), over('a')] });
    expect(statusesOf(sut.run({ now: UNTIL, records: [] }))).toEqual([]);
  });

  it('set after the alert fired changes nothing: it is resolved', () => {
    const sut = newSut();
    expect(statusesOf(sut.run({ now: NOW, records: [anomaly('a', NOW)] }))).toEqual(['firing']);
    sut.run({ now: NOW + 1, records: [silence(), over('a')] });
    expect(statusesOf(sut.run({ now: NOW + 1 + QUIET, records: [] }))).toEqual(['resolved']);
  });

  it('does the same when the task is lost and restored after any batch', () => {
    const batches = [
      { now: NOW, records: [silence(), anomaly('a', NOW), anomaly('b', NOW, BOT)] },
      { now: NOW + 1, records: [anomaly('c', NOW)] },
      { now: NOW + 2, records: [silence({ service_name: 'shop' }, { version: 2 })] },
      { now: UNTIL, records: [] },
      { now: UNTIL + 1, records: [over('a'), over('b', BOT), over('c')] },
      { now: UNTIL + 1 + QUIET, records: [] },
    ];
    const whole = runWithRestores(newTopology(), batches, []);
    for (let cut = 1; cut < batches.length; cut++) expect(runWithRestores(newTopology(), batches, [cut])).toEqual(whole);
    const task = newSut();
    expect(batches.map((batch) => statusesOf(task.run(batch)))).toEqual([
      [],
      [],
      ['firing'],
      ['firing'],
      [],
      ['resolved', 'resolved'],
    ]);
  });
});
