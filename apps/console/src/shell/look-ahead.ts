import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pageAt } from '../pages/pages';
import { idInPath } from '../pages/path-id';

/** Who only passes over a link asks for nothing. */
const RESTS_MS = 120;

/** What the page of one thing asks first; what it is loaded by, where the page of its list does not have it. */
const FIRST: Readonly<Record<string, (client: QueryClient, id: string, params: URLSearchParams) => Promise<unknown>>> = {
  '/turns/': async (client, id, params) => {
    const [{ turnOperations }] = await Promise.all([import('../pages/turn/questions'), import('../pages/turn/turn-page')]);
    return client.prefetchInfiniteQuery(turnOperations(id, params.get('op') ?? ''));
  },
  '/sessions/': async (client, id) => {
    const [{ sessionChat }] = await Promise.all([
      import('../pages/sessions/questions'),
      import('../pages/sessions/session-page'),
    ]);
    return client.prefetchInfiniteQuery(sessionChat(id));
  },
  '/incidents/': async (client, id) => {
    const { oneIncident } = await import('../pages/incidents/questions');
    return client.prefetchQuery(oneIncident(id));
  },
};

async function lookAhead(client: QueryClient, { pathname, searchParams }: URL): Promise<void> {
  const [prefix, ask] = Object.entries(FIRST).find(([one]) => pathname.startsWith(one)) ?? [];
  const id = prefix === undefined ? '' : idInPath(prefix, pathname);
  await Promise.all([pageAt(pathname)?.load?.(), id === '' ? undefined : ask?.(client, id, searchParams)]);
}

/** Loads the page of a link, and asks what it asks first, once the pointer or the focus rests on it. */
export function useLookAhead(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer = 0;
    function onRest({ target }: Event): void {
      window.clearTimeout(timer);
      const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
      if (!link || link.origin !== location.origin || link.pathname === location.pathname) return;
      // What fails is asked again, and said, where it is opened.
      timer = window.setTimeout(() => void lookAhead(client, new URL(link.href)).catch(() => undefined), RESTS_MS);
    }
    const events = ['pointerover', 'focusin'] as const;
    for (const event of events) document.addEventListener(event, onRest);
    return () => {
      window.clearTimeout(timer);
      for (const event of events) document.removeEventListener(event, onRest);
    };
  }, [client]);
}
