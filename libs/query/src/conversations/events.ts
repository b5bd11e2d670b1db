import { eventRecord } from '@telltale/contracts';
import { z } from 'zod';
import { type RowsOf } from '../define/definition';
import { withIsoTimes } from '../define/iso-times';
import { columnsOf } from '../define/where';

const MAX_EVENTS = 5_000;

/** Of an answer that shows events under their callers. */
export const EVENT_LIMITS = { maxRows: MAX_EVENTS };
export const isTruncated = z.boolean().describe(`It has more than ${MAX_EVENTS} events; the first are shown`);

/** The first events that fulfil a condition, in order of time. `condition` may name `{id:String}`. */
export async function eventsWhere(condition: string, id: string, rowsOf: RowsOf) {
  const found = await rowsOf({
    sql: `SELECT ${columnsOf(eventRecord)} FROM telltale.events WHERE tenant = {tenant:String} AND (${condition})
     ORDER BY ts, id LIMIT {limit:UInt32}`,
    params: { id, limit: MAX_EVENTS + 1 },
  });
  return { events: found.slice(0, MAX_EVENTS).map(withIsoTimes), truncated: found.length > MAX_EVENTS };
}
