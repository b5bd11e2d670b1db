import { type Operations } from '@telltale/api-client';
import { type Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { withClient } from '../client/connect';
import { CliError, UsageError } from '../terminal/errors';
import { note } from '../terminal/io';
import { printJson, printTable, type Register, withExample, withJson } from './command';

interface RangeOptions {
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
}
interface ShownOptions extends RangeOptions {
  readonly service?: string;
  readonly incident?: string;
}
type Dashboard = Operations['getDashboard']['answer'];

const withRange = (command: Command): Command =>
  command.option('--since <time>', 'since: an age such as 24h or 7d, or ISO 8601').option('--until <time>', 'now when left out');
const withChoice = (command: Command): Command =>
  withRange(command)
    .option('--service <name>', 'made of this service')
    .option('--incident <id>', 'made from the context of this incident');

/** A name stands alone: what is pinned is about what it is about. */
function checkChoice(name: string | undefined, { service, incident }: ShownOptions): void {
  if (name !== undefined && (service !== undefined || incident !== undefined))
    throw new UsageError('a pinned dashboard has no --service and no --incident', 'leave the name out to have one made');
}

export const registerDashboards: Register = (program, io) => {
  const dashboards = program
    .command('dashboards')
    .description('dashboards: pinned ones, and those made of the data: list, show, export');
  withExample(dashboards, 'telltale dashboards show --service shop', 'telltale dashboards export --incident INCIDENT --out shop.json'); // prettier-ignore

  withJson(withRange(dashboards.command('list').description('those that were pinned, and those that can be made'))).action(
    async ({ json, since, until }: RangeOptions) => {
      const { pinned, proposed } = await withClient(io, ['insights'], ({ api }) => api.listDashboards({ since, until }));
      if (json) return printJson(io, { pinned, proposed });
      const rows = [
        ...pinned.map(({ name, title, about }) => ({ show: name, title, why: about })),
        ...proposed.map(({ title, why, service, incident }) => ({ show: incident === null ? (service === null ? '' : `--service ${service}`) : `--incident ${incident}`, title, why })),
      ]; // prettier-ignore
      printTable(io, rows, ['show', 'title', 'why']);
    },
  );

  withJson(
    withChoice(
      dashboards.command('show').argument('[name]', 'a pinned one; one is made when left out').description('the panels of one, with the statement of each'),
    ),
  ).action(async (name: string | undefined, { json, ...chosen }: ShownOptions) => {
    checkChoice(name, chosen);
    const { since, until } = chosen;
    const found: Dashboard = await withClient(io, ['insights'], ({ api }) =>
      name === undefined ? api.proposeDashboard(chosen) : api.getDashboard({ name, since, until }),
    );
    if (json) return printJson(io, found);
    note(io, `${found.title}. ${found.about}`);
    printTable(io, found.panels.map(({ title, why, query }) => ({ title, why, query })), ['title', 'why', 'query']);
  }); // prettier-ignore

  withJson(
    withChoice(
      dashboards
        .command('export')
        .argument('[name]', 'a pinned one; one is made when left out')
        .description('as Grafana imports it, for its ClickHouse data source')
        .option('--out <file>', 'file that is written; stdout when left out'),
    ),
  ).action(async (name: string | undefined, { json, out, ...chosen }: ShownOptions & { readonly out?: string }) => {
    checkChoice(name, chosen);
    const model = await withClient(io, ['insights'], ({ api }) => api.exportDashboard({ ...chosen, name }));
    if (out === undefined) return printJson(io, model);
    try {
      writeFileSync(out, `${JSON.stringify(model, null, 2)}\n`);
    } catch {
      throw new CliError(`${out} cannot be written`, 'give a path in a folder that is there');
    }
    if (json) printJson(io, { file: out, panels: model.panels.length });
    else note(io, `wrote ${out}; in Grafana: Dashboards, New, Import`);
  });
};
