import { ApiError, tailEvents } from '@telltale/query';
import { type InsightsDeps } from '../deps';
import { type StreamAnswer } from '../routes/ask';
import { createTailClient } from './tail-client';
import { createTailHub } from './tail-hub';

const MAX_CLIENTS = 50;
const WAITING_EVENTS = 1_000;
const KEEP_ALIVE_MS = 15_000;

/** Server-sent events: `event` with a record, `skipped` with a count when the client is too slow. */
export function createTailStream({ broker, logger, clock, metrics, stopping }: InsightsDeps): StreamAnswer {
  const hub = createTailHub(broker, logger);

  return (given, { tenant }, reply) => {
    const { service, session, ...filter } = tailEvents.parse(given);
    if (hub.clients >= MAX_CLIENTS) throw new ApiError('overloaded', `${MAX_CLIENTS} tails are open`, { fix: 'close one' });
    const closed = new AbortController();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write(': following\n\n');
    const client = createTailClient(
      { write: (frame) => raw.write(frame), onDrain: (next) => void raw.once('drain', next) },
      WAITING_EVENTS,
      (count) => metrics.count('telltale_tail_dropped_events_total', {}, count),
    );
    const end = (): void => void raw.end();
    const wanted = { ...filter, tenant, service_name: service, session_id: session };
    const leave = hub.subscribe(wanted, (line) => client.offer(line), end);
    metrics.set('telltale_tail_subscribers', {}, hub.clients);
    stopping.addEventListener('abort', end, { once: true });
    raw.once('close', () => {
      closed.abort();
      stopping.removeEventListener('abort', end);
      leave();
      metrics.set('telltale_tail_subscribers', {}, hub.clients);
    });
    void (async () => {
      // A comment now and then, so that nobody in between thinks the connection dead.
      for (
        await clock.sleep(KEEP_ALIVE_MS, closed.signal);
        !closed.signal.aborted;
        await clock.sleep(KEEP_ALIVE_MS, closed.signal)
      )
        raw.write(': alive\n\n');
    })();
    return Promise.resolve();
  };
}
