import { type Command } from 'commander';
import { type Io, note } from '../terminal/io';
import { printJson, withJson } from './command';
import { openSetup } from './setup';

export function registerMigrate(program: Command, io: Io): void {
  withJson(
    program
      .command('migrate')
      .description(
        'apply the migrations that the ClickHouse of CLICKHOUSE_URL is missing, and make the read-only user of queries (CLICKHOUSE_QUERY_ACCESS); several at a time wait for each other',
      ),
  ).action(async ({ json }: { json?: boolean }) => {
    const { applied, queryAccess } = await (await openSetup(io)).migrate();
    if (json) return printJson(io, { applied, query_access: queryAccess });
    for (const name of applied) io.out(name);
    note(io, applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`);
    if (queryAccess)
      note(io, queryAccess.state === 'applied' ? 'the read-only user of queries is up to date' : `the read-only user of queries was left alone: ${queryAccess.reason}`); // prettier-ignore
  });
}
