import { type ApiClient, type Operations } from '@telltale/api-client';
import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { intOf, printJson, printTable, withJson } from './command';

/** As many as insights looks at. */
const MOST_LISTED = 10_000;
const PAGE = 1_000;

type DeadLetters = Operations['listDeadLetters']['answer']['dead_letters'];

/** The newest `limit`, page by page, and how many there are in all. */
async function newestLetters(
  api: Pick<ApiClient, 'listDeadLetters'>,
  limit: number,
  reason: string | undefined,
): Promise<{ letters: DeadLetters; total: number }> {
  const letters: DeadLetters[number][] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await api.listDeadLetters({ limit: Math.min(PAGE, limit - letters.length), reason, cursor });
    letters.push(...page.dead_letters);
    total = page.total;
    cursor = page.next_cursor;
  } while (cursor !== undefined && letters.length < limit);
  return { letters, total };
}

export function registerDlq(program: Command, io: Io): void {
  const dlq = program.command('dlq').description('inputs that could not be taken: list, show, replay');

  withJson(
    dlq
      .command('list')
      .description('newest first')
      .option('--limit <n>', 'how many', intOf('--limit', 1, MOST_LISTED), 50)
      .option('--reason <reason>', 'only this reason'),
  ).action(async ({ limit, reason, json }: { limit: number; reason?: string; json?: boolean }) => {
    const { letters, total } = await withClient(io, ['insights'], ({ api }) => newestLetters(api, limit, reason));
    if (json) return letters.forEach((letter) => printJson(io, letter));
    printTable(io, letters.map(({ id, at, reason: why, service, topic, bytes, error }) => ({ id, at, reason: why, service, topic, bytes, error }))); // prettier-ignore
    note(io, `${letters.length} of ${total}${letters.length < total ? '; --limit shows more' : ''}`);
  });

  withJson(
    dlq.command('show <id>').description('where it came from, why it was refused, its headers; the body stays encrypted'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const letter = await withClient(io, ['insights'], ({ api }) => api.getDeadLetter({ id }));
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
    const chosen = ids.length > 0 ? { ids } : reason !== undefined ? { reason } : { all: true as const };
    const answer = await withClient(io, ['all'], async (client) => {
      const said = await client.api.replayDeadLetters(chosen);
      await client.settled(io.signal);
      return said;
    });
    if (json) return printJson(io, answer);
    io.out(`${answer.replayed} replayed${answer.skipped > 0 ? `, ${answer.skipped} left out: their topic is not known` : ''}`);
    note(io, 'those that are still refused are in the DLQ again: telltale dlq list');
  });
}
