import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { apiError } from './api-error';
import { INSIGHTS, type InsightsDeps } from './deps';

/** A request that came in with a key; `tenant` is the key's. */
export type TenantRequest = FastifyRequest & { tenant: string };

function tokenOf(request: FastifyRequest): string | null {
  const header = request.headers['x-telltale-key'];
  if (typeof header === 'string' && header !== '') return header;
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** No key, no entry. Also counts the answers, refused ones included. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<TenantRequest>();
    const reply = http.getResponse<FastifyReply>();
    const route = request.routeOptions.url ?? 'unknown';
    reply.raw.once('close', () =>
      this.deps.metrics.count('telltale_insights_requests_total', { route, status: String(reply.raw.statusCode) }),
    );
    const token = tokenOf(request);
    const fix = 'send Authorization: Bearer <key>; an embedded home has its key in the file api-key';
    if (token === null) throw apiError('unauthorized', `no API key; ${fix}`, { fix });
    const tenant = await this.deps.auth(token);
    if (tenant === null) throw apiError('unauthorized', `this API key is not known; ${fix}`, { fix });
    request.tenant = tenant;
    return true;
  }
}
