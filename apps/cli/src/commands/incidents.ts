import { withClient } from '../client/connect';
import { noteOfList } from '../terminal/io';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';

const NAMES = ['id', 'state', 'kind', 'opened_at', 'closed_at', 'service_name', 'title', 'probable_cause'];

export const registerIncidents: Register = (program, io) => {
  const incidents = program.command('incidents').description('anomalies that belong together, with their probable cause: list');

  withExample(
    withJson(
      incidents
        .command('list', { isDefault: true })
        .description('incidents, newest first (also `telltale incidents` alone)')
        .option('--open', 'only those that are open')
        .option('--service <name>', 'only of this service')
        .option('--since <time>', 'opened since: an age such as 24h or 7d, or ISO 8601', '7d')
        .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 100),
    ),
    'telltale incidents --open',
  ).action(
    async ({
      open,
      service,
      since,
      limit,
      json,
    }: {
      open?: boolean;
      service?: string;
      since: string;
      limit: number;
      json?: boolean;
    }) => {
      const { incidents: found } = await withClient(io, ['insights'], ({ api }) =>
        api.listIncidents({ since, limit, service, state: open ? 'open' : undefined }),
      );
      if (json) return found.forEach((row) => printJson(io, row));
      printTable(io, found, NAMES);
      noteOfList(io, found, limit);
    },
  );
};
