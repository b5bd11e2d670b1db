import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { intOf, printJson, printTable, withJson } from './command';

interface Letter {
  readonly id: string;
  readonly at: string;
  readonly reason: string;
  readonly error: string;
  readonly stage: string;
  readonly topic: string;
  readonly bytes: number;
}

export function registerDlq(program: Command, io: Io): void {
  const dlq = program.command('dlq').description('inputs that could not be taken: list, show, replay');

  withJson(
    dlq
      .command('list')
      .description('newest first')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 50)
      .option('--reason <reason>', 'only this reason'),
  ).action(async ({ limit, reason, json }: { limit: number; reason?: string; json?: boolean }) => {
    const parameters = new URLSearchParams({ limit: String(limit), ...(reason ? { reason } : {}) });
    const answer = await withClient(io, ['insights'], (client) => client.get(`/api/dlq?${parameters.toString()}`));
    const letters = answer['dead_letters'] as Letter[];
    if (json) return letters.forEach((letter) => printJson(io, letter));
    printTable(io, letters.map(({ id, at, reason: why, stage, topic, bytes, error }) => ({ id, at, reason: why, stage, topic, bytes, error }))); // prettier-ignore
    note(io, `${letters.length} of ${String(answer['total'])}`);
  });

  withJson(
    dlq.command('show <id>').description('where it came from, why it was refused, its headers; the body stays encrypted'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const letter = await withClient(io, ['insights'], (client) => client.get(`/api/dlq/${encodeURIComponent(id)}`));
    if (json) return printJson(io, letter);
    printTable(io, Object.entries(letter).map(([field, value]) => ({ field, value }))); // prettier-ignore
  });

  withJson(
    dlq
      .command('replay [ids...]')
      .description('send them on their way again, as they came')
      .option('--reason <reason>', 'all of this reason')
      .option('--all', 'all of them'),
  ).action(async (ids: string[], { reason, all, json }: { reason?: string; all?: boolean; json?: boolean }) => {
    const ways = [ids.length > 0, reason !== undefined, all === true].filter(Boolean).length;
    if (ways !== 1) throw new UsageError('what to replay is not clear', 'give ids, or --reason, or --all');
    const body = ids.length > 0 ? { ids } : reason !== undefined ? { reason } : { all: true };
    const answer = await withClient(io, ['all'], async (client) => {
      const said = await client.post('/api/dlq/replay', body);
      await client.settled(io.signal);
      return said;
    });
    if (json) return printJson(io, answer);
    io.out(
      `${String(answer['replayed'])} replayed${Number(answer['skipped']) > 0 ? `, ${String(answer['skipped'])} left out: their topic is not known` : ''}`,
    );
    note(io, 'those that are still refused are in the DLQ again: telltale dlq list');
  });
}
