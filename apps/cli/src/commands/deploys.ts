import { type Operations } from '@telltale/api-client';
import { DEPLOY_KINDS } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { Option } from 'commander';
import { withClient } from '../client/connect';
import { note, noteOfList } from '../terminal/io';
import { intOf, printJson, printTable, type Register, timeOf, withExample, withJson } from './command';

const NAMES = ['at', 'service_name', 'kind', 'version', 'environment', 'source', 'text', 'id'];

type Kind = NonNullable<Operations['addDeploy']['params']['kind']>;
interface AddOptions {
  readonly service: string;
  readonly release?: string;
  readonly environment?: string;
  readonly kind?: Kind;
  readonly at?: string;
  readonly id?: string;
  readonly text?: string;
  readonly json?: boolean;
}
interface ListOptions {
  readonly service?: string;
  readonly kind?: Kind;
  readonly since: string;
  readonly limit: number;
  readonly json?: boolean;
}

export const registerDeploys: Register = (program, io) => {
  const deploys = program.command('deploys').description('what changed in services, and when: add, list');
  withExample(deploys, 'telltale deploys add --service shop --release 2.1.0', 'telltale deploys list --service shop');

  withJson(
    deploys
      .command('add')
      .description('mark a deploy; with an id that is known it is the same mark')
      .requiredOption('--service <name>', 'service that was deployed')
      .option('--release <version>', 'what was deployed')
      .option('--environment <name>', 'environment')
      .addOption(new Option('--kind <kind>', 'what changed').choices(DEPLOY_KINDS))
      .option('--at <time>', 'when, ISO 8601; now when left out')
      .option('--id <id>', 'id of the deploy, such as that of the pipeline run')
      .option('--text <text>', 'what changed, for people'),
  ).action(async ({ service, release, environment, kind, at, id, text, json }: AddOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) =>
      api.addDeploy({
        service,
        version: release,
        environment,
        kind,
        id,
        text,
        at: at === undefined ? undefined : isoTime(timeOf('--at', at)),
        issued_by: 'cli',
      }),
    );
    if (json) printJson(io, answer);
    else note(io, `marked ${answer.id} at ${answer.at}`);
  });

  withJson(
    deploys
      .command('list')
      .description('deploy marks, newest first')
      .option('--service <name>', 'only of this service')
      .addOption(new Option('--kind <kind>', 'only of this kind').choices(DEPLOY_KINDS))
      .option('--since <time>', 'since: an age such as 24h or 7d, or ISO 8601', '7d')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 100),
  ).action(async ({ json, limit, ...filters }: ListOptions) => {
    const { deploys: found } = await withClient(io, ['insights'], ({ api }) => api.listDeploys({ ...filters, limit }));
    if (json) return found.forEach((row) => printJson(io, row));
    printTable(io, found, NAMES);
    noteOfList(io, found, limit);
  });
};
