import { TOPICS } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { type ServiceDefinition, type ServiceTopics } from './service-definition';

/** What every process does when it starts: it brings the settings topic up to its file. */
export const TOPICS_OF_START: ServiceTopics = { reads: [TOPICS.settings.name], writes: [TOPICS.settings.name] };
const NONE: ServiceTopics = { reads: [], writes: [] };

/** The log as a service sees it: only topics that its definition names, so that what is derived from definitions is true. */
export function onlyDeclared(broker: Broker, { name, topics = NONE }: Pick<ServiceDefinition, 'name' | 'topics'>): Broker {
  const writable = new Set([...topics.writes, ...(topics.givesBack ?? [])]);
  const readable = new Set(topics.reads);
  function check(declared: ReadonlySet<string>, used: readonly string[], what: string): void {
    const other = used.find((topic) => !declared.has(topic));
    if (other !== undefined) throw new Error(`${name} ${what} ${other}, which its definition does not name`);
  }
  return {
    ensureTopics: (specs) => broker.ensureTopics(specs),
    async produce(records) {
      check(writable, records.map(({ topic }) => topic), 'writes to'); // prettier-ignore
      return broker.produce(records);
    },
    join: () => Promise.reject(new Error(`${name} joins a group outside its stages`)),
    async tail(options) {
      check(readable, options.topics, 'reads');
      return broker.tail(options);
    },
    async newest(topic, limit) {
      check(readable, [topic], 'reads');
      return broker.newest(topic, limit);
    },
    groupOffsets: (groupId, topicNames) => broker.groupOffsets(groupId, topicNames),
    describe: (topicNames) => broker.describe(topicNames),
    ping: () => broker.ping(),
    close: () => broker.close(),
  };
}
