import { type Broker, type Logger, type LogRecord } from '@telltale/streaming';
import { isRecord, messageOf } from '@telltale/kernel';

/** Fields of a record, and the value that each must have; undefined: any. */
export interface TailFilter {
  readonly tenant: string;
  readonly [field: string]: string | undefined;
}

export const matches = (event: Readonly<Record<string, unknown>>, filter: TailFilter): boolean =>
  Object.entries(filter).every(([field, wanted]) => wanted === undefined || event[field] === wanted);

export interface TailHub {
  /** Hands every matching event on, as the text of its record, until the answer is called. */
  subscribe(filter: TailFilter, onEvent: (line: string) => void, onEnd: () => void): () => void;
  readonly clients: number;
}

interface Subscriber {
  readonly filter: TailFilter;
  readonly onEvent: (line: string) => void;
  readonly onEnd: () => void;
}

/** One reader of a topic for all who follow it; it reads only while somebody does. */
export function createTailHub(broker: Broker, topic: string, logger: Logger): TailHub {
  const subscribers = new Set<Subscriber>();
  let reading: AbortController | null = null;

  function deliver(records: readonly LogRecord[]): void {
    for (const { value } of records) {
      const line = value?.toString('utf8');
      const event = line === undefined ? null : parse(line);
      if (line === undefined || event === null) continue;
      for (const subscriber of subscribers) if (matches(event, subscriber.filter)) subscriber.onEvent(line);
    }
  }

  function start(): void {
    const own = new AbortController();
    reading = own;
    broker.tail({ topics: [topic], from: 'end', signal: own.signal, onRecords: deliver }).then(
      () => end(own),
      (error: unknown) => {
        logger.warn('tail_ended', { error: messageOf(error) });
        end(own);
      },
    );
  }

  function end(which: AbortController): void {
    if (reading !== which) return;
    reading = null;
    for (const subscriber of subscribers) subscriber.onEnd();
    subscribers.clear();
  }

  return {
    get clients() {
      return subscribers.size;
    },
    subscribe(filter, onEvent, onEnd) {
      const subscriber = { filter, onEvent, onEnd };
      subscribers.add(subscriber);
      if (!reading) start();
      return () => {
        subscribers.delete(subscriber);
        if (subscribers.size > 0 || !reading) return;
        const own = reading;
        reading = null;
        own.abort();
      };
    },
  };
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null; // Somebody else's record: not an event to show.
  }
}
