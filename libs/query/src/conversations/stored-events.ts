import { sqlString } from '@telltale/contracts';
import { type RowStore } from '@telltale/streaming';
import { isPermanent, TransientError } from '@telltale/kernel';

/** Events of a tenant by id and the minute of their time (ms since the epoch), or all of a session whose times were made at arrival. */
interface StoredQuestion {
  readonly tenant: string;
  readonly events: readonly { readonly id: string; readonly minute: number }[];
  readonly sessions: readonly string[];
}

/** By the columns that the table is ordered by, so that only the granules of these minutes are read. */
function sqlOf({ tenant, events, sessions }: StoredQuestion): string {
  const conditions: string[] = [];
  if (events.length > 0) {
    const pairs = events.map(({ id, minute }) => `(toDateTime(${minute / 1_000}, 'UTC'), ${sqlString(id)})`);
    conditions.push(`(toStartOfMinute(ts), id) IN (${pairs.join(', ')})`);
  }
  if (sessions.length > 0)
    conditions.push(`(ingest_format = 'openai-chat' AND session_id IN (${sessions.map(sqlString).join(', ')}))`);
  return `SELECT id, toUnixTimestamp64Milli(received_at) AS received FROM telltale.events WHERE tenant = ${sqlString(tenant)} AND (${conditions.join(' OR ')})`;
}

/** Asks the tables which events of a backfill they have, and when those arrived (ms since the epoch). TransientError while they cannot be asked. */
export const storedEventsIn =
  (rows: Pick<RowStore, 'query'>) =>
  async (question: StoredQuestion): Promise<{ readonly id: string; readonly receivedAt: number }[]> => {
    try {
      const found = await rows.query<{ id: string; received: number | string }>(sqlOf(question), undefined, {
        comment: 'telltale.enricher stored events',
      });
      return found.map(({ id, received }) => ({ id, receivedAt: Number(received) }));
    } catch (error) {
      // The statement is ours, so what the engine says of it (memory, time) is of now.
      if (isPermanent(error))
        throw new TransientError('unavailable', `events: which are stored cannot be read: ${error.message}`, { cause: error });
      throw error;
    }
  };
