import { ACL_PROCESSES, type AclRule, aclsOf } from '@telltale/services';
import { type Command, Option } from 'commander';
import { withClient } from '../client/connect';
import { CliError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, withExample, withJson } from './command';
import { openSetup } from './setup';

type Difference = Awaited<ReturnType<Awaited<ReturnType<typeof openSetup>>['topicDifferences']>>[number];

const FIXES: Readonly<Record<string, string>> = {
  partitions:
    'set TELLTALE_PARTITIONS to what there is; more partitions would send keys away from the state that belongs to them',
  replicas: 'set KAFKA_REPLICATION_FACTOR to what there is, or move the replicas with kafka-reassign-partitions.sh',
};

const shownDifference = ({ canApply, ...difference }: Difference) => ({
  ...difference,
  fix: FIXES[difference.what] ?? (canApply ? 'telltale topics apply' : ''),
});

function printDifferences(io: Io, found: readonly Difference[], json: boolean | undefined): void {
  if (json) return found.forEach((difference) => printJson(io, shownDifference(difference)));
  if (found.length > 0) printTable(io, found.map(shownDifference), ['topic', 'what', 'is', 'wanted', 'fix']);
}

/** A line for `kafka-acls.sh`, which stands before it with its `--bootstrap-server`. */
function aclCommand(principal: string, { resource, name, pattern, operations }: AclRule): string {
  const which = resource === 'cluster' ? '--cluster' : `--${resource} ${name}`;
  return `kafka-acls.sh "$@" --add --allow-principal '${principal}' ${operations.map((one) => `--operation ${one}`).join(' ')} ${which} --resource-pattern-type ${pattern}`;
}

interface AclOptions {
  readonly service?: string;
  readonly principal: string;
  readonly json?: boolean;
}

function printAcls(io: Io, { service, principal: form, json }: AclOptions): void {
  const processes = service === undefined ? ACL_PROCESSES : [service];
  for (const process of processes) {
    const principal = form.replaceAll('{service}', process);
    for (const rule of aclsOf(process)) {
      if (json) printJson(io, { service: process, principal, ...rule });
      else io.out(aclCommand(principal, rule));
    }
  }
  if (!json) note(io, 'run them as a script: telltale topics acls > acls.sh && bash acls.sh --bootstrap-server HOST:PORT --command-config admin.properties'); // prettier-ignore
}

export function registerTopics(program: Command, io: Io): void {
  const topics = withJson(
    program.command('topics').description('every topic: how much is in it, who writes and reads it, who is behind; those of a Kafka: apply, diff, acls'),
  ); // prettier-ignore
  topics.action(async (options: { json?: boolean }) => {
    const { topics: all } = await withClient(io, ['insights'], ({ api }) => api.listTopics());
    if (options.json) return all.forEach((topic) => printJson(io, topic));
    printTable(
      io,
      all.map(({ name, partitions, records, producers: writers, lag, about }) => ({
        topic: name,
        partitions,
        records,
        'written by': writers.join(', '),
        lag: Object.entries(lag).map(([group, behind]) => `${group} ${behind}`).join(', '), // prettier-ignore
        about,
      })),
    );
  });

  withJson(topics.command('diff').description('where the topics of KAFKA_BROKERS differ from what they should be; exit code 1 if they do')).action(
    async (_options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const found = await (await openSetup(io)).topicDifferences();
      printDifferences(io, found, json);
      if (found.length > 0) throw new CliError(`${found.length} differences`, 'telltale topics apply makes those that can be changed');
      note(io, 'topics are as they should be');
    },
  ); // prettier-ignore

  withJson(topics.command('apply').description('make the topics of KAFKA_BROKERS that are missing, and set their settings; deletes nothing')).action(
    async (_options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const left = await (await openSetup(io)).applyTopics();
      printDifferences(io, left, json);
      note(io, left.length === 0 ? 'topics are as they should be' : `${left.length} differences that cannot be applied`);
    },
  ); // prettier-ignore

  const acls = topics
    .command('acls')
    .description('what each process needs of Kafka, as a script of kafka-acls.sh')
    .addOption(new Option('--service <name>', 'of one process only').choices(ACL_PROCESSES))
    .option('--principal <form>', 'who a process is to Kafka', 'User:telltale-{service}');
  withExample(withJson(acls), "telltale topics acls --principal 'User:CN={service}.telltale'").action(
    (_options: unknown, command: Command) => printAcls(io, command.optsWithGlobals<AclOptions>()),
  );
}
