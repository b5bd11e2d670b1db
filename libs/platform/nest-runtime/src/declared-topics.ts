import { TOPICS } from '@telltale/contracts';
import { type EventLog } from '@telltale/engine';
import { type ServiceDefinition, type ServiceTopics } from './service-definition';

/** What every process does when it starts: it brings the settings topic up to its file. */
export const TOPICS_OF_START: ServiceTopics = { reads: [TOPICS.settings.name], writes: [TOPICS.settings.name] };
const NONE: ServiceTopics = { reads: [], writes: [] };

/** The log as a service sees it: only topics that its definition names, so that what is derived from definitions is true. */
export function onlyDeclared(events: EventLog, { name, topics = NONE }: Pick<ServiceDefinition, 'name' | 'topics'>): EventLog {
  const writable = new Set([...topics.writes, ...(topics.givesBack ?? [])]);
  const readable = new Set(topics.reads);
  function check(declared: ReadonlySet<string>, used: readonly string[], what: string): void {
    const other = used.find((topic) => !declared.has(topic));
    if (other !== undefined) throw new Error(`${name} ${what} ${other}, which its definition does not name`);
  }
  return {
    ensureTopics: (specs) => events.ensureTopics(specs),
    async produce(records) {
      check(writable, records.map(({ topic }) => topic), 'writes to'); // prettier-ignore
      return events.produce(records);
    },
    join: () => Promise.reject(new Error(`${name} joins a group outside its stages`)),
    async tail(options) {
      check(readable, options.topics, 'reads');
      return events.tail(options);
    },
    async newest(topic, limit) {
      check(readable, [topic], 'reads');
      return events.newest(topic, limit);
    },
    groupOffsets: (groupId, topicNames) => events.groupOffsets(groupId, topicNames),
    describe: (topicNames) => events.describe(topicNames),
    ping: () => events.ping(),
    close: () => events.close(),
  };
}
