import { acceptTicket, type KeyStore, type SignedIn } from '@telltale/auth';
import { HOUR_MS } from '@telltale/kernel';
import { type FastifyRequest } from 'fastify';

export const SESSION_MS = 12 * HOUR_MS;
const COOKIE = 'telltale_session';
/** No page of another origin can send it without being asked for first, and none is ever allowed to. */
export const CSRF_HEADER = 'x-telltale-csrf';
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

function cookieOf({ cookie }: Headers): string {
  const all = typeof cookie === 'string' ? cookie : '';
  const own = all.split(';').find((part) => part.trim().startsWith(`${COOKIE}=`));
  return own?.slice(own.indexOf('=') + 1).trim() ?? '';
}

/** Who has signed in with this browser, by an API key or by a link that somebody shared, if that still holds. */
export function signedInBy(keys: KeyStore, headers: Headers, now: number): SignedIn | null {
  const ticket = cookieOf(headers);
  if (ticket === '') return null;
  return acceptTicket(keys, ticket, 'session', now) ?? acceptTicket(keys, ticket, 'shared', now);
}

/** It came by a link that somebody shared. */
export const isShared = ({ ticket }: SignedIn): boolean => ticket.use === 'shared';

/** Why a request may come from a page of somebody else, which a browser lets send cookies, too; null where it cannot. */
export function forgedBy({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): string | null {
  const { origin, host } = headers;
  if (origin !== undefined && URL.parse(origin)?.host !== host)
    return `the page of this request is of ${origin}, which is not where it was sent to`;
  if (READS.has(method) || headers[CSRF_HEADER] !== undefined) return null;
  return `a change that a signed-in browser asks for needs the header ${CSRF_HEADER}: 1`;
}

/** `isSecure`: the browser came by HTTPS, and is to send it by HTTPS only. */
export const cookieFor = (ticket: string, maxAgeMs: number, isSecure: boolean): string =>
  `${COOKIE}=${ticket}; Path=/; Max-Age=${Math.floor(maxAgeMs / 1_000)}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
