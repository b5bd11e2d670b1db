import { ALL_TOPICS, TOPICS } from '@telltale/contracts';
import { ACL_PROCESSES, aclsOf } from './acls';

const operationsOn = (process: string, name: string): readonly string[] =>
  aclsOf(process).find((rule) => rule.name === name)?.operations ?? [];

describe('what a process needs of Kafka', () => {
  it.each([
    ['gateway', TOPICS.raw.name, ['Describe', 'DescribeConfigs', 'Write']],
    ['gateway', TOPICS.events.name, ['Describe']],
    ['gateway', TOPICS.control.name, ['Describe', 'Read']],
    ['enricher', TOPICS.raw.name, ['Describe', 'Read']],
    ['enricher', 'telltale.enricher.state.v1', ['Describe', 'DescribeConfigs', 'Read', 'Write']],
    ['enricher', 'telltale.enricher', ['Describe', 'Read']],
    ['enricher', 'telltale.scorer', []],
    ['insights', 'telltale.scorer', ['Describe']],
    ['insights', TOPICS.raw.name, ['Describe', 'DescribeConfigs', 'Write']],
    ['setup', TOPICS.settings.name, ['AlterConfigs', 'Create', 'Describe', 'DescribeConfigs', 'Read', 'Write']],
  ])('%s may do to %s: %j', (process, name, operations) => expect(operationsOn(process, name)).toEqual(operations));

  it('is a transactional id for each of its tasks', () =>
    expect(aclsOf('turns').filter(({ resource }) => resource === 'transactional-id')).toEqual([
      { resource: 'transactional-id', name: 'telltale.turns-', pattern: 'prefixed', operations: ['Describe', 'Write'] },
      { resource: 'transactional-id', name: 'telltale.sessions-', pattern: 'prefixed', operations: ['Describe', 'Write'] },
    ]));

  it('is for no service to make or alter a topic', () => {
    const rights = ACL_PROCESSES.filter((process) => process !== 'setup').flatMap((process) => aclsOf(process));
    expect(rights.flatMap(({ operations }) => operations)).not.toContain('Create');
    expect(rights.flatMap(({ operations }) => operations)).not.toContain('AlterConfigs');
    expect(aclsOf('setup').filter(({ operations }) => operations.includes('Create'))).toHaveLength(ALL_TOPICS.length);
  });

  it('names the processes there are', () =>
    expect(() => aclsOf('kafka')).toThrow('there is no process kafka; there are gateway, enricher'));
});
