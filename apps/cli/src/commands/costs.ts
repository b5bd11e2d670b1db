import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, withJson } from './command';

interface RepriceOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

function timeOf(flag: string, text: string): string {
  const time = Date.parse(text);
  if (!Number.isFinite(time)) throw new UsageError(`${flag} ${text} is not a time`, 'give ISO 8601: 2026-11-23T03:00:00Z');
  return new Date(time).toISOString();
}

export function registerCosts(program: Command, io: Io): void {
  const costs = program.command('costs').description('what calls cost: reprice');
  withJson(
    costs
      .command('reprice')
      .description('price stored calls again; what differs is written as corrections, never edited')
      .requiredOption('--from <time>', 'first moment, ISO 8601')
      .requiredOption('--to <time>', 'first moment after the range')
      .option('--dry-run', 'only tell what would change'),
  ).action(async ({ from, to, dryRun, json }: RepriceOptions) => {
    const body = { from: timeOf('--from', from), to: timeOf('--to', to), dry_run: dryRun === true };
    if (body.from >= body.to) throw new UsageError('--from lies not before --to', 'give an earlier --from or a later --to');
    const report = await withClient(io, ['insights'], (client) => client.post('/api/costs/reprice', body));
    if (json) return printJson(io, report);
    io.out(
      `${String(report['calls'])} calls, ${String(report['corrections'])} corrections${dryRun ? ' (none written)' : ''}, spend changes by $${(Number(report['delta_nano']) / 1e9).toFixed(6)}`,
    );
    for (const [model, count] of Object.entries(report['unpriced'] as Record<string, number>))
      note(io, `no price: ${model} (${count})`);
  });
}
