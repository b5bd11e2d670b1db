import { type Client } from '../client/http-client';
import { sleep } from '../client/settled';
import { CliError } from '../terminal/errors';
import { type Batch } from './batches';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
const MOST_TRIES = 30;

/** What a receiver said of one request. */
export interface Taken {
  readonly accepted: number;
  readonly rejected: number;
  /** `line 3: ts is missing`, the first few. */
  readonly problems: readonly string[];
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number(value ?? 0) || 0);
const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function takenOf(batch: Batch, body: Record<string, unknown>): Taken {
  const partial = objectOf(body['partialSuccess']);
  if (batch.path === '/v1/traces' || batch.path === '/v1/logs') {
    const rejected = numberOf(partial['rejectedSpans'] ?? partial['rejectedLogRecords']);
    return {
      accepted: 0,
      rejected,
      problems: rejected > 0 ? [`${batch.names[0] ?? ''}: ${String(partial['errorMessage'] ?? '')}`] : [],
    };
  }
  const errors = Array.isArray(body['errors']) ? body['errors'].map(objectOf) : [];
  const problems = errors.map(({ index, field, message }) =>
    `${batch.names[numberOf(index)] ?? 'an item'}: ${[field, message].filter((part) => typeof part === 'string' && part !== '').join(' ')}`); // prettier-ignore
  return { accepted: numberOf(body['accepted']), rejected: numberOf(body['rejected']), problems };
}

/** Sends one request, again and again while the other side asks for patience; what it rejects permanently is reported, not thrown. */
export async function sendBatch(client: Client, batch: Batch, signal: AbortSignal): Promise<Taken> {
  for (let tries = 1; ; tries++) {
    const { status, retryAfterMs, body } = await client.send(batch.path, batch.body, batch.contentType);
    if (status < 300) return takenOf(batch, body);
    const message = String(objectOf(body['error'])['message'] ?? body['message'] ?? `the receiver answered ${status}`);
    if (status === 401 || status === 403)
      throw new CliError(message, 'set TELLTALE_KEY, or TELLTALE_HOME to the folder that has the file api-key');
    if (status !== 429 && status < 500) {
      const taken = takenOf(batch, body);
      const where = batch.names.length > 1 ? `${batch.names[0] ?? ''} to ${batch.names.at(-1) ?? ''}` : (batch.names[0] ?? '');
      return taken.rejected > 0 && taken.problems.length > 0
        ? taken
        : { accepted: 0, rejected: batch.names.length, problems: [`${where}: ${message}`] };
    }
    if (signal.aborted) throw new CliError('stopped', 'run it again; what is stored already is not stored twice');
    if (tries >= MOST_TRIES)
      throw new CliError(`gave up after ${tries} tries: ${message}`, 'see telltale doctor, then run it again');
    await sleep(retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)), signal);
  }
}
