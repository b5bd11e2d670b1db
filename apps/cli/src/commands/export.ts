import { requestOf } from '@telltale/api-client';
import { EVENT_KINDS, EVENT_STATUSES, TURN_OUTCOMES } from '@telltale/contracts';
import { Argument, Option } from 'commander';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withClient } from '../client/connect';
import { CliError, UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { intOf, printJson, type Register, withExample, withJson } from './command';

type Filters = Parameters<typeof requestOf<'exportRows'>>[1];
type What = Filters['what'];
interface ExportOptions extends Omit<Filters, 'what'> {
  readonly out?: string;
  readonly json?: boolean;
}

const brokeOff = (error: unknown, io: Io): unknown =>
  error instanceof CliError || io.signal.aborted
    ? error
    : new CliError('the export broke off before its end', 'ask for a shorter range, or look at the log of insights');

/** Into a file that has its name only once it is whole; answers its bytes. */
async function toFile(body: AsyncIterable<Uint8Array>, out: string): Promise<number> {
  const part = `${out}.part`;
  try {
    const file = createWriteStream(part, { mode: 0o600 });
    await pipeline(Readable.from(body), file);
    renameSync(part, out);
    return file.bytesWritten;
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

async function toScreen(body: AsyncIterable<Uint8Array>, io: Io): Promise<void> {
  for await (const line of createInterface({ input: Readable.from(body), crlfDelay: Infinity })) io.out(line);
}

export const registerExport: Register = (program, io) => {
  withExample(
    withJson(
      program
        .command('export')
        .description('whole rows as a file, with everything that is kept of them')
        .addArgument(new Argument('<what>', 'which rows').choices(['events', 'turns', 'sessions']))
        .addOption(
          new Option('--format <format>', 'ndjson: a row a line; parquet: at most 100,000 rows')
            .choices(['ndjson', 'parquet'])
            .default('ndjson'),
        )
        .option('--out <file>', 'file that is written; stdout when left out (ndjson only)')
        .option('--service <name>', 'only of this service')
        .option('--session <id>', 'only of this session')
        .option('--user <id>', 'only of this user (pseudonym)')
        .addOption(new Option('--status <status>', 'only of this status').choices(EVENT_STATUSES))
        .addOption(new Option('--kind <kind>', 'only events of this kind').choices(EVENT_KINDS))
        .option('--name <name>', 'only events of this name')
        .option('--tool <name>', 'only events of this tool')
        .option('--intent <intent>', 'only turns that want this')
        .addOption(new Option('--outcome <outcome>', 'only turns that ended so').choices(TURN_OUTCOMES))
        .option('--since <time>', 'since: an age such as 24h or 7d, or ISO 8601', '24h')
        .option('--until <time>', 'first moment after the range; now when left out')
        .option('--limit <n>', 'most rows (100,000)', intOf('--limit', 1, 1_000_000)),
    ),
    'telltale export turns --since 7d --format parquet --out turns.parquet',
    'telltale export events --session SESSION_ID > session.ndjson',
  ).action(async (what: What, { out, json, ...filters }: ExportOptions) => {
    if (filters.format === 'parquet' && out === undefined)
      throw new UsageError('--out is missing', 'name the file that Parquet is written to');
    await withClient(io, ['insights'], async (client) => {
      const { headers, body } = await client.download(requestOf('exportRows', { ...filters, what }), io.signal);
      const isTruncated = headers.get('x-telltale-truncated') === 'true';
      const bytes = await (out === undefined ? toScreen(body, io) : toFile(body, out)).catch((error: unknown) => {
        throw brokeOff(error, io);
      });
      if (isTruncated) note(io, `there are more ${what} than these; --limit or a shorter range gives the others`);
      if (out === undefined) return;
      if (json) printJson(io, { out, bytes, truncated: isTruncated });
      else io.out(`${what} written to ${out}, ${String(bytes)} bytes`);
    });
  });
};
