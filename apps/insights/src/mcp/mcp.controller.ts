import { Controller, Delete, Get, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { createMcpHttp, type McpHttp } from '@telltale/adapter-mcp';
import { ApiError, INSTRUCTIONS } from '@telltale/query';
import { type FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { isAllowedOrigin } from './allowed-origin';
import { createMcpHosts } from './mcp-host';

const MAX_BODY_BYTES = 256 * 1024;
const METHOD_NOT_ALLOWED = 405;
const SCOPE = 'read:metadata';

function bodyOf(body: unknown): unknown {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const fix = 'send less';
  if (bytes.length > MAX_BODY_BYTES)
    throw new ApiError('too_large', `the body is larger than ${MAX_BODY_BYTES} bytes; ${fix}`, { fix });
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    const wrong = 'send one JSON-RPC message';
    throw new ApiError('invalid', `body: is not JSON; ${wrong}`, { parameter: 'body', fix: wrong });
  }
}

/** The MCP server over streamable HTTP: each message by itself, answers as JSON. */
@Controller('mcp')
@UseGuards(ApiKeyGuard)
@UseFilters(ApiErrorFilter)
export class McpController {
  private readonly http: McpHttp = createMcpHttp({ name: 'telltale', version: '1', instructions: INSTRUCTIONS }, randomUUID);
  private readonly hostOf: ReturnType<typeof createMcpHosts>;

  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {
    this.hostOf = createMcpHosts(deps);
  }

  @Post()
  @NeedsScope(SCOPE)
  async message(@Req() request: TenantRequest, @Res() reply: FastifyReply): Promise<void> {
    this.checkOrigin(request);
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    reply.raw.once('close', onClose);
    const { tenant, grant } = request;
    const answer = await this.http.answer({
      caller: JSON.stringify([tenant, grant.name]),
      headers: request.headers,
      body: bodyOf(request.body),
      host: this.hostOf(request),
      signal: AbortSignal.any([gone.signal, this.deps.stopping]),
    });
    reply.raw.off('close', onClose);
    const body = Buffer.from(await answer.arrayBuffer());
    reply.code(answer.status);
    answer.headers.forEach((value, name) => reply.header(name, value));
    if (body.length === 0) return void reply.send();
    reply.header('content-type', 'application/json').send(body);
  }

  /** The server sends nothing by itself, so there is no stream to open. */
  @Get()
  @NeedsScope(SCOPE)
  stream(@Res() reply: FastifyReply): void {
    this.refuseMethod(reply);
  }

  /** Nothing is kept between messages, so there is no session to end. */
  @Delete()
  @NeedsScope(SCOPE)
  end(@Res() reply: FastifyReply): void {
    this.refuseMethod(reply);
  }

  private refuseMethod(reply: FastifyReply): void {
    const error = { code: 'http', message: 'only POST is answered here; send one JSON-RPC message' };
    reply.code(METHOD_NOT_ALLOWED).header('allow', 'POST').send({ error });
  }

  private checkOrigin({ headers }: TenantRequest): void {
    if (isAllowedOrigin(headers.origin, this.deps.mcpOrigins ?? [])) return;
    const fix = 'name the origin in INSIGHTS_MCP_ORIGINS of insights';
    throw new ApiError('forbidden', `web pages of this origin may not use the MCP server; ${fix}`, { fix, parameter: 'origin' });
  }
}
