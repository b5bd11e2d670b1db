import { withClient } from '../client/connect';
import { note, noteOfList } from '../terminal/io';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';
import { OPERATION_NAMES, operationRows } from './operation-tree';

const NAMES = [
  'session_id',
  'service',
  'user',
  'started_at',
  'turns',
  'events',
  'errors',
  'total_cost_nano_usd',
  'unpriced_calls',
];
export const registerSessions: Register = (program, io) => {
  const sessions = program.command('sessions').description('conversations and what happened in them: list, show');
  withExample(sessions, 'telltale sessions list --since 1h', 'telltale sessions show SESSION_ID');

  withJson(
    sessions
      .command('list')
      .description('sessions, newest first')
      .option('--service <name>', 'only of this service')
      .option('--user <id>', 'only of this user (pseudonym)')
      .option('--since <time>', 'started since: an age such as 24h or 7d, or ISO 8601', '24h')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 50),
  ).action(
    async ({
      service,
      user,
      since,
      limit,
      json,
    }: {
      service?: string;
      user?: string;
      since: string;
      limit: number;
      json?: boolean;
    }) => {
      const { sessions: found } = await withClient(io, ['insights'], ({ api }) =>
        api.listSessions({ since, limit, service, user }),
      );
      if (json) return found.forEach((row) => printJson(io, row));
      printTable(io, found, NAMES);
      noteOfList(io, found, limit);
    },
  );

  withJson(
    sessions.command('show <id>').description('one session: its turns, and in each the operations under their callers'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const session = await withClient(io, ['insights'], ({ api }) => api.getSession({ id }));
    if (json) return printJson(io, session);
    const { turns, others, truncated } = session;
    const rows = [
      ...turns.flatMap(({ turn, operations }) => operationRows([{ ...(turn ?? { name: '(turn)' }), operations }])),
      ...operationRows(others),
    ];
    printTable(io, rows, OPERATION_NAMES);
    if (truncated) note(io, 'only the first events of the session are shown; query the table events for all of them');
  });
};
