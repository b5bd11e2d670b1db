import { type NativeEvent } from '@telltale/contracts';
import { type Client } from '../client/http-client';
import { sleep } from '../client/settled';
import { sendBatch } from '../import/send-batch';

const BATCH = 1_000;
const LIVE_STEP_MS = 200;

/** An event whose time cannot be read is due with the one before it. */
const timeOf = (event: NativeEvent, fallback: number): number => {
  const time = Date.parse(String(event.ts));
  return Number.isNaN(time) ? fallback : time;
};

const batchOf = (events: readonly NativeEvent[]) => ({
  path: '/v1/events',
  contentType: 'application/x-ndjson',
  body: events.map((event) => JSON.stringify(event)).join('\n'),
  names: events.map((_, i) => `event ${i + 1}`),
});

/** Sends events as fast as they are taken, in order. Answers how many. */
export async function sendAll(
  client: Client,
  events: Iterable<NativeEvent>,
  signal: AbortSignal,
  onSent: (sent: number) => void,
): Promise<number> {
  let sent = 0;
  let batch: NativeEvent[] = [];
  const flush = async (): Promise<void> => {
    await sendBatch(client, batchOf(batch), signal);
    sent += batch.length;
    batch = [];
    onSent(sent);
  };
  for (const event of events) {
    if (batch.push(event) < BATCH) continue;
    await flush();
    if (signal.aborted) return sent;
  }
  if (batch.length > 0) await flush();
  return sent;
}

/** Sends each event when its time has come, until there are none or the signal aborts. Answers how many. */
export async function sendLive(client: Client, events: Iterator<NativeEvent>, signal: AbortSignal): Promise<number> {
  let sent = 0;
  let next = events.next();
  let due = 0;
  while (next.done !== true && !signal.aborted) {
    const now = Date.now();
    const batch: NativeEvent[] = [];
    while (next.done !== true) {
      due = timeOf(next.value, due);
      if (due > now) break;
      batch.push(next.value);
      next = events.next();
    }
    if (batch.length > 0) await sendBatch(client, batchOf(batch), signal);
    sent += batch.length;
    await sleep(LIVE_STEP_MS, signal);
  }
  return sent;
}
