import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printTable, withJson } from './command';

export function registerQuery(program: Command, io: Io): void {
  withJson(
    program
      .command('query <sql>')
      .description(
        'run one reading statement; tables: events, events_core, series_windows_amended, anomalies, incidents, spend, directives, alerts, log_templates',
      ),
  ).action(async (sql: string, options: { json?: boolean }) => {
    if (sql.trim() === '')
      throw new UsageError(
        'the statement is empty',
        'for example: telltale query "SELECT kind, count() FROM events GROUP BY kind"',
      );
    const { rows, truncated } = await withClient(io, ['insights'], ({ api }) => api.runSql({ sql }));
    if (options.json) for (const row of rows) io.out(JSON.stringify(row));
    else printTable(io, rows);
    if (truncated) note(io, `these are the first ${rows.length} rows only; ask for fewer with WHERE, GROUP BY or LIMIT`);
    else if (!options.json) note(io, `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`);
  });
}
