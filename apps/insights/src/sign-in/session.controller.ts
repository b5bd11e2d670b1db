import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { acceptTicket, issueTicket, type KnownKey, permit, type SignedIn } from '@telltale/auth';
import { type ApiKeyScope } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { ApiError } from '@telltale/query';
import { randomBytes } from 'node:crypto';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiErrorFilter } from '../api-error';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { bodyOf } from '../routes/given';
import { cookieFor, forgedBy, isShared, SESSION_MS, signedInBy } from './session';
import { pageOf } from './share';
import { createSignInTries } from './sign-in-tries';
import { createUsedLinks } from './used-links';

/** The longest is that of a link to a page with much chosen on it. */
const MAX_TICKET = 4_000;
const MAX_BODY_BYTES = 16 * 1_024;
const replace = z.boolean().default(false);
const signIn = z.union([
  z.strictObject({ api_key: z.string().min(1).max(500) }),
  z.strictObject({ link: z.string().min(1).max(MAX_TICKET), replace }),
  z.strictObject({ share: z.string().min(1).max(MAX_TICKET), replace }),
]);
type SignIn = z.infer<typeof signIn>;

interface SessionAnswer {
  readonly tenant: string;
  /** Of the API key. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
  /** By a link that somebody shared: it reads, and changes nothing. */
  readonly shared: boolean;
  /** The page that was shared, where it was asked for. */
  readonly path?: string;
}

const answerOf = (session: SignedIn, path?: string): SessionAnswer => ({
  tenant: session.grant.tenant,
  name: session.grant.name,
  scopes: session.grant.scopes,
  expires_at: isoTime(session.ticket.expires),
  shared: isShared(session),
  ...(path === undefined ? {} : { path }),
});

/** What a browser gets: a ticket for its cookie, or none where it keeps the session that it has. */
interface Entry {
  readonly session: SignedIn;
  readonly ticket?: string;
  readonly path?: string;
}

/** Whether the browser, or the proxy before us, came by HTTPS. */
const isSecure = ({ protocol, headers }: FastifyRequest): boolean =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https';

const newId = (): string => randomBytes(16).toString('hex');

function parseSignIn(body: unknown): SignIn {
  if (Buffer.isBuffer(body) && body.length > MAX_BODY_BYTES)
    throw new ApiError('too_large', `the body is larger than ${MAX_BODY_BYTES} bytes; send less`, { fix: 'send less' });
  const asked = signIn.safeParse(bodyOf(body));
  if (asked.success) return asked.data;
  throw new ApiError('invalid', 'send {"api_key": "…"}, or {"link": "…"} or {"share": "…"} with what stands behind it in a link');
}

/** Lets a browser in: an API key, a link that is good once, or one that was shared becomes a cookie that no script can read and no other site can send. */
@Controller('api/session')
@UseFilters(ApiErrorFilter)
export class SessionController {
  private readonly usedLinks = createUsedLinks();
  private readonly openedShares = createUsedLinks();
  private readonly tries = createSignInTries();

  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  start(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): SessionAnswer {
    const forged = forgedBy(request);
    if (forged) throw new ApiError('forbidden', forged);
    const asked = parseSignIn(body);
    const now = this.deps.clock.now();
    const { session, ticket, path } = this.entryFor(asked, request, now);
    if (ticket !== undefined) reply.header('set-cookie', cookieFor(ticket, session.ticket.expires - now, isSecure(request)));
    return answerOf(session, path);
  }

  @Get()
  @Header('cache-control', 'no-store')
  current(@Headers() headers: Record<string, string>): SessionAnswer {
    const session = signedInBy(this.deps.keys, headers, this.deps.clock.now());
    if (!session) throw new ApiError('unauthorized', 'nobody has signed in with this browser', { fix: 'POST /api/session' });
    return answerOf(session);
  }

