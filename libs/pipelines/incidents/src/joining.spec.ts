import { type IncidentRecord } from '@telltale/contracts';
import { HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type LogRecord } from '@telltale/streaming';
import { runWithRestores } from '@telltale/streaming/testing';
import fc from 'fast-check';
import {
  alertsOf, anomaly, anomalyOf, call, edges, eventsOf, incidentsOf, label, newSut, newTopology, novelty, NOW, turns,
} from './incidents.fixture'; // prettier-ignore

/** Incidents as they are after batches, one record each. */
function play(batches: readonly (readonly LogRecord[])[], everyMs = 10_000) {
  const sut = newSut();
  const effects = batches.map((records, i) => sut.run({ now: NOW + i * everyMs, records }));
  const newest = new Map<string, IncidentRecord>();
  for (const one of effects.flatMap(incidentsOf)) newest.set(one.id, one);
  const all = [...newest.values()];
  return {
    sut,
    open: all.filter(({ state }) => state === 'open'),
    closed: all.filter(({ state }) => state === 'closed'),
    alerts: effects.flatMap(alertsOf),
    events: effects.flatMap(eventsOf),
    counts: effects.map(({ counts }) => counts),
  };
}
const idsOf = ({ anomaly_ids: ids }: IncidentRecord): string[] => [...ids].sort();

