import { ALL_TOPICS } from '@telltale/contracts';
import { consumersOf, lagOfGroups, producersOf } from '@telltale/services';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { count } from '../define/row-fields';

const topic = named(
  'Topic',
  z.object({
    name: z.string(),
    about: z.string(),
    format: z.string(),
    cleanupPolicy: z.enum(['delete', 'compact']),
    producers: z.array(z.string()),
    consumers: z.array(z.string()),
    partitions: count,
    records: count.describe('Records that it has now'),
    end_offsets: z.array(count).describe('Of each partition'),
    lag: z.record(z.string(), count).describe('Records that each group has not taken in yet'),
  }),
);

export const listTopics = defineQuery({
  name: 'listTopics',
  about: 'Every topic: what it is for, how much is in it, and how far each group is behind.',
  tag: 'operations',
  scope: 'admin',
  path: '/api/topics',
  params: {},
  example: {},
  answer: named('ListTopicsAnswer', z.object({ topics: z.array(topic) })),
  limits: { maxRows: ALL_TOPICS.length },
  run: async (_, { broker }) => {
    const [infos, lags] = await Promise.all([broker.describe(ALL_TOPICS.map(({ name }) => name)), lagOfGroups(broker)]);
    const byName = new Map(infos.map((info) => [info.name, info]));
    return {
      topics: ALL_TOPICS.map((topic) => {
        const { name, about, format, cleanupPolicy } = topic;
        const partitions = byName.get(name)?.partitions ?? [];
        return {
          name,
          about,
          format,
          cleanupPolicy,
          producers: producersOf(topic),
          consumers: consumersOf(topic),
          partitions: partitions.length,
          records: partitions.reduce((sum, { start, end }) => sum + (end - start), 0),
          end_offsets: partitions.map(({ end }) => end),
          lag: Object.fromEntries([...lags].flatMap(([service, lag]) => (lag.has(name) ? [[service, lag.get(name)]] : []))),
        };
      }),
    };
  },
});
