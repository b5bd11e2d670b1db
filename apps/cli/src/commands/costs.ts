import { type Operations } from '@telltale/api-client';
import { HOUR_MS, isoTime } from '@telltale/kernel';
import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { type Client } from '../client/http-client';
import { CliError, UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { createProgress } from '../terminal/progress';
import { printJson, timeOf, withJson } from './command';
import { registerBudgets } from './costs/budgets';
import { registerExplain } from './costs/explain';
import { registerOverTime } from './costs/over-time';
import { registerReconcile } from './costs/reconcile';
import { registerTop } from './costs/top';
import { registerWaste } from './costs/waste';
import { registerWhatIf } from './costs/what-if';
import { registerPrices } from './prices';

type RepriceReport = Operations['reprice']['answer'];

interface RepriceOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const SLICE_MS = { least: HOUR_MS / 4, first: HOUR_MS, most: 168 * HOUR_MS };
const FEW_CALLS = 20_000;
const MANY_CALLS = 60_000;

const addCounts = (a: RepriceReport['unpriced'], b: RepriceReport['unpriced']): Record<string, number> => {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};
const add = (a: RepriceReport, b: RepriceReport): RepriceReport => ({
  calls: a.calls + b.calls,
  corrections: a.corrections + b.corrections,
  delta_nano_usd: a.delta_nano_usd + b.delta_nano_usd,
  unpriced: addCounts(a.unpriced, b.unpriced),
  price_versions: addCounts(a.price_versions, b.price_versions),
  // Each slice waits for what was sent by then, so the last one knows.
  pending: b.pending,
});

/** Asks for a long range in slices, so that no request takes long: few calls in one double the next, many halve it. */
export async function repriceInSlices(
  io: Io,
  client: Client,
  from: number,
  to: number,
  dry_run: boolean,
): Promise<RepriceReport> {
  let sum: RepriceReport = { calls: 0, corrections: 0, delta_nano_usd: 0, unpriced: {}, price_versions: {}, pending: 0 };
  let span = SLICE_MS.first;
  const progress = createProgress(io, 'pricing again', to - from);
  for (let at = from; at < to;) {
    if (io.signal.aborted) throw new CliError(`stopped at ${isoTime(at)}`, `ask for the rest with --from ${isoTime(at)}`);
    const end = Math.min(to, at + span);
    const body = { from: isoTime(at), to: isoTime(end), dry_run };
    const report = await client.api.reprice(body).catch((error: unknown) => {
      if (at > from) note(io, `done up to ${body.from}; go on with --from ${body.from}`);
      throw error;
    });
    sum = add(sum, report);
    if (report.calls < FEW_CALLS) span = Math.min(SLICE_MS.most, span * 2);
    else if (report.calls > MANY_CALLS) span = Math.max(SLICE_MS.least, span / 2);
    at = end;
    progress.update(at - from, `${sum.calls} calls, ${sum.corrections} corrections`);
  }
  progress.end();
  return sum;
}

function printReport(io: Io, report: RepriceReport, dryRun: boolean): void {
  const dollars = (report.delta_nano_usd / 1e9).toFixed(6);
  io.out(
    `${report.calls} calls, ${report.corrections} corrections${dryRun ? ' (none written)' : ''}, spend changes by $${dollars}`,
  );
  for (const [model, count] of Object.entries(report.unpriced)) note(io, `no price: ${model} (${count})`);
  if (report.pending > 0) note(io, `${report.pending} corrections wait for the costs service: is it running?`);
}

export function registerCosts(program: Command, io: Io): void {
  const costs = program
    .command('costs')
    .description('what calls cost: top, over-time, budgets, explain, waste, what-if, reconcile, prices, reprice');
  registerTop(costs, io);
  registerOverTime(costs, io);
  registerBudgets(costs, io);
  registerExplain(costs, io);
  registerWhatIf(costs, io);
  registerReconcile(costs, io);
  registerWaste(costs, io);
  registerPrices(costs, io);
  withJson(
    costs
      .command('reprice')
      .description('price stored calls again; what differs is written as corrections, never edited')
      .requiredOption('--from <time>', 'first moment, ISO 8601')
      .requiredOption('--to <time>', 'first moment after the range')
      .option('--dry-run', 'only tell what would change'),
  ).action(async ({ from, to, dryRun = false, json }: RepriceOptions) => {
    const [start, end] = [timeOf('--from', from), timeOf('--to', to)];
    if (start >= end) throw new UsageError('--from lies not before --to', 'give an earlier --from or a later --to');
    const needed = dryRun ? ['insights'] : ['insights', 'costs'];
    const report = await withClient(io, needed, (client) => repriceInSlices(io, client, start, end, dryRun));
    if (json) return printJson(io, report);
    printReport(io, report, dryRun);
  });
}
