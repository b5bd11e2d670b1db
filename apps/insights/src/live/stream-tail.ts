import { TOPICS } from '@telltale/contracts';
import { ApiError, tailAlerts, tailEvents, tailIncidents } from '@telltale/query';
import { type InsightsDeps } from '../deps';
import { type StreamAnswer, type StreamAnswers } from '../routes/ask';
import { createTailClient } from './tail-client';
import { createTailHub } from './tail-hub';

const MAX_CLIENTS = 50;
const WAITING_EVENTS = 1_000;
const KEEP_ALIVE_MS = 15_000;

type Given = Readonly<Record<string, unknown>>;
type Wanted = Readonly<Record<string, string | undefined>>;

/** Server-sent events: `event` with a record, `skipped` with a count when the client is too slow. `wantedBy` names fields of records. */
function createTailStream(
  { broker, logger, clock, metrics, stopping }: InsightsDeps,
  topic: string,
  wantedBy: (given: Given) => Wanted,
): StreamAnswer {
  const hub = createTailHub(broker, topic, logger);

  return (given, { tenant, isLetIn }, reply) => {
    const filter = wantedBy(given);
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
    const leave = hub.subscribe({ ...filter, tenant }, (line) => client.offer(line), end);
    metrics.set('telltale_tail_subscribers', {}, hub.clients);
    stopping.addEventListener('abort', end, { once: true });
    raw.once('close', () => {
      closed.abort();
      stopping.removeEventListener('abort', end);
      leave();
      metrics.set('telltale_tail_subscribers', {}, hub.clients);
    });
    void (async () => {
      // A comment now and then, so that nobody in between thinks the connection dead. It ends with the key or the session that opened it.
      for (
        await clock.sleep(KEEP_ALIVE_MS, closed.signal);
        !closed.signal.aborted;
        await clock.sleep(KEEP_ALIVE_MS, closed.signal)
      ) {
        if (!isLetIn()) return end();
        raw.write(': alive\n\n');
      }
    })();
    return Promise.resolve();
  };
}

/** The tails there are, by name of their definition. */
export const createTailStreams = (deps: InsightsDeps): StreamAnswers => ({
  [tailEvents.name]: createTailStream(deps, TOPICS.events.name, (given) => {
    const { service, session, ...rest } = tailEvents.parse(given);
    return { ...rest, service_name: service, session_id: session };
  }),
  [tailIncidents.name]: createTailStream(deps, TOPICS.incidents.name, (given) => {
    const { service, state } = tailIncidents.parse(given);
    return { service_name: service, state };
  }),
  [tailAlerts.name]: createTailStream(deps, TOPICS.alerts.name, (given) => {
    const { incident, status } = tailAlerts.parse(given);
    return { incident_id: incident, status };
  }),
});
