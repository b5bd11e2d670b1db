import { type Client } from '../client/http-client';
import { CliError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { sleep } from '../client/settled';
import { createProgress } from '../terminal/progress';
import { type ConversationDefaults, createBatcher, type ImportFormat } from './batches';
import { itemsIn } from './otlp-items';
import { openTextFile, type TextFile } from './read-file';
import { sendBatch } from './send-batch';

export interface ImportOptions {
  readonly format: ImportFormat;
  /** Service of events whose file names none; of Langfuse's format alone. */
  readonly service: string;
  /** Of conversations that name no model or provider. */
  readonly defaults: ConversationDefaults;
}

export interface ImportReport {
  /** Its path; of several, all of them in order, with commas. */
  readonly file: string;
  readonly format: ImportFormat;
  /** Items the receivers took and refused; `accepted` is null for OTLP, which does not say. */
  readonly accepted: number | null;
  readonly rejected: number;
  readonly rejections: readonly string[];
  /** Items (events, conversations, spans, log records) that were stored already, by an import before or otherwise; nothing of them counts twice. */
  readonly already_stored: number;
  /** New events of this import that can be queried. */
  readonly events: number;
  readonly sessions: number;
  readonly turns: number;
  readonly llm: number;
  readonly tool: number;
  readonly tool_errors: number;
  readonly failed_scores: number;
  readonly dlq: number;
  readonly dlq_reasons: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const MOST_REJECTIONS = 20;
const EARLIER_WAIT_MS = 60_000;
/** As the gateway's own default; the same variable raises both. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const maxBytesOf = (text: string | undefined): number => {
  if (!text) return MAX_BODY_BYTES;
  const bytes = Number(text);
  if (Number.isInteger(bytes) && bytes > 0) return bytes;
  throw new CliError(
    'GATEWAY_MAX_BODY_BYTES is not a number of bytes',
    'set it to the same number as at the gateway, or unset it',
  );
};
/** The turns service waits 2 s (TURNS_BACKFILL_QUIET_MS), and looks every second. */
const TURNS_QUIET_MS = 3_500;
/** The name of each format at insights. */
const FORMATS = { 'openai-chat': 'openai-chat', ndjson: 'native', 'otlp-json': 'otlp', langfuse: 'native' } as const;

async function deadLettersSince(client: Client, since: number): Promise<{ total: number; reasons: Record<string, number> }> {
  const reasons: Record<string, number> = {};
  let total = 0;
  let cursor: string | undefined;
  do {
    const page = await client.api.listDeadLetters({ limit: 1_000, cursor });
    const own = page.dead_letters.filter(({ at }) => Date.parse(at) >= since);
    total += own.length;
    for (const { reason } of own) reasons[reason] = (reasons[reason] ?? 0) + 1;
    // The newest come first: behind a page of older ones there are only older ones.
    cursor = own.length > 0 ? page.next_cursor : undefined;
  } while (cursor !== undefined);
  return { total, reasons };
}

/**
 * What an import before this one sent is in the tables first, if it is there within a minute: the enricher compares with the tables, and what
 * lies in the log still is not there yet. On a busy cluster the log is never empty, so the wait is bounded.
 */
async function earlierSettled(client: Client, io: Io): Promise<void> {
  await client.settled(AbortSignal.any([io.signal, AbortSignal.timeout(EARLIER_WAIT_MS)]));
}

interface OpenFiles {
  readonly files: readonly TextFile[];
  readonly bytes: number;
  read(): number;
}

/** All are looked at before the first is sent: a wrong path among them sends nothing. */
function openFiles(paths: readonly string[]): OpenFiles {
  const files = paths.map(openTextFile);
  return {
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    read: () => files.reduce((sum, file) => sum + file.read(), 0),
  };
}

/** Sends files through the receiver of their format, one after another, waits until they can be queried, and counts what came of them. */
export async function importFiles(
  io: Io,
  client: Client,
  paths: readonly string[],
  options: ImportOptions,
): Promise<ImportReport> {
  const { format, service, defaults } = options;
  await earlierSettled(client, io);
  const open = openFiles(paths);
  const path = paths.join(', ');
  const batchesOf = createBatcher(format, maxBytesOf(io.env['GATEWAY_MAX_BODY_BYTES']), service, defaults);
  async function* batches(): ReturnType<typeof batchesOf> {
    for (const file of open.files) yield* batchesOf(file);
  }
  const progress = createProgress(io, 'sending', open.bytes);
  const began = Date.now();
  let accepted = 0;
  let otlpItems = 0;
  let rejected = 0;
  let requests = 0;
  const rejections: string[] = [];
  try {
    for await (const batch of batches()) {
      if (io.signal.aborted)
        throw new CliError(`stopped after ${accepted} items`, 'run it again; what is stored already is not stored twice');
      if ('refused' in batch) {
        rejected++;
        if (rejections.length < MOST_REJECTIONS) rejections.push(batch.refused);
        continue;
      }
      const taken = await sendBatch(client, batch, io.signal);
      accepted += taken.accepted;
      if (format === 'otlp-json') otlpItems += itemsIn(batch.body) - taken.rejected;
      rejected += taken.rejected;
      requests++;
      rejections.push(...taken.problems.slice(0, MOST_REJECTIONS - rejections.length));
      progress.update(open.read(), format === 'otlp-json' ? `${requests} requests` : `${accepted} items`);
    }
  } catch (error) {
    progress.end();
    if (requests > 0) note(io, `sent before that: ${requests} requests${format === 'otlp-json' ? '' : `, ${accepted} items`}`);
    throw error;
  }
  progress.end();
  if (requests === 0 && rejected === 0)
    throw new CliError(
      `${path} holds nothing to import`,
      'choose the right --format: openai-chat, ndjson, otlp-json or langfuse',
    );
  const waiting = createProgress(io, 'waiting until it can be queried', 0);
  waiting.update(0);
  let waits = await client.settled(io.signal);
  // Turns are written once nothing of them has come for a moment: services that run on do so by themselves.
  if (waits === null && client.isTemporary && accepted > 0) {
    await sleep(TURNS_QUIET_MS, io.signal);
    waits = await client.settled(io.signal);
  }
  waiting.end();
  if (waits !== null)
    note(io, `not all of it can be queried yet: nothing has read ${waits} for a minute; do these services run?`);
  if (io.signal.aborted)
    throw new CliError(
      'stopped before all of it could be queried',
      'it is safe in the log, and is taken in while Telltale runs: telltale up',
    );
  const { items, ...counts } = await client.api.countEvents({ format: FORMATS[format], since: String(Math.floor(began)) });
  const letters = await deadLettersSince(client, began);
  const taken = format === 'otlp-json' ? otlpItems : accepted;
  return {
    file: path,
    format,
    accepted: format === 'otlp-json' ? null : accepted,
    rejected,
    rejections,
    already_stored: Math.max(0, taken - letters.total - items),
    ...counts,
    dlq: letters.total,
    dlq_reasons: letters.reasons,
    seconds: Math.round((Date.now() - began) / 100) / 10,
  };
}
