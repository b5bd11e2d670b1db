import { type ApiRequest } from '@telltale/api-client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type ServerEvent } from './event-parser';
import { follow, Refused } from './follow';
import { type Arrived, arrive, EMPTY, pause, type TailState } from './tail-state';

/** Rows are drawn a few times a second, however fast they come. */
const DRAW_MS = 150;

export interface Connection {
  readonly state: 'connecting' | 'open' | 'broken' | 'refused';
  /** Why it broke or was refused, and when it is tried again. */
  readonly words: string;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (window.clearTimeout(timer), resolve()), { once: true });
  });
}

function arrivedOf({ event, data }: ServerEvent): Arrived[] {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return [{ gap: 'A record that cannot be read was left out' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const record = value as Readonly<Record<string, unknown>>;
  if (event === 'event') return [{ record }];
  if (event !== 'skipped') return [];
  const count = Number(record['count'] ?? 0);
  return [{ gap: `${count.toLocaleString('en-US')} left out here: they came faster than this page took them`, skipped: count }];
}

/** Follows a tail while the page is open, and as long as the question is the same. */
export function useTail({ path, method }: ApiRequest) {
  const [tail, setTail] = useState<TailState>(EMPTY);
  const [connection, setConnection] = useState<Connection>({ state: 'connecting', words: '' });
  useEffect(() => {
    const closed = new AbortController();
    let arrived: Arrived[] = [];
    let brokenAt: number | null = null;
    const draw = (): void => {
      const now = new Date().getTime();
      const batch = arrived;
      arrived = [];
      setTail((before) => arrive(before, batch, now));
    };
    const timer = window.setInterval(draw, DRAW_MS);
    setTail((before) => ({ ...EMPTY, isPaused: before.isPaused }));
    setConnection({ state: 'connecting', words: '' });
    const onOpen = (): void => {
      const now = new Date().getTime();
      if (brokenAt !== null) arrived.push({ gap: `The connection was lost for ${Math.max(1, Math.round((now - brokenAt) / 1_000))} s: what came meanwhile is not here`, between: [brokenAt, now] }); // prettier-ignore
      brokenAt = null;
      setConnection({ state: 'open', words: '' });
    };
    const onBroken = (reason: string, ms: number): void => {
      brokenAt ??= new Date().getTime();
      setConnection({ state: 'broken', words: `${reason}; trying again in ${Math.max(1, Math.round(ms / 1_000))} s` });
    };
    const onEvents = (events: readonly ServerEvent[]): void => void arrived.push(...events.flatMap(arrivedOf));
    follow({ path, method }, { onOpen, onEvents, onBroken, wait, fetch: (...asked) => window.fetch(...asked) }, closed.signal).catch((error: unknown) =>
      setConnection({ state: 'refused', words: error instanceof Refused ? error.message : String(error) }),
    );
    return () => {
      closed.abort();
      window.clearInterval(timer);
    };
  }, [path, method]);
  const setPaused = useCallback((isPaused: boolean) => setTail((before) => pause(before, isPaused)), []);
  const clear = useCallback(() => setTail((before) => ({ ...EMPTY, isPaused: before.isPaused, next: before.next, seconds: before.seconds })), []);
  return useMemo(() => ({ tail, connection, setPaused, clear }), [tail, connection, setPaused, clear]);
} // prettier-ignore
