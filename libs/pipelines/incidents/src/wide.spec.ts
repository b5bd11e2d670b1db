import { type AnomalyRecord, type EdgesRecord, TOPICS } from '@telltale/contracts';
import { HOUR_MS, isoTime } from '@telltale/kernel';
import { type LogRecord } from '@telltale/streaming';
import { newTestRecord, type TestTask } from '@telltale/streaming/testing';
import { alertsOf, anomaly, anomalyOf, incidentsOf, newSut, NOW } from './incidents.fixture';

/** Three services call two models of openai, one calls anthropic as well; each has a tool. */
const SERVICES = ['search', 'shop', 'travel'];
const operation = (service: string, name: string, model = '', provider = ''): EdgesRecord['operations'][number] => ({
  service, operation: name, turns: 10, bad_turns: 0, users: '', model, provider,
}); // prettier-ignore
const GRAPH = newTestRecord(TOPICS.edges.name, {
  tenant: 'acme',
  source: 'telltale.turns/0',
  minute: isoTime(NOW - HOUR_MS),
  services: [],
  operations: [
    ...SERVICES.map((service, i) => operation(service, `llm chat m${i % 2}`, `m${i % 2}`, 'openai')),
    operation('travel', 'llm chat claude', 'claude', 'anthropic'),
  ],
  edges: SERVICES.flatMap((service, i) => [
    { service, caller: 'turn', callee_service: service, callee: `llm chat m${i % 2}`, calls: 10, errors: 0 },
    { service, caller: 'turn', callee_service: service, callee: 'tool find', calls: 10, errors: 0 },
  ]),
} satisfies EdgesRecord);

const WIDE = 'wide-1';
const FAILS: Partial<AnomalyRecord> = { metric: 'operation.error_ratio', channel: 'errors' };
const ofProvider = (startedAt = NOW): LogRecord =>
  anomaly(WIDE, startedAt, {
    metric: 'provider.error_ratio',
    channel: 'errors',
    dimensions: { provider: 'openai' },
    summary: 'openai calls of all services failed',
  });
const ofModels = (parent = ''): LogRecord[] =>
  SERVICES.map((service, i) => anomalyOf(service, `llm chat`, NOW, { ...FAILS, id: `${service}-llm`, dimensions: { service_name: service, kind: 'llm', name: `chat m${i % 2}` }, parent_anomaly_id: parent, score: 20 })); // prettier-ignore
const ofTurns = (parent = ''): LogRecord[] =>
  SERVICES.map((service) =>
    anomalyOf(service, 'turns', NOW, {
      id: `${service}-turns`,
      metric: 'turn.unhelped',
      channel: 'errors',
      parent_anomaly_id: parent,
      score: 30,
    }),
  );
const ofAllTurns = (parent = ''): LogRecord =>
  anomaly('wide-turns', NOW, {
    metric: 'tenant.turn.unhelped',
    channel: 'errors',
    dimensions: {},
    parent_anomaly_id: parent,
    score: 40,
  });

/** Runs batches a second apart, with the calls known before. */
function play(batches: readonly LogRecord[][], sut: TestTask = newSut()) {
  const effects = [[GRAPH], ...batches].map((records, i) => sut.run({ now: NOW + i * 1_000, records }));
  const incidents = new Map(effects.flatMap(incidentsOf).map((record) => [record.id, record]));
  return { open: [...incidents.values()].filter(({ state }) => state === 'open'), alerts: effects.flatMap(alertsOf) };
}

const TITLE = 'openai: model calls fail in 3 services: search, shop, travel';

describe('an outage of a provider', () => {
  it.each([
    ['at once', [[ofProvider(), ...ofModels(), ...ofTurns(), ofAllTurns()], [...ofModels(WIDE)]]],
    ['the provider first', [[ofProvider()], [...ofModels(WIDE), ...ofTurns()], [ofAllTurns()]]],
    ['its services first', [ofModels(), ofTurns(), [ofAllTurns()], [ofProvider(), ...ofModels(WIDE)]]],
    ['turns first', [[ofAllTurns()], ofTurns('wide-turns'), [ofProvider()], ofModels(WIDE)]],
  ])('is one incident with one alert that is titled by the provider, when it is seen %s', (_, batches) => {
    const { open, alerts } = play(batches);
    expect(open.map(({ title, cause_anomaly_id: cause }) => [title, cause])).toEqual([[TITLE, WIDE]]);
    expect(open[0]?.services).toEqual(SERVICES);
    expect(alerts.filter(({ status }) => status === 'firing').map(({ incident_id: id }) => id)).toEqual([open[0]?.id]);
  });

  it('is not joined by what has nothing to do with it', () => {
    const other = anomalyOf('travel-2', 'tool weather', NOW);
    const claude = anomalyOf('desk', 'llm chat', NOW, {
      ...FAILS,
      dimensions: { service_name: 'desk', kind: 'llm', name: 'chat claude' },
    });
    expect(play([[ofProvider(), ...ofModels(WIDE)], [other], [claude]]).open).toHaveLength(3);
  });
  it('is not one with that of another provider at the same time', () => {
    const second = anomaly('wide-2', NOW, { metric: 'provider.duration', dimensions: { provider: 'anthropic' } });
    expect(
      play([[ofProvider(), second]])
        .open.map(({ title }) => title)
        .sort(),
    ).toEqual(['anthropic: model calls are slow in several services', 'openai: model calls fail in several services']);
  });
});

