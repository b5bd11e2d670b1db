import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { acceptTicket, issueTicket, type KnownKey, type SignedIn } from '@telltale/auth';
import { type ApiKeyScope } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { ApiError } from '@telltale/query';
import { randomBytes } from 'node:crypto';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiErrorFilter } from '../api-error';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { bodyOf } from '../routes/given';
import { cookieFor, forgedBy, SESSION_MS, signedInBy } from './session';
import { createUsedLinks } from './used-links';

const signIn = z.union([
  z.strictObject({ api_key: z.string().min(1).max(500) }),
  z.strictObject({ link: z.string().min(1).max(1_000) }),
]);

interface SessionAnswer {
  readonly tenant: string;
  /** Of the API key. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires_at: string;
}

const answerOf = ({ ticket, grant: { tenant, name, scopes } }: SignedIn): SessionAnswer => ({
  tenant,
  name,
  scopes,
  expires_at: isoTime(ticket.expires),
});

/** Whether the browser, or the proxy before us, came by HTTPS. */
const isSecure = ({ protocol, headers }: FastifyRequest): boolean =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https';

const newSession = (known: KnownKey, now: number, scopes: readonly ApiKeyScope[]): string =>
  issueTicket(known, { use: 'session', id: randomBytes(16).toString('hex'), expires: now + SESSION_MS, scopes });

/** Lets a browser in: an API key, or a link that is good once, becomes a cookie that no script can read and no other site can send. */
@Controller('api/session')
@UseFilters(ApiErrorFilter)
export class SessionController {
  private readonly usedLinks = createUsedLinks();

  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  @Post()
  @HttpCode(200)
  start(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): SessionAnswer {
    const forged = forgedBy(request);
    if (forged) throw new ApiError('forbidden', forged);
    const asked = signIn.safeParse(bodyOf(body));
    if (!asked.success)
      throw new ApiError('invalid', 'send {"api_key": "…"}, or {"link": "…"} from the link that telltale up prints');
    const now = this.deps.clock.now();
    const ticket = 'api_key' in asked.data ? this.byKey(asked.data.api_key, now) : this.byLink(asked.data.link, now);
    const session = acceptTicket(this.deps.keys, ticket, 'session', now);
    if (!session) throw new TypeError('a ticket that was just made is not accepted');
    reply.header('set-cookie', cookieFor(ticket, session.ticket.expires - now, isSecure(request)));
    return answerOf(session);
  }

  @Get()
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

  private byKey(key: string, now: number): string {
    const known = this.deps.keys.entryOf(key);
    if (!known) throw new ApiError('unauthorized', 'unknown API key');
    return newSession(known, now, known.grant.scopes);
  }

  private byLink(link: string, now: number): string {
    const { keys } = this.deps;
    const accepted = acceptTicket(keys, link, 'link', now);
    const known = accepted && keys.entryById(accepted.ticket.key);
    if (!known) throw new ApiError('unauthorized', 'this link is over, or not one of ours', { fix: 'sign in with an API key' });
    if (!this.usedLinks.use(accepted.ticket.id, accepted.ticket.expires, now))
      throw new ApiError('unauthorized', 'this link was used already', { fix: 'sign in with an API key' });
    return newSession(known, now, accepted.grant.scopes);
  }
}
