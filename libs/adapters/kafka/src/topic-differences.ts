import { ALL_TOPICS, type TopicSpec } from '@telltale/contracts';
import { type Admin, ConfigResourceTypes, ConfigSource } from 'kafkajs';
import { createContext, type KafkaBrokerOptions } from './kafka-options';
import { configOf, createTopicAdmin } from './topic-admin';

/** How one topic differs from what the catalog says of it. */
export interface TopicDifference {
  readonly topic: string;
  /** `topic` (it is missing), `partitions`, `replicas`, or the name of a setting of Kafka's. */
  readonly what: string;
  /** Empty for a topic that is missing. */
  readonly is: string;
  readonly wanted: string;
  /** Whether `apply` changes it. Partitions never: keys would go to other tasks than the ones that hold their state. */
  readonly canApply: boolean;
}

type Resource = Awaited<ReturnType<Admin['describeConfigs']>>['resources'][number];

const isOfTopic = ({ configSource }: Resource['configEntries'][number]): boolean => configSource === ConfigSource.TOPIC_CONFIG;

/** Topics of a Kafka beside the catalog: what differs, and what can be made as it should be. */
export function createTopicManager(options: KafkaBrokerOptions) {
  const context = createContext(options);
  const admin = createTopicAdmin(context);

  async function settingsOf(names: readonly string[]): Promise<ReadonlyMap<string, Resource['configEntries']>> {
    if (names.length === 0) return new Map();
    const resources = names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name }));
    const answer = await admin.ask('settings of topics', (a) => a.describeConfigs({ includeSynonyms: false, resources }));
    return new Map(answer.resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]));
  }

  async function differences(specs: readonly TopicSpec[] = ALL_TOPICS): Promise<TopicDifference[]> {
    const existing = await admin.existing();
    const there = specs.filter(({ name }) => existing.has(name));
    const settings = await settingsOf(there.map(({ name }) => name));
    const metadata = await admin.ask('metadata of topics', (a) =>
      a.fetchTopicMetadata({ topics: there.map(({ name }) => name) }),
    );
    const found: TopicDifference[] = [];
    for (const spec of specs) {
      const partitions = String(spec.partitions === 'configured' ? options.partitions : spec.partitions);
      const replicas = String(options.replicationFactor);
      if (!existing.has(spec.name)) {
        found.push({
          topic: spec.name,
          what: 'topic',
          is: '',
          wanted: `${partitions} partitions, ${replicas} replicas`,
          canApply: true,
        });
        continue;
      }
      const has = metadata.topics.find(({ name }) => name === spec.name)?.partitions ?? [];
      const compare = (what: string, is: string, wanted: string, canApply: boolean): void => {
        if (is !== wanted) found.push({ topic: spec.name, what, is, wanted, canApply });
      };
      compare('partitions', String(has.length), partitions, false);
      compare('replicas', String(Math.min(...has.map((one) => one.replicas.length))), replicas, false);
      const set = new Map(settings.get(spec.name)?.map(({ configName, configValue }) => [configName, configValue]));
      for (const { name, value } of configOf(spec, options)) compare(name, set.get(name) ?? '', value, true);
    }
    return found;
  }

  /** Makes missing topics, and settings as they should be; what else somebody set on a topic stays. Answers what is different afterwards. */
  async function apply(specs: readonly TopicSpec[] = ALL_TOPICS): Promise<TopicDifference[]> {
    await admin.ensureTopics(specs);
    const toSet = (await differences(specs)).filter(({ canApply }) => canApply);
    const names = [...new Set(toSet.map(({ topic }) => topic))];
    const settings = await settingsOf(names);
    const resources = names.map((name) => {
      // The request replaces all settings of a topic.
      const own = new Map(
        settings
          .get(name)
          ?.filter(isOfTopic)
          .map(({ configName, configValue }) => [configName, configValue]),
      );
      for (const { topic, what, wanted } of toSet) if (topic === name) own.set(what, wanted);
      return {
        type: ConfigResourceTypes.TOPIC,
        name,
        configEntries: [...own].map(([setting, value]) => ({ name: setting, value })),
      };
    });
    if (resources.length > 0) await admin.ask('set topics', (a) => a.alterConfigs({ validateOnly: false, resources }));
    return differences(specs);
  }

  return { differences, apply, close: () => admin.close() };
}
