import { type Command } from 'commander';
import { type Io, note } from '../terminal/io';
import { printJson, withJson } from './command';
import { openSetup } from './setup';

export function registerMigrate(program: Command, io: Io): void {
  withJson(
    program
      .command('migrate')
      .description(
        'apply the migrations that the ClickHouse of CLICKHOUSE_URL is missing; several at a time wait for each other',
      ),
  ).action(async ({ json }: { json?: boolean }) => {
    const applied = await (await openSetup(io)).migrate();
    if (json) return printJson(io, { applied });
    for (const name of applied) io.out(name);
    note(io, applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`);
  });
}
