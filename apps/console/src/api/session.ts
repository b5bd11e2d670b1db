import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiFailure, send } from './client';
import { type Entry, entryIn, isOwnPage } from './entry';

export interface Session {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
  /** By a link that somebody shared: it reads, and changes nothing. */
  readonly shared: boolean;
}
/** `path`: the page that was shared. */
type Entered = Session & { readonly path?: string };

const KEY = ['session'];

/** A link that did not let in: it is over, or would end the session of another tenant. */
export class LinkFailure extends Error {
  constructor(
    readonly entry: Entry,
    readonly said: ApiFailure,
  ) {
    super(said.message);
  }
  /** Nobody is moved to another tenant without being asked. */
  get asksToReplace(): boolean {
    return this.said.parameter === 'replace';
  }
}

/** Signs in, and goes to the page that a link shows. */
async function enter(entry: Entry | { readonly api_key: string }, more: { readonly replace?: true } = {}): Promise<Session> {
  const { path, ...session } = (await send({ method: 'POST', path: '/api/session', body: { ...entry, ...more } })) as Entered;
  if (path !== undefined && isOwnPage(path, location.origin)) history.replaceState(null, '', path);
  return session;
}

async function current(): Promise<Session | null> {
  try {
    return (await send({ method: 'GET', path: '/api/session' })) as Session;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) return null;
    throw error;
  }
}

/** The session of this browser; null where nobody has signed in. A link in the address is taken out of it first, so that it is in no history or screenshot. */
async function loadSession(): Promise<Session | null> {
  const entry = entryIn(location.hash);
  if (!entry) return current();
  history.replaceState(null, '', location.pathname + location.search);
  try {
    return await enter(entry);
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status === 0) throw error;
    // A link of one's own that was used before is no news to who is in.
    const session = 'link' in entry && error.status === 401 ? await current() : null;
    if (session) return session;
    throw new LinkFailure(entry, error);
  }
}

export const useSession = () => useQuery({ queryKey: KEY, queryFn: loadSession, staleTime: Infinity, retry: false });

/** Nothing that one session has seen is left to the next. */
function begin(client: QueryClient, session: Session | null): void {
  client.setQueryData(KEY, session);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (apiKey: string) => enter({ api_key: apiKey }),
    onSuccess: (session) => begin(client, session),
  });
}

/** Ends the session there is for that of a link. */
export function useReplace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (entry: Entry) => enter(entry, { replace: true }),
    onSuccess: (session) => begin(client, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send({ method: 'DELETE', path: '/api/session' }),
    onSuccess: () => begin(client, null),
  });
}

/** Looks again who is signed in: a session is over, or a link was put into the address of an open page. */
export const lookAgain = (client: QueryClient): Promise<void> => client.refetchQueries({ queryKey: KEY });

/** Whether the session may do what needs a scope; where not, why, in words for a control that is disabled. */
export function useCan(scope: string): { readonly can: boolean; readonly why: string | undefined } {
  const { data } = useSession();
  const can = data?.scopes.includes(scope) ?? false;
  const why = data?.shared === true ? 'You see this by a shared link, which is read-only' : `The API key of this session has no scope ${scope}`;
  return { can, why: can ? undefined : why };
} // prettier-ignore