describe('a tool of several services', () => {
  const wide = anomaly('wide-find', NOW, { ...FAILS, metric: 'tenant.operation.error_ratio', dimensions: { kind: 'tool', name: 'find' }, summary: 'tool find of all services failed' }); // prettier-ignore
  const tools = (parent = '') =>
    SERVICES.map((service) =>
      anomalyOf(service, 'tool find', NOW, { ...FAILS, id: `${service}-find`, parent_anomaly_id: parent, score: 50 }),
    );
  const IN_ALL = 'tool find fails in 3 services: search, shop, travel';
  it.each([
    ['at once', [[wide, ...tools(), ...ofTurns(), ofAllTurns()], tools('wide-find')]],
    ['the tool first', [[wide], [...tools('wide-find'), ...ofTurns()], [ofAllTurns()]]],
    ['its services first', [tools(), ofTurns(), [ofAllTurns()], [wide, ...tools('wide-find')]]],
    ['turns first', [[ofAllTurns()], ofTurns('wide-turns'), [wide], tools('wide-find')]],
  ])('is one incident with one alert that is titled by it, when it is seen %s', (_, batches) => {
    const { open, alerts } = play(batches);
    expect(open.map(({ title, cause_anomaly_id: cause }) => [title, cause])).toEqual([[IN_ALL, 'wide-find']]);
    expect(open[0]?.services).toEqual(SERVICES);
    expect(alerts.filter(({ status }) => status === 'firing').map(({ incident_id: id }) => id)).toEqual([open[0]?.id]);
  });
  it('is the cause of turns of its services before any of them has called it often enough', () => {
    for (const batches of [
      [[wide], ofTurns()],
      [ofTurns(), [wide]],
    ]) {
      const { open } = play(batches);
      expect(open.map(({ title }) => title)).toEqual([IN_ALL]);
      expect(open[0]?.services).toEqual(SERVICES);
    }
  });
  it('is not joined by what has nothing to do with it', () => {
    const other = anomalyOf('desk', 'tool weather', NOW);
    const turns = anomalyOf('desk', 'turns', NOW, { id: 'desk-turns', metric: 'turn.unhelped', channel: 'errors' });
    expect(
      play([
        [wide, ...tools('wide-find')],
        [other, turns],
      ]).open,
    ).toHaveLength(2);
  });
});

describe('a fault of a tool', () => {
  it('is the cause, not the turns of all services that end without an answer for it', () => {
    const tools = SERVICES.slice(0, 2).map((service) =>
      anomalyOf(service, 'tool find', NOW, { ...FAILS, id: `${service}-find` }),
    );
    for (const batches of [
      [tools, ofTurns('wide-turns').slice(0, 2), [ofAllTurns()]],
      [[ofAllTurns()], ofTurns('wide-turns').slice(0, 2), tools],
    ]) {
      const { open } = play(batches);
      expect(open.map(({ title }) => title)).toEqual(['tool find fails in 2 services: search, shop']);
    }
  });
});

describe('turns of all services', () => {
  const dear = (service: string, parent = ''): LogRecord =>
    anomalyOf(service, 'turns', NOW, { id: `${service}-cost`, metric: 'turn.cost', parent_anomaly_id: parent });
  const allDear = anomaly('wide-cost', NOW, { metric: 'tenant.turn.cost', dimensions: {} });
  it.each([
    ['first', [[allDear], [dear('shop', 'wide-cost'), dear('desk', 'wide-cost')]]],
    ['last', [[dear('shop')], [dear('desk')], [allDear, dear('shop', 'wide-cost'), dear('desk', 'wide-cost')]]],
  ])('are what an incident is named by where nothing that they call deviates, when seen %s', (_, batches) => {
    expect(play(batches).open.map(({ title }) => title)).toEqual(['all services: turns cost more']);
  });
  it('have nothing to do with the traffic of one', () => {
    const traffic = anomalyOf('desk', 'turns', NOW, { id: 'desk-count', metric: 'turn.count' });
    expect(play([[allDear], [traffic]]).open).toHaveLength(2);
  });
});
