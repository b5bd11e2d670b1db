import { TOPICS } from '@telltale/contracts';
import { z } from 'zod';
import { type TaskProcessor } from '../processor/task-processor';
import { checkEffects, defineEdgeService, defineService, type ServicePipeline } from './define-service';

const common = { name: 'scorer', about: 'Scores.', httpPort: 8105, config: z.object({ MOST: z.number() }) };
const task: TaskProcessor = { process: () => { throw new Error('not part of this test'); }, due: () => false }; // prettier-ignore
const define = (over: object = {}) =>
  defineService({
    ...common,
    inputs: [TOPICS.settings, TOPICS.measures],
    outputs: [TOPICS.anomalies],
    tables: ['events'],
    state: TOPICS.scorerState,
    pipeline: ({ MOST }, deps: string): ServicePipeline => ({ settings: `${MOST} ${deps}`, createTask: () => task }),
    ...over,
  });

describe('a service', () => {
  it('is a group of its name, in a deployable of its own, and only reads and writes what it names', () => {
    expect(define({ outputs: undefined }).groupId).toBe('telltale.scorer');
    expect(define()).toMatchObject({ ...common, app: 'scorer', reads: [], outputs: [TOPICS.anomalies] });
    expect(defineService({ ...common, inputs: [], tables: [], state: TOPICS.scorerState, pipeline: () => ({ createTask: () => task }) })) // prettier-ignore
      .toMatchObject({ app: 'scorer', reads: [], outputs: [] });
    expect(define({ app: 'standalone', reads: [TOPICS.acks] })).toMatchObject({ app: 'standalone', reads: [TOPICS.acks] });
  });

  it('is opened with a configuration: its pipeline, with the names of its topics and tables', () => {
    const { createTask, ...topology } = define().open({ MOST: 3 }, 'deps');
    expect(createTask(0, new Map())).toBe(task);
    expect(topology).toEqual({
      settings: '3 deps',
      name: 'scorer',
      groupId: 'telltale.scorer',
      inputs: ['telltale.settings.v1', 'telltale.measures.v1'],
      readFirst: ['telltale.settings.v1'],
      outputs: ['telltale.anomalies.v1'],
      tables: ['events'],
      stateTopic: 'telltale.scorer.state.v1',
    });
  });
});

describe('a service without a pipeline', () => {
  it('has no group to read with, and no tables and state', () => {
    expect(defineEdgeService(common)).toEqual({
      ...common, app: 'scorer', reads: [], outputs: [], groupId: 'telltale.scorer', inputs: [], tables: [], state: null,
    }); // prettier-ignore
    expect(defineEdgeService({ ...common, app: 'standalone', outputs: [TOPICS.raw] })).toMatchObject({
      app: 'standalone',
      outputs: [TOPICS.raw],
    });
  });
});

describe('the effects of a batch', () => {
  const check = (topics: string[], tables: string[]) => () =>
    checkEffects(
      { name: 'scorer', outputs: ['a', 'b'], tables: ['t', 'u'] },
      { outputs: topics.map((topic) => ({ topic, key: null, value: '' })), rows: new Map(tables.map((table) => [table, []])) },
    );

  it('may go to every topic and table of its definition', () => {
    expect(check(['b', 'a'], ['u', 't'])).not.toThrow();
    expect(check([], [])).not.toThrow();
  });

  it.each([
    ['scorer writes to x', ['a', 'x'], ['t']],
    ['scorer inserts into y', ['a'], ['t', 'y']],
  ])('may go to no other: %s', (message, topics, tables) => expect(check(topics, tables)).toThrow(message));
});