  @Delete()
  @HttpCode(204)
  end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    const forged = forgedBy(request);
    if (forged) throw new ApiError('forbidden', forged);
    reply.header('set-cookie', cookieFor('', 0, isSecure(request)));
  }

  /** Counts tries that fail by the address they come from, and looks at none that comes too soon. */
  private entryFor(asked: SignIn, { ip, headers }: FastifyRequest, now: number): Entry {
    const { clock } = this.deps;
    const waitMs = this.tries.waitOf(ip, clock.monotonic());
    if (waitMs > 0) {
      const fix = `wait ${Math.ceil(waitMs / 1_000)} s`;
      throw new ApiError('rate_limited', `too many tries to sign in failed from this address; ${fix}`, { fix, retryAfterMs: waitMs });
    }
    const session = signedInBy(this.deps.keys, headers, now);
    const own = session && !isShared(session) ? session : null;
    const entry = 'api_key' in asked ? this.byKey(asked.api_key, now) : 'link' in asked ? this.byLink(asked, own, now) : this.byShare(asked, own, now);
    if (entry) return entry;
    this.tries.failed(ip, clock.monotonic());
    throw 'api_key' in asked
      ? new ApiError('unauthorized', 'unknown API key')
      : new ApiError('unauthorized', 'this link is over, or not one of ours', { fix: 'ask for another one, or sign in with an API key' });
  } // prettier-ignore

  private byKey(key: string, now: number): Entry | null {
    const known = this.deps.keys.entryOf(key);
    return known && this.newSession(known, now, known.grant.scopes);
  }

  private byLink({ link, replace }: { readonly link: string; readonly replace: boolean }, own: SignedIn | null, now: number): Entry | null {
    const { keys } = this.deps;
    const accepted = acceptTicket(keys, link, 'link', now);
    const known = accepted && keys.entryById(accepted.ticket.key);
    if (!known) return null;
    if (own?.grant.tenant !== known.grant.tenant && !replace) this.refuseToReplace(own, known.grant.tenant);
    if (!this.usedLinks.use(accepted.ticket.id, accepted.ticket.expires, now))
      throw new ApiError('unauthorized', 'this link was used already', { fix: 'sign in with an API key' });
    return this.newSession(known, now, accepted.grant.scopes);
  } // prettier-ignore

  /** Whoever may read what was shared anyhow keeps the own session. */
  private byShare({ share, replace }: { readonly share: string; readonly replace: boolean }, own: SignedIn | null, now: number): Entry | null {
    const { keys, logger } = this.deps;
    const accepted = acceptTicket(keys, share, 'share', now);
    const known = accepted && keys.entryById(accepted.ticket.key);
    if (!known) return null;
    const { ticket: { id, expires, tenant, path }, grant } = accepted;
    if (own?.grant.tenant === tenant && permit(own.grant, 'read').ok) return { session: own, path };
    if (!replace) this.refuseToReplace(own, tenant);
    if (this.openedShares.use(id, expires, now)) logger.info('shared_view_opened', { tenant, key: known.grant.name, page: pageOf(path), share: id });
    return this.entryOf(issueTicket(known, { use: 'shared', id, expires, tenant, scopes: grant.scopes }), 'shared', now, path);
  } // prettier-ignore

  /** Nobody is moved to another tenant by following a link, without being asked. */
  private refuseToReplace(own: SignedIn | null, tenant: string): void {
    if (!own) return;
    const { grant } = own;
    throw new ApiError('invalid', `replace: this browser is signed in to the tenant ${grant.tenant} with the key ${grant.name}, and the link is of the tenant ${tenant}; send true to end that session`, { parameter: 'replace', fix: 'send true to end that session' });
  } // prettier-ignore

  private newSession(known: KnownKey, now: number, scopes: readonly ApiKeyScope[]): Entry {
    return this.entryOf(issueTicket(known, { use: 'session', id: newId(), expires: now + SESSION_MS, scopes }), 'session', now);
  }

  private entryOf(ticket: string, use: 'session' | 'shared', now: number, path?: string): Entry {
    const session = acceptTicket(this.deps.keys, ticket, use, now);
    if (!session) throw new TypeError('a ticket that was just made is not accepted');
    return { session, ticket, ...(path === undefined ? {} : { path }) };
  }
}
