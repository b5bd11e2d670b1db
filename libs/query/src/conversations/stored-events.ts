import { sqlString } from '@telltale/contracts';
import { type RowStore } from '@telltale/streaming';
import { isPermanent, TransientError } from '@telltale/kernel';

/** Events of a tenant by id and the minute of their time (ms since the epoch), or all of a session whose times were made at arrival. */
interface StoredQuestion {
  readonly tenant: string;
  readonly events: readonly { readonly id: string; readonly minute: number }[];
  readonly sessions: readonly string[];
}

interface FoundEvent {
  readonly id: string;
  /** Seconds since the epoch, as the engine's DateTime has them: none before 1970 or after 2106. */
  readonly minute: number;
  readonly received: number | string;
}

const LAST_SECOND = 2 ** 32 - 1;
const secondsOf = (ms: number): number => Math.min(Math.max(ms / 1_000, 0), LAST_SECOND);
const placeOf = (minute: number, id: string): string => `${minute}/${id}`;

const select = (tenant: string, condition: string): string =>
  `SELECT id, toUnixTimestamp(toStartOfMinute(ts)) AS minute, toUnixTimestamp64Milli(received_at) AS received FROM telltale.events WHERE tenant = ${sqlString(tenant)} AND ${condition}`;

/**
 * By the columns that the table is ordered by, so that only the granules of these minutes are read. As two lists of literals: of pairs the engine
 * would work out each by itself, which takes it eight times as long. So more is found than is asked for: ids in the minutes of others.
 */
const byMinute = (events: StoredQuestion['events']): string =>
  `toStartOfMinute(ts) IN (${[...new Set(events.map(({ minute }) => secondsOf(minute)))].join(', ')}) AND id IN (${events.map(({ id }) => sqlString(id)).join(', ')})`;
const bySession = (sessions: readonly string[]): string =>
  `ingest_format = 'openai-chat' AND session_id IN (${sessions.map(sqlString).join(', ')})`;

async function foundIn(rows: Pick<RowStore, 'query'>, { tenant, events, sessions }: StoredQuestion): Promise<FoundEvent[]> {
  const ask = (condition: string): Promise<FoundEvent[]> =>
    rows.query<FoundEvent>(select(tenant, condition), undefined, { comment: 'telltale.enricher stored events' });
  const asked = new Set(events.map(({ id, minute }) => placeOf(secondsOf(minute), id)));
  const ofEvents = events.length > 0 ? await ask(byMinute(events)) : [];
  const ofSessions = sessions.length > 0 ? await ask(bySession(sessions)) : [];
  return [...ofEvents.filter(({ id, minute }) => asked.has(placeOf(minute, id))), ...ofSessions];
}

/** Asks the tables which events of a backfill they have, and when those arrived (ms since the epoch). TransientError while they cannot be asked. */
export const storedEventsIn =
  (rows: Pick<RowStore, 'query'>) =>
  async (question: StoredQuestion): Promise<{ readonly id: string; readonly receivedAt: number }[]> => {
    try {
      return (await foundIn(rows, question)).map(({ id, received }) => ({ id, receivedAt: Number(received) }));
    } catch (error) {
      // The statement is ours, so what the engine says of it (memory, time) is of now.
      if (isPermanent(error))
        throw new TransientError('unavailable', `events: which are stored cannot be read: ${error.message}`, { cause: error });
      throw error;
    }
  };
