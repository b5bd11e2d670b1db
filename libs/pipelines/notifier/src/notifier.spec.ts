import { join } from 'node:path';
import { type ReceiverValue } from '@telltale/contracts';
import { DAY_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { describeWrittenState, newTestSettingRecord, runWithRestores, type TestBatch } from '@telltale/streaming/testing';
import {
  acknowledged,
  alert,
  askedOf,
  deliveriesOf,
  failedTry,
  newSut,
  newTopology,
  NOW,
  over,
  receiver,
  requestsOf,
  result,
  test,
  triaged,
} from './notifier.fixture';

const ONE_AT_A_TIME = { NOTIFIER_MAX_UNDER_WAY_PER_RECEIVER: '1' };
const silence = (value: object, version = 1) =>
  newTestSettingRecord('silence', 'acme', { reason: 'the move', ...value }, { name: 'move', version, changedAt: NOW });

describe('the notifier', () => {
  it('asks that every receiver hears that an alert fires, and that it is over, under ids that stay the same', () => {
    const sut = newSut();
    const fires = sut.run({ now: NOW, records: [receiver('ops'), receiver('team'), alert('i1')] });
    expect(askedOf(fires)).toEqual(['ops firing 1', 'team firing 1']);
    const [ops, team] = requestsOf(fires);
    expect(ops).toMatchObject({ tenant: 'acme', receiver: 'ops', value: { type: 'webhook' }, firing_since: isoTime(NOW), alert: { incident_id: 'i1' } }); // prettier-ignore
    expect(requestsOf(newSut().run({ now: NOW + 5, records: [receiver('ops'), alert('i1')] }))[0]?.id).toBe(ops?.id);
    const heard = sut.run({ now: NOW + 1, records: [result(ops), result(team)] });
    expect(deliveriesOf(heard)).toMatchObject([
      { receiver: 'ops', status: 'delivered', attempt: 1, http_status: 200, next_try_at: null, expires_on: '2026-05-31' },
      { receiver: 'team', status: 'delivered' },
    ]);
    expect(askedOf(sut.run({ now: NOW + 2, records: [over('i1')] }))).toEqual(['ops resolved 1', 'team resolved 1']);
  });

  it('does nothing where there are no receivers', () => {
    const effects = newSut().run({ now: NOW, records: [alert('i1'), over('i1')] });
    expect([effects.outputs, effects.rows.size, effects.state.size]).toEqual([[], 0, 0]);
  });

  it.each<[string, Partial<ReceiverValue>, boolean]>([
    ['of its service', { matchers: [{ field: 'service', op: '=', value: 'shop' }] }, true],
    ['of another service', { matchers: [{ field: 'service', op: '=', value: 'bot' }] }, false],
    ['of any but its service', { matchers: [{ field: 'service', op: '!=', value: 'shop' }] }, false],
    ['of one of several severities', { matchers: [{ field: 'severity', op: 'in', value: ['warning', 'critical'] }] }, true],
    ['of cost', { matchers: [{ field: 'kind', op: '=', value: 'cost' }] }, false],
    ['of the tool', { matchers: [{ field: 'tool', op: '=', value: 'search' }] }, true],
    ['of a tool whose name is a part of its name', { matchers: [{ field: 'tool', op: '=', value: 'sea' }] }, false],
    ['of its service and another tool', { matchers: [{ field: 'service', op: '=', value: 'shop' }, { field: 'tool', op: '=', value: 'ocr' }] }, false],
    ['at least as severe', { min_severity: 'warning' }, true],
    ['more severe', { min_severity: 'critical' }, false],
  ])('asks it of a receiver of alerts %s: %3$s', (_what, value, isAsked) => {
    expect(askedOf(newSut().run({ now: NOW, records: [receiver('ops', value), alert('i1')] }))).toEqual(isAsked ? ['ops firing 1'] : []);
  }); // prettier-ignore

  it('keeps tenants apart', () => {
    const records = [receiver('ops'), receiver('other', {}, { tenant: 'beta' }), alert('i1', { tenant: 'beta' })];
    expect(askedOf(newSut().run({ now: NOW, records }))).toEqual(['other firing 1']);
  });

  it('tells nobody that something is over who did not hear of it, or does not want to', () => {
    const sut = newSut();
    const [request] = requestsOf(sut.run({ now: NOW, records: [receiver('ops', { send_resolved: false }), alert('i1')] }));
    sut.run({ now: NOW + 1, records: [result(request), receiver('late')] });
    const effects = sut.run({ now: NOW + 2, records: [over('i1'), over('unknown')] });
    expect(askedOf(effects)).toEqual([]);
    expect([...sut.state.keys()].filter((key) => key.startsWith('n/'))).toEqual([]);
  });

  it('takes an alert that comes twice once', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [receiver('ops'), alert('i1'), alert('i1')] });
    expect(askedOf(sut.run({ now: NOW + 1, records: [alert('i1')] }))).toEqual([]);
  });

  it('tries five times with growing pauses, then has failed, and still says when it is over', () => {
    const sut = newSut();
    let effects = sut.run({ now: NOW, records: [receiver('ops'), alert('i1')] });
    const pauses: number[] = [];
    let now = NOW;
    for (let attempt = 1; attempt <= 4; attempt++) {
      const [row] = deliveriesOf(sut.run({ now, records: [failedTry(requestsOf(effects)[0])] }));
      expect(row).toMatchObject({ attempt, status: 'retrying', http_status: 503, error: 'HTTP 503' });
      const next = Date.parse(row?.next_try_at ?? '');
      pauses.push(next - now);
      expect([sut.task.due(next - 1), sut.task.due(next)]).toEqual([false, true]);
      now = next;
      effects = sut.run({ now, records: [] });
      expect(askedOf(effects)).toEqual([`ops firing ${attempt + 1}`]);
    }
    expect(pauses.map((ms) => Math.floor(Math.log(ms / 10_000) / Math.log(4) + 0.01))).toEqual([0, 1, 2, 3]);
    const last = sut.run({ now, records: [failedTry(requestsOf(effects)[0])] });
    expect(deliveriesOf(last)).toMatchObject([{ attempt: 5, status: 'failed', next_try_at: null }]);
    expect(last.counts).toEqual({ deliveries_failed: 1 });
    expect(sut.task.due(now + DAY_MS)).toBe(false);
    expect(askedOf(sut.run({ now, records: [over('i1')] }))).toEqual(['ops resolved 1']);
  });

  it('gives up at once what a receiver refuses for good, and waits as long as it asks otherwise', () => {
    const sut = newSut();
    const [a, b] = requestsOf(sut.run({ now: NOW, records: [receiver('a'), receiver('b'), alert('i1')] }));
    const effects = sut.run({ now: NOW, records: [failedTry(a, { outcome: 'failed', http_status: 404 }), failedTry(b, { retry_after_ms: 900_000 })] }); // prettier-ignore
    expect(deliveriesOf(effects)).toMatchObject([
      { receiver: 'a', status: 'failed', http_status: 404 },
      { receiver: 'b', status: 'retrying', next_try_at: isoTime(NOW + 900_000) },
    ]);
  });

  it('lets nothing of one matter overtake: that it is over waits until the receiver has heard, or never will hear, that it fires', () => {
    const sut = newSut();
    const [request] = requestsOf(sut.run({ now: NOW, records: [receiver('ops'), alert('i1')] }));
    expect(askedOf(sut.run({ now: NOW + 1, records: [over('i1')] }))).toEqual([]);
    expect(askedOf(sut.run({ now: NOW + 2, records: [failedTry(request)] }))).toEqual([]);
    const again = sut.run({ now: NOW + MINUTE_MS, records: [] });
    expect(askedOf(again)).toEqual(['ops firing 2']);
    expect(askedOf(sut.run({ now: NOW + MINUTE_MS + 1, records: [result(requestsOf(again)[0])] }))).toEqual(['ops resolved 1']);
  });

  it('says it again while it fires and nobody looks after it', () => {
    const sut = newSut();
    const first = sut.run({ now: NOW, records: [receiver('ops', { renotify_minutes: 30 }), alert('i1')] });
    sut.run({ now: NOW + 1, records: [result(requestsOf(first)[0])] });
    const at = NOW + 1 + 30 * MINUTE_MS;
    expect([sut.task.due(at - 1), sut.task.due(at)]).toEqual([false, true]);
    const second = sut.run({ now: at, records: [] });
    expect(askedOf(second)).toEqual(['ops reminder 1']);
    sut.run({ now: at + 1, records: [result(requestsOf(second)[0])] });
    const third = sut.run({ now: at + 1 + 30 * MINUTE_MS, records: [] });
    expect(new Set([first, second, third].map((effects) => requestsOf(effects)[0]?.id)).size).toBe(3);
    sut.run({ now: at + 2 + 30 * MINUTE_MS, records: [result(requestsOf(third)[0]), acknowledged('i1')] });
    expect(sut.task.due(at + DAY_MS)).toBe(false);
  });

  it.each([
    ['pagerduty', ['ops acknowledged 1']],
    ['webhook', ['ops acknowledged 1']],
    ['slack', []],
  ] as const)('tells a receiver of type %s once that somebody looks after it: %j', (type, asked) => {
    const sut = newSut();
    const value = { pagerduty: { routing_key: 'sealed.v1.key', secret: undefined, url: undefined }, webhook: {}, slack: { secret: undefined } }[type]; // prettier-ignore
    const [request] = requestsOf(sut.run({ now: NOW, records: [receiver('ops', { type, ...value } as Partial<ReceiverValue>), alert('i1')] })); // prettier-ignore
    sut.run({ now: NOW + 1, records: [result(request)] });
    expect(askedOf(sut.run({ now: NOW + 2, records: [acknowledged('i1', '')] }))).toEqual([]);
    expect(askedOf(sut.run({ now: NOW + 3, records: [acknowledged('i1'), acknowledged('i1', 'bob')] }))).toEqual(asked);
  });

  it('says it again only when no silence is about it any more', () => {
    const sut = newSut();
    const until = NOW + 2 * 3_600_000;
    const first = sut.run({ now: NOW, records: [receiver('ops', { renotify_minutes: 30 }), alert('i1')] });
    sut.run({ now: NOW, records: [result(requestsOf(first)[0]), silence({ until: isoTime(until), matchers: [{ field: 'service', value: 'shop' }] })] }); // prettier-ignore
    expect(askedOf(sut.run({ now: NOW + 30 * MINUTE_MS, records: [] }))).toEqual([]);
    expect([sut.task.due(until - 1), sut.task.due(until)]).toEqual([false, true]);
    expect(askedOf(sut.run({ now: until, records: [] }))).toEqual(['ops reminder 1']);
  });

  it('says it again only when people want to hear of the incident again', () => {
    const sut = newSut();
    const until = NOW + 2 * 3_600_000;
    const first = sut.run({ now: NOW, records: [receiver('ops', { renotify_minutes: 30 }), alert('i1')] });
    sut.run({ now: NOW + 1, records: [result(requestsOf(first)[0])] });
    sut.run({ now: NOW + 2, records: [triaged('i1', { silenced_until: isoTime(until) }), triaged('i1', {})] });
    expect([sut.task.due(until - 1), sut.task.due(until)]).toEqual([false, true]);
    expect(askedOf(sut.run({ now: until, records: [] }))).toEqual(['ops reminder 1']);
  });

  it('lets a receiver that does not answer hold up its own deliveries only, and a tenant its own', () => {
    const sut = newSut({ NOTIFIER_MAX_UNDER_WAY_PER_RECEIVER: '2', NOTIFIER_MAX_UNDER_WAY_PER_TENANT: '3' });
    const many = Array.from({ length: 50 }, (_, i) => alert(`i${String(i).padStart(2, '0')}`));
    const settings = [receiver('dead'), receiver('b', { min_severity: 'critical' }), receiver('ops', {}, { tenant: 'beta' })];
    const first = sut.run({ now: NOW, records: [...settings, ...many] });
    expect(askedOf(first)).toEqual(['dead firing 1', 'dead firing 1']);
    const others = sut.run({ now: NOW + 1, records: [alert('x', { severity: 'critical' }), alert('y', { tenant: 'beta' })] });
    expect(askedOf(others)).toEqual(['b firing 1', 'ops firing 1']);
    const next = sut.run({ now: NOW + 2, records: [failedTry(requestsOf(first)[0])] });
    expect(requestsOf(next).map(({ alert: { incident_id: id } }) => id)).toEqual(['i02']);
    expect(askedOf(sut.run({ now: NOW + 3, records: [alert('z', { severity: 'critical' })] }))).toEqual([]);
  });

  it('uses a receiver as it is set when the try starts, and forgets what one that was deleted was to hear', () => {
    const sut = newSut();
    const [request] = requestsOf(sut.run({ now: NOW, records: [receiver('ops'), alert('i1')] }));
    sut.run({ now: NOW, records: [failedTry(request), receiver('ops', { url: 'sealed.v1.other' }, { version: 2 })] });
    const again = sut.run({ now: NOW + MINUTE_MS, records: [] });
    expect(requestsOf(again)).toMatchObject([{ attempt: 2, value: { url: 'sealed.v1.other' } }]);
    sut.run({ now: NOW + MINUTE_MS, records: [failedTry(requestsOf(again)[0]), receiver('ops', null, { version: 3 })] });
    const gone = sut.run({ now: NOW + DAY_MS, records: [] });
    expect([askedOf(gone), gone.counts]).toEqual([[], { deliveries_without_receiver: 1 }]);
  });

  it('tests a receiver once, as it was when that was asked for', () => {
    const sut = newSut();
    const value = {
      type: 'slack' as const,
      url: 'sealed.v1.x',
      matchers: [],
      min_severity: 'critical' as const,
      send_resolved: true,
    };
    const effects = sut.run({ now: NOW, records: [test('new', value)] });
    expect(requestsOf(effects)).toMatchObject([{ reason: 'test', receiver: 'new', id: 'test-new', value, alert: { severity: 'info', status: 'firing' } }]); // prettier-ignore
    const after = sut.run({ now: NOW + 1, records: [failedTry(requestsOf(effects)[0])] });
    expect(deliveriesOf(after)).toMatchObject([{ id: 'test-new', reason: 'test', status: 'failed' }]);
    expect(sut.state.size).toBe(0);
  });

  it('ignores results of tries that are not under way', () => {
    const sut = newSut();
    const [request] = requestsOf(sut.run({ now: NOW, records: [receiver('ops'), alert('i1')] }));
    const effects = sut.run({ now: NOW + 1, records: [result(request), result(request), result(request, { id: 'other' }), result(request, { dedupe_key: 'none' })] }); // prettier-ignore
    expect(deliveriesOf(effects)).toHaveLength(1);
    expect(effects.counts).toEqual({ deliveries_delivered: 1, results_ignored: 3 });
  });

  it('tries again what it heard nothing of for a day', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [receiver('ops'), alert('i1')] });
    expect(deliveriesOf(sut.run({ now: NOW + DAY_MS, records: [] }))).toMatchObject([
      { attempt: 1, status: 'retrying', error: expect.stringContaining('within a day') as string },
    ]);
    expect(askedOf(sut.run({ now: NOW + DAY_MS + MINUTE_MS, records: [] }))).toEqual(['ops firing 2']);
  });

  it('is bounded: of too many matters those go that changed the longest ago', () => {
    const sut = newSut({ NOTIFIER_MAX_MATTERS_PER_TENANT: '3', ...ONE_AT_A_TIME });
    const first = sut.run({ now: NOW, records: [receiver('ops'), alert('i1')] });
    const next = sut.run({ now: NOW + 1, records: [result(requestsOf(first)[0]), alert('i2'), alert('i3'), alert('i4')] });
    expect(next.counts).toMatchObject({ matters_over_limit: 1 });
    expect([...sut.state.keys()].filter((key) => key.startsWith('n/'))).toHaveLength(3);
  });

  it('has dead letters of records that cannot be read', () => {
    const broken = { ...alert('i1'), value: Buffer.from('{"tenant":"acme"}') };
    expect(newSut().run({ now: NOW, records: [broken] }).rejections).toMatchObject([{ step: 'read_input' }]);
  });

  const settings = [receiver('ops', { renotify_minutes: 30 }), receiver('dead'), silence({ until: isoTime(NOW + 3_600_000), matchers: [{ field: 'title', value: 'i2' }] })]; // prettier-ignore
  const seen = newSut(ONE_AT_A_TIME);
  const fires = requestsOf(seen.run({ now: NOW, records: [...settings, alert('i1'), alert('i2'), alert('i3')] }));
  const batches: TestBatch[] = [
    { now: NOW, records: [...settings, alert('i1'), alert('i2'), alert('i3')] },
    { now: NOW + 1, records: [result(fires.find((one) => one.receiver === 'ops')), failedTry(fires.find((one) => one.receiver === 'dead'))] },
    { now: NOW + 2, records: [over('i3'), acknowledged('i1')] },
    { now: NOW + 20_000, records: [] },
    { now: NOW + 31 * MINUTE_MS, records: [] },
    { now: NOW + 61 * MINUTE_MS, records: [alert('i4'), receiver('dead', null, { version: 2 })] },
    { now: NOW + DAY_MS + MINUTE_MS, records: [] },
  ]; // prettier-ignore

  it('does the same when the task is lost and restored after any batch', () => {
    const whole = runWithRestores(newTopology(ONE_AT_A_TIME), batches, []);
    for (let at = 1; at < batches.length; at++) expect(runWithRestores(newTopology(ONE_AT_A_TIME), batches, [at])).toEqual(whole);
  });

  describeWrittenState(join(__dirname, 'state', 'written'), newTopology(ONE_AT_A_TIME), {
    before: batches.slice(0, 3),
    after: batches.slice(3),
  });
});
