import { ALL_TOPICS, TOPICS, type TopicSpec } from '@telltale/contracts';
import { type ServiceDefinition } from '@telltale/streaming';
import { REPLAYABLE_TOPICS, SERVICES } from './catalog';

type Operation = 'Read' | 'Write' | 'Create' | 'Describe' | 'DescribeConfigs' | 'Alter' | 'AlterConfigs';

/** What a process may do to something of Kafka. */
export interface AclRule {
  readonly resource: 'topic' | 'group' | 'transactional-id' | 'cluster';
  readonly name: string;
  /** Of transactional ids: one of each task, so their beginning. */
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly Operation[];
}

/** The program that makes topics, `telltale topics apply`, and settings; none of the services needs what it may do. */
export const SETUP = 'setup';
export const ACL_PROCESSES: readonly string[] = [...new Set(SERVICES.map(({ app }) => app)), SETUP];

const add = (rights: Map<TopicSpec, Set<Operation>>, topics: readonly TopicSpec[], ...operations: readonly Operation[]): void => {
  for (const topic of topics) rights.set(topic, new Set([...(rights.get(topic) ?? []), ...operations]));
};

function ofServices(services: readonly ServiceDefinition[]): AclRule[] {
  const rights = new Map<TopicSpec, Set<Operation>>();
  // At start every process looks whether all topics are there, and brings the settings up to its file.
  add(rights, ALL_TOPICS, 'Describe');
  add(rights, [TOPICS.settings], 'Read', 'Write');
  for (const { inputs, reads, outputs, state, name } of services) {
    add(rights, [...inputs, ...reads], 'Read');
    // The largest record that a topic takes is asked for.
    add(rights, outputs, 'Write', 'DescribeConfigs');
    if (state) add(rights, [state, TOPICS.dlq], 'Write', 'DescribeConfigs');
    if (state) add(rights, [state], 'Read');
    // Dead letters go back to where they came from.
    if (name === 'insights') add(rights, REPLAYABLE_TOPICS, 'Write', 'DescribeConfigs');
  }
  const groups = services.filter(({ inputs }) => inputs.length > 0).map(({ groupId }) => groupId);
  const asked = services.some(({ name }) => name === 'insights') ? SERVICES.filter(({ inputs }) => inputs.length > 0).map(({ groupId }) => groupId) : []; // prettier-ignore
  return [
    ...[...rights].map(([{ name }, operations]) => ({ resource: 'topic' as const, name, pattern: 'literal' as const, operations: [...operations].sort() })), // prettier-ignore
    ...[...new Set([...groups, ...asked])].map((name) => ({
      resource: 'group' as const,
      name,
      pattern: 'literal' as const,
      operations: groups.includes(name) ? (['Describe', 'Read'] as const) : (['Describe'] as const),
    })),
    ...groups.map((name) => ({ resource: 'transactional-id' as const, name: `${name}-`, pattern: 'prefixed' as const, operations: ['Describe', 'Write'] as const })), // prettier-ignore
  ];
}

/**
 * What one process needs of Kafka, from what its services read and write; `setup` is what makes topics. Throws where there is no such
 * process.
 */
export function aclsOf(process: string): AclRule[] {
  if (process === SETUP)
    return ALL_TOPICS.map((topic) => ({
      resource: 'topic',
      name: topic.name,
      pattern: 'literal',
      operations: [
        'AlterConfigs',
        'Create',
        'Describe',
        'DescribeConfigs',
        ...(topic === TOPICS.settings ? (['Read', 'Write'] as const) : []),
      ],
    }));
  const services = SERVICES.filter(({ app }) => app === process);
  if (services.length === 0) throw new Error(`there is no process ${process}; there are ${ACL_PROCESSES.join(', ')}`);
  return ofServices(services);
}
