import { type TopicSpec } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';

/** Topics that a part of the process may use. */
export interface DeclaredTopics {
  readonly name: string;
  readonly reads: readonly TopicSpec[];
  readonly outputs: readonly TopicSpec[];
  /** What it works through by itself as a group; absent: nothing, for its pipeline does, or nobody. */
  readonly group?: { readonly groupId: string; readonly inputs: readonly TopicSpec[] } | undefined;
}

/** The broker as one service sees it: only topics in its definition, so that everything derived from definitions is correct. */
export function onlyDeclared(broker: Broker, { name, reads, outputs, group }: DeclaredTopics): Broker {
  const writable = new Set(outputs.map((topic) => topic.name));
  const readable = new Set(reads.map((topic) => topic.name));
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
    async join(options) {
      if (group?.groupId !== options.groupId) throw new Error(`${name} joins a group outside its pipeline`);
      check(new Set(group.inputs.map((topic) => topic.name)), options.topics, 'reads as a group');
      return broker.join(options);
    },
    async tail(options) {
      check(readable, options.topics, 'reads');
      return broker.tail(options);
    },
    async newest(topic, limit, partition) {
      check(readable, [topic], 'reads');
      return broker.newest(topic, limit, partition);
    },
    groupOffsets: (groupId, topicNames) => broker.groupOffsets(groupId, topicNames),
    describe: (topicNames) => broker.describe(topicNames),
    ping: () => broker.ping(),
    close: () => broker.close(),
  };
}
