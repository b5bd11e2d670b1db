import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { authorize, type Grant, keyOf, permit, type Verdict } from '@telltale/auth';
import { type ApiKeyScope } from '@telltale/contracts';
import { ApiError } from '@telltale/query';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { INSIGHTS, type InsightsDeps } from './deps';
import { forgedBy, isShared, signedInBy } from './sign-in/session';

/** A request that came in with a key; `tenant` is the key's. */
export type TenantRequest = FastifyRequest & {
  tenant: string;
  grant: Grant;
  /** Whether it would still be let in: what goes on for long ends with the key or the session that began it. */
  isLetIn: () => boolean;
};

const SCOPE = 'scope';
/** What a key needs for a route. */
export const NeedsScope = (scope: ApiKeyScope): MethodDecorator => SetMetadata(SCOPE, scope);
const SHARED = 'shared';
/** Opens a route to those who came by a link that somebody shared; others are closed to them, whatever scope they need. */
export const OpenToShared = (): MethodDecorator => SetMetadata(SHARED, true);

const NOT_SHARED: Verdict = {
  ok: false,
  code: 'forbidden',
  message: 'a shared link shows pages and changes nothing: this is no part of it',
  fix: 'sign in with an API key',
};

/** No key that has the route's scope, or one that is over its rate, no entry. Also counts the answers, refused ones included. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<TenantRequest>();
    const reply = http.getResponse<FastifyReply>();
    const route = request.routeOptions.url ?? 'unknown';
    reply.raw.once('close', () =>
      this.deps.metrics.count('telltale_insights_requests_total', { route, status: String(reply.raw.statusCode) }),
    );
    const scope = this.reflector.get<ApiKeyScope | undefined>(SCOPE, context.getHandler());
    if (scope === undefined) throw new TypeError(`${route} names no scope`);
    const isOpenToShared = this.reflector.get<boolean | undefined>(SHARED, context.getHandler()) === true;
    const verdict = this.verdictOn(request, scope, isOpenToShared);
    if (!verdict.ok) throw new ApiError(verdict.code, `${verdict.message}; ${verdict.fix}`, { fix: verdict.fix });
    const { grant } = verdict;
    const taken = this.deps.rates.take(grant);
    if (!taken.ok)
      throw new ApiError('rate_limited', `${taken.message}; ${taken.fix}`, { fix: taken.fix, retryAfterMs: taken.retryAfterMs });
    this.chargeAnswer(grant, reply);
    request.tenant = grant.tenant;
    request.grant = grant;
    request.isLetIn = () => this.verdictOn(request, scope, isOpenToShared).ok;
    return true;
  }

  /** By its key; a browser that has signed in has a cookie instead. */
  private verdictOn(request: FastifyRequest, scope: ApiKeyScope, isOpenToShared: boolean): Verdict {
    const { keys, clock } = this.deps;
    const key = keyOf(request.headers);
    const session = key === null ? signedInBy(keys, request.headers, clock.now()) : null;
    if (!session) return authorize(keys, key, scope);
    const forged = forgedBy(request);
    if (forged) throw new ApiError('forbidden', forged);
    if (isShared(session) && !isOpenToShared) return NOT_SHARED;
    return permit(session.grant, scope);
  }

  /** By what goes over its socket, for an answer may be a stream. */
  private chargeAnswer(grant: Grant, { raw }: FastifyReply): void {
    const { socket } = raw;
    const before = socket?.bytesWritten ?? 0;
    raw.once('close', () => this.deps.rates.charge(grant, (socket?.bytesWritten ?? 0) - before));
  }
}