describe('anomalies become one incident', () => {
  it('where one shared tool is slow in three services: one alert, which names the tool', () => {
    const { open, alerts } = play([['bot', 'desk', 'shop'].map((service) => anomalyOf(service, 'tool search', NOW))]);
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({
      title: 'tool search is slow in 3 services: bot, desk, shop',
      services: ['bot', 'desk', 'shop'],
      open_anomalies: 3,
    });
    expect(alerts).toMatchObject([{ status: 'firing', dedupe_key: open[0]?.id, services: ['bot', 'desk', 'shop'] }]);
  });

  it('where all tools of a service are slow, and those that are called less show it later', () => {
    const minute = (n: number): number => NOW + n * MINUTE_MS;
    const all = (service: string) => ({ dimensions: { service_name: service, kind: 'tool' } });
    const late = [
      [anomalyOf('shop', 'tool pay', minute(0))],
      [anomalyOf('shop', 'all tools', minute(7), all('shop')), anomalyOf('desk', 'tool find', minute(7))],
      [anomalyOf('shop', 'tool find', minute(15)), anomalyOf('desk', 'model m1', minute(15))],
    ];
    const { open } = play(late, 8 * MINUTE_MS);
    expect(open.map(({ service_name: service, open_anomalies: members }) => [service, members])).toEqual([
      ['shop', 3],
      ['desk', 1],
      ['desk', 1],
    ]);
  });

  it('where a tool fails: its errors, their kind and the turns that fail with it, titled by the tool', () => {
    const { open, alerts } = play([
      [anomalyOf('shop', 'errors f1', NOW), anomalyOf('shop', 'turns', NOW, { metric: 'turn.error_ratio' })],
      [anomalyOf('shop', 'tool pay', NOW + 5_000, { metric: 'operation.error_ratio' })],
    ]);
    expect(open).toMatchObject([{ title: 'shop: tool pay fails', open_anomalies: 3 }]);
    expect(new Set(alerts.map(({ dedupe_key: key }) => key))).toEqual(new Set([open[0]?.id]));
  });

  it.each<[string, readonly LogRecord[]]>([
    ['a caller and its callee in another service', [anomalyOf('front', 'turns', NOW), anomalyOf('back', 'tool stock', NOW)]],
    ['a caller of what calls the callee', [anomalyOf('front', 'agent plan', NOW), anomalyOf('back', 'tool stock', NOW)]],
    ['a model of one provider and another of it', [anomalyOf('front', 'model m1', NOW), anomalyOf('other', 'model m2', NOW)]],
    ['a kind of error of two services', [anomalyOf('front', 'errors f1', NOW), anomalyOf('other', 'errors f1', NOW)]],
    [
      'what names the other as its parent',
      [anomalyOf('front', 'turns', NOW), anomalyOf('other', 'tool x', NOW, { parent_anomaly_id: 'front-turns' })],
    ],
  ])('of %s', (_what, records) => {
    const known = turns('front', NOW - HOUR_MS, {}, [
      call('front', 'turn', 'agent plan'),
      call('front', 'agent plan', 'tool relay', 'middle'),
      call('middle', 'tool relay', 'tool stock', 'back'),
    ]);
    const record = JSON.parse(String(known.value)) as { operations: object[] };
    record.operations = ['m1', 'm2'].map((model) => ({
      service: 'front',
      operation: `llm ${model}`,
      turns: 1,
      bad_turns: 0,
      users: '',
      model,
      provider: 'acme-ai',
    }));
    const { open } = play([[{ ...known, value: Buffer.from(JSON.stringify(record)) }], records]);
    expect(open).toHaveLength(1);
  });

  it.each<[string, readonly LogRecord[]]>([
    ['two services without a call between them', [anomalyOf('front', 'tool a', NOW), anomalyOf('back', 'tool b', NOW)]],
    ['two services with agents of one name', [anomalyOf('front', 'agent main', NOW), anomalyOf('back', 'agent main', NOW)]],
    [
      'a service whose faults began ten minutes apart',
      [anomalyOf('front', 'tool a', NOW - 10 * MINUTE_MS), anomalyOf('front', 'tool b', NOW)],
    ],
    ['live and imported data', [anomalyOf('front', 'tool a', NOW), anomalyOf('front', 'tool b', NOW, { backfill: true })]],
    ['two tenants', [anomalyOf('front', 'tool a', NOW), anomalyOf('front', 'tool b', NOW, { tenant: 'other' })]],
  ])('never of %s', (_what, records) => {
    expect(play([records]).open).toHaveLength(2);
  });

  it('but not with a bystander at the same time, whose service nobody involved calls', () => {
    const { open } = play([
      [edges(call('front', 'turn', 'tool stock', 'back'), call('mail', 'turn', 'tool send'))],
      [anomalyOf('mail', 'tool send', NOW + 1_000), anomalyOf('front', 'turns', NOW), anomalyOf('back', 'tool stock', NOW)],
    ]);
    expect(open.map(idsOf).sort()).toEqual([['back-tool-stock', 'front-turns'], ['mail-tool-send']]);
  });

  it('where turns are found to be slow long after the tool that they wait for, while that lasts', () => {
    const { open } = play(
      [[anomalyOf('shop', 'tool search', NOW)], [anomalyOf('shop', 'turns', NOW + 40 * MINUTE_MS)]],
      40 * MINUTE_MS,
    );
    expect(open.map(idsOf)).toEqual([['shop-tool-search', 'shop-turns']]);
  });

  it('where a later one shows two to be one: they merge, say so, and the second alert is resolved under its own name', () => {
    const { open, closed, alerts, events } = play([
      [edges(call('front', 'turn', 'tool stock', 'back'))],
      [anomalyOf('front', 'tool a', NOW)],
      [anomalyOf('back', 'tool stock', NOW + 10_000)],
      [anomalyOf('front', 'turns', NOW + 20_000)],
    ]);
    expect(open.map(idsOf)).toEqual([['back-tool-stock', 'front-tool-a', 'front-turns']]);
    expect(closed).toMatchObject([{ merged_into: open[0]?.id, phase: 'resolved', service_name: 'back' }]);
    expect(alerts.map(({ status, title, incident_id: id }) => [status, title, id === closed[0]?.id])).toEqual([
      ['firing', 'front: tool a is slow', false],
      ['firing', 'back: tool stock is slow', true],
      ['resolved', 'Over: back: tool stock is slow', true],
    ]);
    expect(events.filter(({ kind }) => kind === 'merged').map(({ ref }) => ref)).toEqual([closed[0]?.id, open[0]?.id]);
  });

  const SERVICES = ['bot', 'desk', 'shop', 'mail'];
  const ABOUT = ['tool search', 'tool pay', 'turns', 'errors f1', 'agent plan'];
  const CALLS = edges(
    call('bot', 'turn', 'tool search', 'shop'),
    call('desk', 'agent plan', 'tool pay'),
    call('desk', 'turn', 'agent plan'),
  );
  const some = fc.uniqueArray(
    fc.record({
      service: fc.constantFrom(...SERVICES),
      about: fc.constantFrom(...ABOUT),
      second: fc.integer({ min: 0, max: 300 }),
      score: fc.integer({ min: 5, max: 50 }),
    }),
    {
      selector: ({ service, about }) => `${service} ${about}`,
      minLength: 2,
      maxLength: 8,
    },
  );
  const recordOf = ({
    service,
    about,
    second,
    score,
  }: {
    service: string;
    about: string;
    second: number;
    score: number;
  }): LogRecord => anomalyOf(service, about, NOW - 300_000 + second * 1_000, { score });
  const resultOf = ({ open }: ReturnType<typeof play>): unknown =>
    open
      .map((one) => [idsOf(one), one.title, one.cause_anomaly_id, one.services])
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

  it('that began within five minutes, in whatever order they come within one', () => {
    fc.assert(
      fc.property(
        some.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        fc.integer({ min: 1, max: 3 }),
        ([all, shuffled], a) => {
          const batched = (list: typeof all, size: number) =>
            Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size).map(recordOf));
          expect(resultOf(play([[CALLS], ...batched(shuffled, a)], 5_000))).toEqual(
            resultOf(play([[CALLS], all.map(recordOf)], 5_000)),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('and the same when the task is lost and restored after any batch', () => {
    fc.assert(
      fc.property(some, (all) => {
        const lists = [
          [CALLS],
          ...all.map((one) => [recordOf(one)]),
          [turns('bot', NOW, { turns: 50, bad_turns: 20, users: 30, operations: ['tool search'] })],
          [label('bot-turns', 'false_positive')],
          [],
        ];
        const batches = lists.map((records, i) => ({ now: NOW + i * 20_000, records }));
        const whole = runWithRestores(newTopology(), batches, []);
        for (let cut = 1; cut < batches.length; cut++) expect(runWithRestores(newTopology(), batches, [cut])).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a title that people have heard of', () => {
  const RIGHT = [anomalyOf('shop', 'tool search', NOW), anomalyOf('shop', 'turns', NOW)];

  it('is not taken by a later false anomaly, however far it is, which leaves when it is closed as noise', () => {
    const noise = { id: 'noise', score: 90, expected_false_per_day: 0.05, windows: 4 };
    const { open, events } = play(
      [
        RIGHT,
        [anomalyOf('shop', 'tool pay', NOW + 100_000, noise)],
        [anomalyOf('shop', 'tool pay', NOW + 100_000, { ...noise, state: 'closed', ended_at: isoTime(NOW + 140_000) })],
      ],
      100_000,
    );
    expect(open).toMatchObject([{ title: 'shop: tool search is slow', anomaly_ids: ['shop-tool-search', 'shop-turns'] }]);
    expect(events.filter(({ ref }) => ref === 'noise').map(({ kind }) => kind)).toEqual([
      'anomaly_joined',
      'anomaly_ended',
      'anomaly_left',
    ]);
  });

  it('is that of its alert until the end, whatever joins and ends meanwhile', () => {
    const closedAt = { state: 'closed' as const, ended_at: isoTime(NOW + 200_000) };
    const { sut, open } = play(
      [
        RIGHT,
        [anomalyOf('shop', 'tool pay', NOW + 100_000, { score: 90 })],
        [
          anomalyOf('shop', 'tool search', NOW, closedAt),
          anomalyOf('shop', 'turns', NOW, closedAt),
          anomalyOf('shop', 'tool pay', NOW + 100_000, closedAt),
        ],
      ],
      100_000,
    );
    const over = sut.run({ now: NOW + 600_000, records: [] });
    expect(alertsOf(over)).toMatchObject([
      { status: 'resolved', title: 'Over: shop: tool search is slow', incident_id: open[0]?.id },
    ]);
  });

  it('changes to a cause that is better supported, says so, and the alert is resolved under the name it fired with', () => {
    const { sut, open, alerts, events } = play(
      [[anomalyOf('shop', 'turns', NOW)], [anomalyOf('shop', 'tool search', NOW)]],
      90_000,
    );
    expect(open).toMatchObject([{ title: 'shop: tool search is slow', cause_anomaly_id: 'shop-tool-search' }]);
    expect(events.filter(({ kind }) => kind === 'cause')).toMatchObject([
      { text: 'cause is now shop: tool search is slow, before shop: turns are slow' },
    ]);
    expect(alerts.map(({ title }) => title)).toEqual(['shop: turns are slow']);
    const over = { state: 'closed' as const, ended_at: isoTime(NOW + 100_000) };
    sut.run({
      now: NOW + 200_000,
      records: [anomalyOf('shop', 'turns', NOW, over), anomalyOf('shop', 'tool search', NOW, over)],
    });
    expect(alertsOf(sut.run({ now: NOW + 600_000, records: [] }))).toMatchObject([{ title: 'Over: shop: turns are slow' }]);
  });

  it('says that it is wider than thought, under the same alert', () => {
    const { open, alerts, events } = play(
      [[anomalyOf('shop', 'tool search', NOW)], [anomalyOf('desk', 'tool search', NOW + 60_000)]],
      90_000,
    );
    expect(open).toMatchObject([{ title: 'tool search is slow in 2 services: desk, shop' }]);
    expect([alerts.length, events.filter(({ kind }) => kind === 'cause').length]).toEqual([1, 1]);
  });

  it.each(['false_positive', 'expected'] as const)(
    'goes with a cause that is labelled %s; what is left is named instead',
    (said) => {
      const { open, events } = play(
        [[...RIGHT, anomalyOf('shop', 'tool pay', NOW + 10_000)], [label('shop-tool-search', said)]],
        120_000,
      );
      expect(open).toMatchObject([{ title: 'shop: tool pay is slow', anomaly_ids: ['shop-turns', 'shop-tool-pay'] }]);
      expect(events.filter(({ kind }) => kind === 'anomaly_left')).toMatchObject([{ ref: 'shop-tool-search' }]);
    },
  );

  it('is resolved at once where no evidence is left', () => {
    const { closed, alerts } = play([[anomalyOf('shop', 'tool search', NOW)], [label('shop-tool-search', 'false_positive')]]);
    expect(closed).toMatchObject([{ phase_reason: 'no evidence is left: ann labelled it false positive', open_anomalies: 0 }]);
    expect(alerts.map(({ status, title }) => [status, title])).toEqual([
      ['firing', 'shop: tool search is slow'],
      ['resolved', 'Over: shop: tool search is slow'],
    ]);
  });

  it('keeps evidence that people say is real', () => {
    expect(play([RIGHT, [label('shop-turns', 'real')]]).open[0]?.anomaly_ids).toHaveLength(2);
  });

  it('loses what turns out to be planned work, for good', () => {
    const planned = { in_maintenance: true };
    const { open } = play([RIGHT, [anomalyOf('shop', 'turns', NOW, planned)], [anomalyOf('shop', 'turns', NOW)]]);
    expect(open.map(idsOf)).toEqual([['shop-tool-search']]);
  });
});

describe('a new kind of error', () => {
  const bad = (turnsBad: number, at = NOW) =>
    turns('shop', at, { bad_turns: turnsBad, fingerprints: [{ fingerprint: 'f9', bad_turns: turnsBad }] });

  it('joins an open incident as evidence that keeps nothing open and names nothing', () => {
    const { open, alerts } = play([[anomalyOf('shop', 'tool search', NOW)], [novelty('shop', 'f9', NOW + 5_000)]]);
    expect(open).toMatchObject([
      { anomaly_ids: ['shop-tool-search', 'new-f9'], open_anomalies: 1, title: 'shop: tool search is slow' },
    ]);
    expect(alerts).toHaveLength(1);
  });

  it('that came first joins the incident that opens after it', () => {
    expect(play([[novelty('shop', 'f9', NOW)], [anomalyOf('shop', 'tool search', NOW + 5_000)]]).open.map(idsOf)).toEqual([
      ['new-f9', 'shop-tool-search'],
    ]);
  });

  it.each([
    [2, 0],
    [3, 1],
  ])('alone opens an incident once %i turns ended badly with it: %i', (turnsBad, incidents) => {
    const { open } = play([[novelty('shop', 'f9', NOW)], [bad(1)], [bad(turnsBad - 1)]]);
    expect(open).toHaveLength(incidents);
  });

  it('counts turns that ended badly before it was seen to be new, and lasts while more do', () => {
    const { sut, open, alerts } = play([[bad(4, NOW - 60_000)], [novelty('shop', 'f9', NOW)]]);
    expect(open).toMatchObject([{ title: 'shop: a new kind of error', severity: 'warning', phase: 'open', bad_turns: 4 }]);
    expect(alerts).toHaveLength(1);
    sut.run({ now: NOW + 200_000, records: [bad(1, NOW + 180_000)] });
    expect(alertsOf(sut.run({ now: NOW + 400_000, records: [] }))).toEqual([]);
    expect(alertsOf(sut.run({ now: NOW + 500_000, records: [] }))).toMatchObject([{ status: 'resolved' }]);
  });

  it('of another service, or another error, counts nothing', () => {
    expect(play([[novelty('desk', 'f9', NOW), novelty('shop', 'f8', NOW)], [bad(9)]]).open).toEqual([]);
  });
});

describe('a level that comes back to what it was', () => {
  const COST = {
    metric: 'llm.cost',
    series_id: 'cost',
    dimensions: { service_name: 'shop', model: 'm1' },
    expected_low: 1,
    expected_high: 2,
  };
  const up = anomaly('jump', NOW - 5 * HOUR_MS, { ...COST, value: 9 });
  const ended = anomaly('jump', NOW - 5 * HOUR_MS, { ...COST, value: 9, state: 'closed', ended_at: isoTime(NOW) });
  const back = (value: number) =>
    anomaly('less', NOW + HOUR_MS, { ...COST, direction: 'down', value, expected_low: 7, expected_high: 10 });

  it('is no incident, long after the jump was taken for normal', () => {
    const { counts, open } = play([[up], [ended], [back(1.5)]], HOUR_MS);
    expect(open).toEqual([]);
    expect(counts.at(-1)).toMatchObject({ recoveries: 1 });
  });

  it('is one where it goes far below what was normal', () => {
    expect(play([[up], [ended], [back(0.1)]], HOUR_MS).open).toHaveLength(1);
  });

  it('is none of the series that it is part of, when that falls at the same time', () => {
    const whole = anomaly('all', NOW, {
      ...COST,
      series_id: 'all',
      dimensions: { service_name: 'shop' },
      direction: 'down',
      value: 3,
    });
    expect(play([[up], [ended], [whole]], HOUR_MS).open).toEqual([]);
    const later = anomaly('all', NOW + HOUR_MS, {
      ...COST,
      series_id: 'all',
      dimensions: { service_name: 'shop' },
      direction: 'down',
      value: 3,
    });
    expect(play([[up], [ended], [later]], HOUR_MS).open).toHaveLength(1);
  });
});
