import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiFailure, send } from './client';

export interface Session {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
}

const KEY = ['session'];
const LINK = /^#link=([\w.-]+)$/;

/** The session of this browser; null where nobody has signed in. A link in the address is used up first, and taken out of it. */
async function loadSession(): Promise<Session | null> {
  const link = LINK.exec(location.hash)?.[1];
  if (link !== undefined) {
    history.replaceState(null, '', location.pathname + location.search);
    try {
      return (await send({
        method: 'POST',
        path: '/api/session',
        body: { link },
      })) as Session;
    } catch (error) {
      if (!(error instanceof ApiFailure && error.status === 401)) throw error;
    }
  }
  try {
    return (await send({ method: 'GET', path: '/api/session' })) as Session;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) return null;
    throw error;
  }
}

export const useSession = () => useQuery({ queryKey: KEY, queryFn: loadSession, staleTime: Infinity });

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (apiKey: string) =>
      send({
        method: 'POST',
        path: '/api/session',
        body: { api_key: apiKey },
      }) as Promise<Session>,
    onSuccess: (session) => client.setQueryData(KEY, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send({ method: 'DELETE', path: '/api/session' }),
    onSuccess: () => {
      client.setQueryData(KEY, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    },
  });
}

/** Whether the session may do what needs a scope; where not, why, in words for a control that is disabled. */
export function useCan(scope: string): { readonly can: boolean; readonly why: string | undefined } {
  const { data } = useSession();
  const can = data?.scopes.includes(scope) ?? false;
  return { can, why: can ? undefined : `The API key of this session has no scope ${scope}` };
}
