import { ALL_TOPICS, TABLES, TOPICS, type TopicSpec } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { CONSUMER_GROUPS, consumersOf, EVERY_SERVICE, lagOfGroups, producersOf, REPLAYABLE_TOPICS, SERVICES } from './catalog';

const namesOf = (topics: readonly TopicSpec[]): string[] => topics.map(({ name }) => name);

describe('the catalog of services', () => {
  it('gives every service a name, a group and a port of its own', () => {
    for (const key of ['name', 'groupId', 'httpPort', 'state'] as const) {
      const values = SERVICES.map((service) => service[key]).filter((value) => value !== null);
      expect(new Set(values).size).toBe(values.length);
    }
    // OTLP/gRPC has this one.
    expect(SERVICES.map(({ httpPort }) => httpPort)).not.toContain(4317);
  });

  it('is in the order of data flow: no group reads what only a later service writes', () => {
    const backward = CONSUMER_GROUPS.flatMap((service) =>
      service.inputs.filter((topic) => {
        const writers = SERVICES.filter(({ outputs }) => outputs.includes(topic));
        const isExternal = topic.externalProducers.length > 0 || writers.some(({ inputs }) => inputs.length === 0);
        // What became of what it asked for comes back to who asked.
        if (topic === TOPICS.deliveryResults) return false;
        return !isExternal && writers.every((writer) => SERVICES.indexOf(writer) > SERVICES.indexOf(service));
      }),
    );
    expect(namesOf(backward)).toEqual([]);
  });

  it('has a writer and a reader for every topic', () => {
    expect(namesOf(ALL_TOPICS.filter((topic) => producersOf(topic).length === 0))).toEqual([]);
    expect(namesOf(ALL_TOPICS.filter((topic) => consumersOf(topic).length === 0))).toEqual([]);
  });

  it('has one writer for every table', () => {
    const written = SERVICES.flatMap(({ tables }) => tables);
    expect([...written].sort()).toEqual([...TABLES].sort());
  });

  it.each([
    [TOPICS.raw, ['producers', 'gateway'], ['enricher']],
    [
      TOPICS.dlq,
      ['enricher', 'turns', 'sessions', 'scorer', 'costs', 'waste', 'budgets', 'incidents', 'notifier', 'verbosity', 'settings'],
      ['insights'],
    ],
    [TOPICS.scorerState, ['scorer'], ['scorer']],
    [TOPICS.alerts, ['incidents'], ['people', 'notifier', 'insights']],
    [
      TOPICS.settings,
      [EVERY_SERVICE, 'insights'],
      [
        EVERY_SERVICE,
        'gateway',
        'enricher',
        'turns',
        'costs',
        'budgets',
        'incidents',
        'notifier',
        'verbosity',
        'insights',
        'settings',
      ],
    ],
  ])('says who writes and reads $name', (topic, producers, consumers) => {
    expect(producersOf(topic)).toEqual(producers);
    expect(consumersOf(topic)).toEqual(consumers);
  });

  it('gives dead letters back to inputs and outputs of groups, never to state or the DLQ', () => {
    expect(namesOf(REPLAYABLE_TOPICS)).toEqual(expect.arrayContaining(['telltale.raw.v1', 'telltale.alerts.v1']));
    expect(REPLAYABLE_TOPICS.filter(({ format, name }) => format === 'internal' || name === TOPICS.dlq.name)).toEqual([]);
  });

  it('tells the lag of each group by topic, from the log start where it has committed nothing', async () => {
    const broker: Pick<Broker, 'groupOffsets' | 'describe'> = {
      describe: (topics) =>
        Promise.resolve(topics.map((name) => ({ name, partitions: [{ partition: 0, start: 10, end: 30 }, { partition: 1, start: 0, end: 5 }] }))),
      groupOffsets: (groupId, topics) =>
        Promise.resolve(new Map(groupId === 'telltale.costs' ? topics.map((name) => [name, [{ partition: 0, offset: 28 }]]) : [])),
    }; // prettier-ignore
    const lags = await lagOfGroups(broker);
    expect(lags.get('costs')).toEqual(new Map([['telltale.settings.v1', 7], ['telltale.events.v1', 7], ['telltale.corrections.v1', 7]])); // prettier-ignore
    expect(lags.get('scorer')?.get('telltale.measures.v1')).toBe(25);
    expect([...lags.keys()]).toEqual(CONSUMER_GROUPS.map(({ name }) => name));
  });
});
