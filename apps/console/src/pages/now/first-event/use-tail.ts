import { useEffect, useState } from 'react';
import { isEvent, type SeenEvent } from './seen-event';

const MOST = 8;

interface Tail {
  /** The newest first. */
  readonly events: readonly SeenEvent[];
  readonly total: number;
  readonly state: 'opening' | 'following' | 'lost';
}

/** Events as they come. The browser opens the stream again by itself where it breaks; `lost` is one that was refused. */
export function useTail(): Tail {
  const [tail, setTail] = useState<Tail>({ events: [], total: 0, state: 'opening' });
  useEffect(() => {
    const source = new EventSource('/api/tail');
    source.addEventListener('open', () => setTail((before) => ({ ...before, state: 'following' })));
    source.addEventListener('error', () =>
      setTail((before) => ({ ...before, state: source.readyState === EventSource.CLOSED ? 'lost' : 'opening' })),
    );
    source.addEventListener('event', ({ data }: MessageEvent<string>) => {
      const event: unknown = JSON.parse(data);
      if (isEvent(event))
        setTail(({ events, total }) => ({ events: [event, ...events].slice(0, MOST), total: total + 1, state: 'following' }));
    });
    return () => source.close();
  }, []);
  return tail;
}
